package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what messages hold: fields, requests, answers, results, labels, and what of that has still to go out. What stays
 * says that a message was there and what became of it; by its hash the same message is known when it comes again.
 */
final class Erasure {

    /** Why what had not been sent of a customer was discarded. */
    static final String ON_REQUEST = "erased on request";

    private static final List<String> STAYS = List.of("class", "api", "code", "mayHaveBeenSent");
    private static final String KEPT = "select seq, id, body, failure from message where ";
    private static final String ERASE =
            "update message set body = null, result = null, failure = ?, conversation = null,"
                    + " customer = null, reply_to = null, correlation = null, trace = null,"
                    + " reason = case when reason = '" + ON_REQUEST + "' then reason end, erased_at = ?, erase = 0"
                    + " where seq = ? and place is null";

    private Erasure() {}

    /** What a message holds that has to do with more than itself. */
    private record Kept(
            long seq,
            String id,
            @Nullable String body,
            @Nullable String failure) {
        private static Kept of(ResultSet row) throws SQLException {
            return new Kept(row.getLong(1), row.getString(2), row.getString(3), row.getString(4));
        }

        /** Returns what stays of why it failed. */
        private @Nullable String cause() {
            return View.json(failure) instanceof ObjectNode cause
                    ? cause.retain(STAYS).toString()
                    : null;
        }
    }

    /** Erases finished messages. */
    static void of(Transaction transaction, List<Long> messages) {
        var found = new ArrayList<Kept>();
        messages.forEach(seq -> found.addAll(transaction.sql().list(KEPT + "seq = ?", Kept::of, seq)));
        erase(transaction, found);
    }

    private static void erase(Transaction transaction, List<Kept> messages) {
        if (messages.isEmpty()) {
            return;
        }
        transaction.erases();
        long now = Clock.now();
        var labels = new ArrayList<@Nullable Object[]>();
        messages.forEach(each -> addLabels(each, labels));
        transaction.sql().batch("delete from label where value = ? and name = ? and seq = ?", labels);
        transaction
                .sql()
                .batch(
                        "update attempt set message = null, request = null, answer = null where seq = ?",
                        numbers(messages));
        transaction
                .sql()
                .batch(
                        ERASE,
                        messages.stream()
                                .map(each -> new @Nullable Object[] {each.cause(), now, each.seq})
                                .toList());
        goingOut(transaction, messages).forEach(out -> {
            Optional<ObjectNode> view = View.find(transaction.handle(), out.subject);
            transaction
                    .sql()
                    .update(
                            "update outbox set body = ? where seq = ?",
                            view.map(JsonNode::toString).orElse("{}"),
                            out.seq);
        });
    }

    private static void addLabels(Kept message, List<@Nullable Object[]> labels) {
        View.json(message.body)
                .path("labels")
                .properties()
                .forEach(label ->
                        labels.add(new @Nullable Object[] {label.getValue().asText(), label.getKey(), message.seq}));
    }

    private static List<@Nullable Object[]> numbers(List<Kept> messages) {
        return messages.stream().map(each -> new @Nullable Object[] {each.seq}).toList();
    }

    private record GoingOut(long seq, String subject) {}

    /** Returns replies and dead letters that have not gone out, or never will. */
    private static List<GoingOut> goingOut(Transaction transaction, List<Kept> messages) {
        return transaction
                .sql()
                .listIn(
                        "select seq, subject from outbox where subject in (?*)"
                                + " and (topic like 'dead-letters:%' or topic = 'outbox:replies')",
                        row -> new GoingOut(row.getLong(1), row.getString(2)),
                        messages.stream().map(Kept::id).toList());
    }

    /** Erases some of what was done by a time; returns how many. Dead letters and uncertain messages are not done. */
    static int bodies(Transaction transaction, long until, int most) {
        List<Kept> old = done(transaction, "erased_at is null", until, most);
        erase(transaction, old);
        return old.size();
    }

    /** Takes away some of what has been erased and was done by a time, with all that belongs to it; returns how many. */
    static int rows(Transaction transaction, long until, int most) {
        List<Kept> old = done(transaction, "erased_at is not null", until, most);
        goingOut(transaction, old)
                .forEach(out -> transaction.sql().update("delete from outbox where seq = ?", out.seq));
        transaction.sql().batch("delete from attempt where seq = ?", numbers(old));
        transaction.sql().batch("delete from message where seq = ?", numbers(old));
        return old.size();
    }

    /** The index of what is to be erased, or of what has been, is in the order of the times. */
    static String doneSql(String which) {
        return KEPT + which + " and state || '' in ('delivered', 'discarded', 'replaced')"
                + " and coalesce(discarded_at, finished_at) <= ? order by coalesce(discarded_at, finished_at) limit ?";
    }

    private static List<Kept> done(Transaction transaction, String which, long until, int most) {
        return transaction.sql().list(doneSql(which), Kept::of, until, most);
    }

    /** Discards and erases some of what a lane has not sent and was asked to erase; returns how many. For the lane's owner. */
    static int discardMarked(Transaction transaction, String lane, int most) {
        List<Long> marked = transaction.sql().list(markedSql(), row -> row.getLong(1), lane, most);
        marked.forEach(seq -> discard(transaction, seq));
        return marked.size();
    }

    static String markedSql() {
        return "select seq from message where lane = ? and erase = 1 and place is not null and place in (0, 1, 2, 3, 5, 6)"
                + " limit ?";
    }

    static boolean hasMarked(Handle handle, String lane) {
        return handle.createQuery("select 1 from message where lane = :lane and erase = 1 and place is not null"
                        + " and place in (0, 1, 2, 3, 5, 6) limit 1")
                .bind("lane", lane)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent();
    }

    /** Discards what is marked and has not been sent; that erases it. */
    private static void discard(Transaction transaction, long seq) {
        Finish.Current current = Finish.current(transaction, seq);
        if (current != null) {
            Finish.write(transaction, current, Outcome.DISCARDED);
        }
    }

    /** Erases some of a customer's messages, and of those in the same conversations that name no customer. */
    static Erased customer(Transaction transaction, Owners owners, String customer, @Nullable String vendor, int most) {
        int erased = 0;
        int discarded = 0;
        int pending = 0;
        for (long seq : Customers.find(transaction, customer, vendor, most)) {
            Finish.Current message = Finish.current(transaction, seq);
            if (message == null) {
                continue;
            }
            if (message.state().finished()) {
                giveUp(transaction, message);
                of(transaction, List.of(seq));
                erased++;
                continue;
            }
            transaction.sql().update("update message set erase = 1 where seq = ?", seq);
            if (message.state() != State.SENDING && owners.ownsForNow(transaction, message.lane())) {
                discard(transaction, seq);
                discarded++;
            } else {
                transaction.wake(message.lane());
                pending++;
            }
        }
        return new Erased(erased, discarded, pending);
    }

    /** Takes what holds nothing any more off the dead letters: it cannot be sent again. */
    static void giveUp(Transaction transaction, Finish.Current message) {
        if (Filter.FAILED.contains(message.state())) {
            Mend.discard(transaction, message, ON_REQUEST);
        }
    }
}
