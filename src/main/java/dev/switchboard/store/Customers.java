package dev.switchboard.store;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what is a customer's. */
final class Customers {

    private Customers() {}

    private record Found(long seq, String vendor, @Nullable String conversation, String id) {}

    /**
     * Returns some of a customer's messages that are not marked to be erased; with them go those of the same conversations
     * that name no customer, such as transcripts, and those that wait for one of them.
     */
    static Set<Long> find(Transaction transaction, String customer, @Nullable String vendor, int most) {
        var all = new LinkedHashSet<Long>();
        var conversations = new LinkedHashSet<List<String>>();
        for (Found each : named(transaction, customer, vendor, most)) {
            // before it: its end would be theirs
            all.addAll(transaction
                    .sql()
                    .list(followingSql(), row -> row.getLong(1), each.id, each.vendor + "/", each.vendor + "0"));
            all.add(each.seq);
            if (each.conversation != null) {
                conversations.add(List.of(each.vendor, each.conversation));
            }
        }
        conversations.forEach(each -> all.addAll(transaction
                .sql()
                .list(unnamedSql(), row -> row.getLong(1), each.get(1), each.get(0) + "/", each.get(0) + "0")));
        return all;
    }

    static String followingSql() {
        return "select seq from message where conversation_of = ? and customer is null and erase = 0"
                + " and lane || '' >= ? and lane || '' < ?";
    }

    static String namedSql() {
        return "select seq, lane, conversation, id from message where customer = ? and erase = 0"
                + " and lane || '' >= ? and lane || '' < ? order by seq limit ?";
    }

    static String unnamedSql() {
        return "select seq from message where conversation = ? and customer is null and erase = 0"
                + " and lane || '' >= ? and lane || '' < ?";
    }

    private static List<Found> named(Transaction transaction, String customer, @Nullable String vendor, int most) {
        return transaction
                .sql()
                .list(
                        namedSql(),
                        row -> new Found(
                                row.getLong(1),
                                row.getString(2).substring(0, row.getString(2).indexOf('/')),
                                row.getString(3),
                                row.getString(4)),
                        customer,
                        vendor == null ? "" : vendor + "/",
                        vendor == null ? "~" : vendor + "0",
                        most);
    }
}
