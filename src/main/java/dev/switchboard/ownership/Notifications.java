package dev.switchboard.ownership;

import dev.switchboard.database.Sql;
import java.util.List;

/** What instances tell each other through the database, when a commit is on disk. */
final class Notifications {

    static final String CHANNEL = "switchboard";
    /** All instances are to look at the lanes and at each other. */
    static final String LOOK = "";
    /** All who wait for anything are to look. */
    static final String EVERYONE = "*";

    private Notifications() {}

    static void send(Sql sql, List<String> names) {
        sql.listIn(
                "select pg_notify('" + CHANNEL + "', name) from (values (?)*) as waiting (name)", row -> true, names);
    }

    static void haveAllLook(Sql sql) {
        send(sql, List.of(LOOK));
    }
}
