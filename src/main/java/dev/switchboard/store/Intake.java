package dev.switchboard.store;

import dev.switchboard.message.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes messages that come in, each once. */
final class Intake {

    private static final String INSERT =
            "insert into message (seq, id, lane, api, operation, conversation, body, hash, intake, batch, line, reply_to,"
                    + " correlation, trace, state, place, band, position, due, expires, attempts, tries, ambiguous, epoch,"
                    + " accepted_at, customer, sender) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'accepted', ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?)";

    private Intake() {}

    static List<Accepted> accept(Transaction transaction, List<Incoming> incoming, Owners owners) {
        Map<String, String> known = hashes(transaction, incoming);
        Set<Conversation> held = held(transaction, incoming);
        var accepted = new ArrayList<Accepted>();
        var inserts = new ArrayList<@Nullable Object[]>();
        var labels = new ArrayList<@Nullable Object[]>();
        long now = Clock.now();
        for (Incoming each : incoming) {
            String earlier = known.putIfAbsent(each.message().id(), each.hash());
            accepted.add(new Accepted(each.message().id(), kind(each.hash(), earlier), now));
            if (earlier == null) {
                long seq = transaction.nextSeq();
                inserts.add(row(each, seq, now, place(each, owners, held)));
                addLabels(each.message(), seq, labels);
                transaction.wake(each.message().lane());
            }
        }
        transaction.sql().batch(INSERT, inserts);
        transaction.sql().batch("insert into label (value, name, seq) values (?, ?, ?)", labels);
        tell(transaction, accepted, incoming);
        return accepted;
    }

    private static void tell(Transaction transaction, List<Accepted> accepted, List<Incoming> incoming) {
        var counts = new EnumMap<Accepted.Kind, Integer>(Accepted.Kind.class);
        accepted.forEach(each -> counts.merge(each.kind(), 1, Integer::sum));
        String intake = incoming.get(0).source().intake();
        counts.forEach((kind, count) -> transaction.tell(listener -> listener.cameIn(intake, kind.toString(), count)));
    }

    private static void addLabels(Message message, long seq, List<@Nullable Object[]> labels) {
        message.json()
                .path("labels")
                .properties()
                .forEach(label ->
                        labels.add(new @Nullable Object[] {label.getValue().asText(), label.getKey(), seq}));
    }

    private static Accepted.Kind kind(String hash, @Nullable String earlier) {
        return earlier == null
                ? Accepted.Kind.NEW
                : earlier.equals(hash) ? Accepted.Kind.DUPLICATE : Accepted.Kind.CONFLICT;
    }

    private static Map<String, String> hashes(Transaction transaction, List<Incoming> incoming) {
        List<String> ids = incoming.stream().map(each -> each.message().id()).toList();
        var known = new HashMap<String, String>();
        transaction
                .sql()
                .listIn(
                        "select id, hash from message where id in (?*)",
                        row -> Map.entry(row.getString(1), row.getString(2)),
                        ids)
                .forEach(found -> known.put(found.getKey(), found.getValue()));
        return known;
    }

    private record Conversation(String lane, String api, String id) {}

    /** Returns the conversations that a head is there for, be it one that has no place yet. */
    private static Set<Conversation> held(Transaction transaction, List<Incoming> incoming) {
        var asked = new HashMap<Conversation, List<String>>();
        incoming.forEach(each -> {
            String conversation = each.message().conversationId();
            if (conversation != null) {
                asked.computeIfAbsent(new Conversation(each.message().lane(), each.api(), ""), any -> new ArrayList<>())
                        .add(conversation);
            }
        });
        var held = new HashSet<Conversation>();
        asked.forEach((of, conversations) -> Queue.held(transaction, of.lane, of.api, conversations)
                .forEach(conversation -> held.add(new Conversation(of.lane, of.api, conversation))));
        return held;
    }

    /** Messages of a lane that another process owns are only appended; the owner places them. */
    private static int place(Incoming incoming, Owners owners, Set<Conversation> held) {
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
        boolean first = held.add(new Conversation(message.lane(), incoming.api(), conversation));
        return first ? Queue.HEAD : Queue.BEHIND;
    }

    private static @Nullable Object[] row(Incoming incoming, long seq, long now, int place) {
        Message message = incoming.message();
        Incoming.Source source = incoming.source();
        var notBefore = message.notBefore();
        var expiresAt = message.expiresAt();
        return new @Nullable Object[] {
            seq,
            message.id(),
            message.lane(),
            incoming.api(),
            message.operation(),
            message.conversationId(),
            incoming.body(),
            incoming.hash(),
            source.intake(),
            source.batch(),
            source.line(),
            source.replyTo(),
            source.correlation(),
            source.trace(),
            place,
            source.batch() == null ? Queue.SINGLE : Queue.OF_A_BATCH,
            seq,
            notBefore == null ? Clock.steady() : notBefore.toEpochMilli(),
            expiresAt == null ? incoming.expires() : expiresAt.toEpochMilli(),
            now,
            message.text("customerId"),
            source.sender()
        };
    }
}
