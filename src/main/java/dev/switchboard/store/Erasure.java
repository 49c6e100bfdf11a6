package dev.switchboard.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Json;
import dev.switchboard.message.State;
import dev.switchboard.ownership.Owners;
import dev.switchboard.queue.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes away what messages hold: fields, requests, answers, results, labels, and what of that has still to go out. What stays
 * says that a message was there and the outcome of it; by its hash the same message is known when it comes again.
 */
final class Erasure {

    /** Why what had not been sent of a customer was discarded. */
    static final String ON_REQUEST = "erased on request";

    private static final List<String> STAYS = List.of("class", "api", "code", "deadLetter", "mayHaveBeenSent");

    /** A commit has erased something, which is not to stay in the files either. */
    static final class Trace {}

    private Erasure() {}

    /** What a message holds that has to do with more than itself. */
    private record Kept(
            long seq,
            String id,
            @Nullable String body,
            @Nullable String failure) {
        /** Returns what stays of why it failed. */
        private @Nullable String cause() {
            return Json.parse(failure) instanceof ObjectNode cause
                    ? cause.retain(STAYS).toString()
                    : null;
        }
    }

    private static List<Kept> kept(Sql sql, List<Long> messages) {
        return sql
                .listIn(
                        "select message.seq, id, body, failure from message join outcome on outcome.seq = message.seq"
                                + " where message.seq in (?*)",
                        Row.as(Kept.class),
                        messages)
                .stream()
                .distinct()
                .toList();
    }

    /** Erases finished messages. */
    static void erase(Transaction transaction, List<Long> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        transaction.part(Trace.class, Trace::new);
        Sql sql = transaction.sql();
        List<Kept> messages = kept(sql, numbers);
        var labels = new ArrayList<@Nullable Object[]>();
        messages.forEach(each -> addLabels(each, labels));
        sql.batch("delete from label where value = ? and name = ? and seq = ?", labels);
        sql.updateIn(
                "update attempt set answer_message = null, request = null, answer = null where seq in (?*)", numbers);
        sql.updateIn(
                "update message set body = null, conversation = null, conversation_of = null, customer = null,"
                        + " reply_to = null, correlation = null, trace = null where seq in (?*)",
                numbers);
        sql.batch(
                "update outcome set result = null, failure = ?, answer_message = null, request = null, answer = null,"
                        + " reason = case when reason = '" + ON_REQUEST
                        + "' then reason end, erased_at = ? where seq = ?",
                messages.stream()
                        .map(each -> new @Nullable Object[] {each.cause(), Clock.now(), each.seq})
                        .toList());
        goingOut(sql, messages.stream().map(Kept::id).toList())
                .forEach(out -> sql.update(
                        "update outbox set body = ? where seq = ?",
                        View.find(sql, out.subject).map(JsonNode::toString).orElse("{}"),
                        out.seq));
    }

    private static void addLabels(Kept message, List<@Nullable Object[]> labels) {
        Json.parse(message.body)
                .path("labels")
                .properties()
                .forEach(label ->
                        labels.add(new @Nullable Object[] {label.getValue().asText(), label.getKey(), message.seq}));
    }

    private record GoingOut(long seq, String subject) {}

    /** Returns replies and dead letters that have not gone out, or never will. */
    private static List<GoingOut> goingOut(Sql sql, List<String> ids) {
        return sql.listIn(
                "select seq, subject from outbox where subject in (?*)"
                        + " and (topic like 'dead-letters:%' or topic = 'outbox:replies')",
                Row.as(GoingOut.class), ids);
    }

    /** Takes finished messages away, with all that belongs to them. */
    static void remove(Transaction transaction, List<Long> numbers) {
        if (numbers.isEmpty()) {
            return;
        }
        Sql sql = transaction.sql();
        List<String> ids = kept(sql, numbers).stream().map(Kept::id).toList();
        goingOut(sql, ids).forEach(out -> sql.update("delete from outbox where seq = ?", out.seq));
        sql.updateIn("delete from attempt where seq in (?*)", numbers);
        sql.updateIn("delete from outcome where seq in (?*)", numbers);
        sql.updateIn("delete from message where seq in (?*)", numbers);
        sql.updateIn("delete from fallback where seq in (?*)", numbers);
        sql.updateIn("delete from identity where id in (?*)", ids);
    }

    /** Erases a message that has just ended, as someone has asked for meanwhile; what goes out is without what it held. */
    static void onRequest(Transaction transaction, long seq, State state) {
        if (state == State.DISCARDED) {
            transaction.update(
                    "update outcome set reason = ?, discarded_at = ?, late = 1 where seq = ?",
                    ON_REQUEST,
                    Clock.now(),
                    seq);
        }
        erase(transaction, List.of(seq));
    }

    /** Takes a customer out of what replays were asked for. */
    static int requests(Transaction transaction, String customer) {
        String named = Json.MAPPER.getNodeFactory().textNode(customer).toString();
        String same = "replace(request, ?, '\"***\"')";
        return transaction.update("update replay set request = " + same + " where request <> " + same, named, named);
    }

    /** Takes what holds nothing any more off the dead letters: it cannot be sent again. */
    static void giveUp(Transaction transaction, Finished message) {
        if (Filter.FAILED.contains(message.state())) {
            OperatorActions.discard(transaction, message, ON_REQUEST);
        }
    }

    /** Discards some of what a lane has not sent and was asked to erase; that erases it. Returns how many. For the lane's owner. */
    static int discardMarked(Transaction transaction, String lane, int most) {
        List<Work> marked = Work.list(transaction.sql(), MARKED + " limit ?", lane, most);
        OutcomeWriter.discard(transaction, marked);
        return marked.size();
    }

    static final String MARKED = "work.lane = ? and erase = 1 and " + Stage.SENDING.isNot();

    /** Erases some of a customer's messages, and of those in the same conversations that name no customer. */
    static Erased customer(Transaction transaction, Owners owners, String customer, @Nullable String vendor, int most) {
        Sql sql = transaction.sql();
        int erased = 0;
        int discarded = 0;
        int pending = 0;
        for (Customers.Found each : Customers.find(sql, customer, vendor, most)) {
            Finished ended = Finished.find(sql, each.seq()).orElse(null);
            if (ended != null) {
                giveUp(transaction, ended);
                erase(transaction, List.of(each.seq()));
                erased++;
                continue;
            }
            sql.update("update work set erase = 1 where lane = ? and seq = ?", each.lane(), each.seq());
            Work work = Work.find(sql, each.lane(), each.seq()).orElse(null);
            if (work != null && work.stage() != Stage.SENDING && owners.ownsForNow(transaction, each.lane())) {
                OutcomeWriter.discard(transaction, List.of(work));
                discarded++;
            } else {
                transaction.wake(each.lane());
                pending++;
            }
        }
        return new Erased(erased, discarded, pending);
    }
}
