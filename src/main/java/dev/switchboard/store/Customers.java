package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what is a customer's. */
final class Customers {

    private static final String UNMARKED = " and lane >= ? and lane < ? and not exists (select 1 from work"
            + " where work.lane = message.lane and work.seq = message.seq and erase = 1)";
    private static final String SELECT = "select seq, lane, conversation, id from message where ";

    /** Those for the conversation that a message begins. */
    static final String FOLLOWING = SELECT + "conversation_of = ? and customer is null" + UNMARKED;
    /** Those that name the customer. */
    static final String NAMED = SELECT + "customer = ?" + UNMARKED + " order by seq limit ?";
    /** Those of a conversation that name no one. */
    static final String UNNAMED = SELECT + "conversation = ? and customer is null" + UNMARKED;

    /** Those that were sent instead of others, and those others, whatever vendor they are for. */
    private static final String FALLBACKS =
            SELECT + "body is not null and seq in (select fallback.seq from fallback where original in (?*))";

    private static final String ORIGINALS =
            SELECT + "body is not null and seq in (select original from fallback where fallback.seq in (?*))";

    private Customers() {}

    record Found(long seq, String lane, @Nullable String conversation, String id) {
        private String vendor() {
            return lane.substring(0, lane.indexOf('/'));
        }
    }

    private record Conversation(String vendor, String id) {}

    /**
     * Returns some of a customer's messages that are not marked to be erased; with them go those of the same conversations
     * that name no customer, such as transcripts, those that wait for one of them, and fallbacks.
     */
    static Collection<Found> find(Sql sql, String customer, @Nullable String vendor, int most) {
        Map<Long, Found> all = new LinkedHashMap<>();
        var conversations = new LinkedHashSet<Conversation>();
        String from = vendor == null ? "" : vendor + "/";
        String to = vendor == null ? "~" : vendor + "0";
        for (Found each : sql.list(NAMED, Row.as(Found.class), customer, from, to, most)) {
            // before it: its end would be theirs
            add(all, sql.list(FOLLOWING, Row.as(Found.class), each.id, each.vendor() + "/", each.vendor() + "0"));
            add(all, List.of(each));
            if (each.conversation != null) {
                conversations.add(new Conversation(each.vendor(), each.conversation));
            }
        }
        conversations.forEach(each ->
                add(all, sql.list(UNNAMED, Row.as(Found.class), each.id, each.vendor + "/", each.vendor + "0")));
        List<Long> found = List.copyOf(all.keySet());
        add(all, sql.listIn(FALLBACKS, Row.as(Found.class), found));
        add(all, sql.listIn(ORIGINALS, Row.as(Found.class), found));
        return all.values();
    }

    private static void add(Map<Long, Found> all, List<Found> some) {
        some.forEach(each -> all.putIfAbsent(each.seq, each));
    }
}
