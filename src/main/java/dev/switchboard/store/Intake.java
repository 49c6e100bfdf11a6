package dev.switchboard.store;

import dev.switchboard.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Writes messages that come in, each once. */
final class Intake {

    private static final String INSERT =
            "insert into message (seq, id, lane, api, operation, conversation, body, hash, intake, batch,"
                    + " line, reply_to, correlation, trace, state, place, band, position, due, expires, attempts, tries, ambiguous, epoch, accepted_at)"
                    + " values (:seq, :id, :lane, :api, :operation, :conversation, :body, :hash, :intake, :batch, :line, :replyTo,"
                    + " :correlation, :trace, 'accepted', :place, :band, :seq, :due, :expires, 0, 0, 0, 0, :now)";

    private Intake() {}

    static List<Accepted> accept(Transaction transaction, List<Incoming> incoming, Owners owners) {
        Map<String, String> known = hashes(transaction.handle(), incoming);
        var heads = new HashSet<String>();
        var accepted = new ArrayList<Accepted>();
        PreparedBatch inserts = transaction.handle().prepareBatch(INSERT);
        for (Incoming each : incoming) {
            String hash = each.message().hash();
            String earlier = known.putIfAbsent(each.message().id(), hash);
            accepted.add(new Accepted(each.message().id(), kind(hash, earlier)));
            if (earlier == null) {
                bind(inserts, each, hash, transaction.nextSeq(), place(transaction.handle(), each, owners, heads));
                transaction.wake(each.message().lane());
            }
        }
        if (inserts.size() > 0) {
            inserts.execute();
        }
        return accepted;
    }

    private static Accepted.Kind kind(String hash, @Nullable String earlier) {
        return earlier == null
                ? Accepted.Kind.NEW
                : earlier.equals(hash) ? Accepted.Kind.DUPLICATE : Accepted.Kind.CONFLICT;
    }

    private static Map<String, String> hashes(Handle handle, List<Incoming> incoming) {
        var known = new HashMap<String, String>();
        handle.createQuery("select id, hash from message where id in (<ids>)")
                .bindList(
                        "ids",
                        incoming.stream().map(each -> each.message().id()).toList())
                .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
    }

    /** Messages of a lane that another process owns are only appended; the owner places them. */
    private static int place(Handle handle, Incoming incoming, Owners owners, Set<String> heads) {
        Message message = incoming.message();
        if (message.notBefore() != null) {
            return Queue.NOT_BEFORE;
        }
        String conversation = message.conversationId();
        if (conversation == null) {
            return Queue.HEAD;
        }
        if (!owners.owns(message.lane())) {
            return Queue.NEW;
        }
        boolean first = heads.add(message.lane() + "/" + incoming.api() + "/" + conversation);
        return first && !Queue.held(handle, message.lane(), incoming.api(), conversation) ? Queue.HEAD : Queue.BEHIND;
    }

    private static void bind(PreparedBatch inserts, Incoming incoming, String hash, long seq, int place) {
        Message message = incoming.message();
        long now = Clock.now();
        var notBefore = message.notBefore();
        var expiresAt = message.expiresAt();
        inserts.bind("seq", seq)
                .bind("id", message.id())
                .bind("lane", message.lane())
                .bind("api", incoming.api())
                .bind("operation", message.operation())
                .bind("conversation", message.conversationId())
                .bind("body", message.json().toString())
                .bind("hash", hash)
                .bind("intake", incoming.source().intake())
                .bind("batch", incoming.source().batch())
                .bind("line", incoming.source().line())
                .bind("replyTo", incoming.source().replyTo())
                .bind("correlation", incoming.source().correlation())
                .bind("trace", incoming.source().trace())
                .bind("place", place)
                .bind("band", incoming.source().batch() == null ? 0 : 1)
                .bind("due", notBefore == null ? Clock.steady() : notBefore.toEpochMilli())
                .bind("expires", expiresAt == null ? incoming.expires() : expiresAt.toEpochMilli())
                .bind("now", now)
                .add();
    }
}
