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

    static final String INSERT =
            "insert into message (seq, id, lane, api, operation, conversation, body, hash, intake, batch, line, reply_to,"
                    + " correlation, trace, conversation_of, state, place, band, position, due, expires, attempts, tries,"
                    + " ambiguous, epoch, accepted_at, customer, sender)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?)";

    private static final String LABEL = "insert into label (value, name, seq) values (?, ?, ?)";

    private Intake() {}

    static List<Accepted> accept(Transaction transaction, List<Incoming> incoming, Arrivals arrivals) {
        List<Accepted> accepted = incoming.size() == 1
                ? List.of(Alone.accept(transaction, incoming.get(0), arrivals))
                : acceptMany(transaction, incoming, arrivals);
        Awaiting.join(transaction, incoming.stream().map(Incoming::message).toList());
        tell(transaction, accepted, incoming);
        return accepted;
    }

    private static List<Accepted> acceptMany(Transaction transaction, List<Incoming> incoming, Arrivals arrivals) {
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
                int place = place(each, arrivals, held);
                Arrival arrival = place == Queue.HEAD ? arrivals.claim(transaction, each, seq) : null;
                inserts.add(row(each, seq, now, place, arrival));
                addLabels(each.message(), seq, labels);
                handOver(transaction, each.lane(), arrival);
            }
        }
        transaction.sql().insert(INSERT, inserts);
        transaction.sql().insert(LABEL, labels);
        return accepted;
    }

    /** Lets the lane know of a message that is being written: it has claimed it, or will. */
    static void handOver(Transaction transaction, String lane, @Nullable Arrival arrival) {
        if (arrival == null) {
            transaction.wake(lane);
        } else {
            arrival.handOver(transaction);
        }
    }

    private static void tell(Transaction transaction, List<Accepted> accepted, List<Incoming> incoming) {
        var counts = new EnumMap<Accepted.Kind, Integer>(Accepted.Kind.class);
        accepted.forEach(each -> counts.merge(each.kind(), 1, Integer::sum));
        String intake = incoming.get(0).source().intake();
        counts.forEach((kind, count) -> transaction.tell(listener -> listener.cameIn(intake, kind.toString(), count)));
    }

    /** Writes what a message is searched by beside its columns. */
    static void label(Transaction transaction, Message message, long seq) {
        var labels = new ArrayList<@Nullable Object[]>();
        addLabels(message, seq, labels);
        transaction.sql().insert(LABEL, labels);
    }

    private static void addLabels(Message message, long seq, List<@Nullable Object[]> labels) {
        message.json()
                .path("labels")
                .properties()
                .forEach(label ->
                        labels.add(new @Nullable Object[] {label.getValue().asText(), label.getKey(), seq}));
    }

    static Accepted.Kind kind(String hash, @Nullable String earlier) {
        return earlier == null
                ? Accepted.Kind.NEW
                : earlier.equals(hash) ? Accepted.Kind.DUPLICATE : Accepted.Kind.CONFLICT;
    }

    /** Returns the hashes of those that are there already, by their ids. */
    static Map<String, String> hashes(Transaction transaction, List<Incoming> incoming) {
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
            String conversation = each.conversation();
            if (conversation != null) {
                asked.computeIfAbsent(new Conversation(each.lane(), each.api(), ""), any -> new ArrayList<>())
                        .add(conversation);
            }
        });
        var held = new HashSet<Conversation>();
        asked.forEach((of, conversations) -> Queue.held(transaction, of.lane, of.api, conversations)
                .forEach(conversation -> held.add(new Conversation(of.lane, of.api, conversation))));
        return held;
    }

    private static int place(Incoming incoming, Arrivals arrivals, Set<Conversation> held) {
        Message message = incoming.message();
        String conversation = incoming.conversation();
        if (conversation == null || message.notBefore() != null || !arrivals.owns(incoming.lane())) {
            return placeAlone(message);
        }
        boolean first = held.add(new Conversation(incoming.lane(), incoming.api(), conversation));
        return first ? Queue.HEAD : Queue.BEHIND;
    }

    /**
     * Returns the place of a message that has nothing to do with others for now. Messages of a lane that another process owns are
     * only appended; the owner places them.
     */
    static int placeAlone(Message message) {
        if (message.conversationOf() != null) {
            return Queue.AWAITS;
        }
        if (message.notBefore() != null) {
            return Queue.NOT_BEFORE;
        }
        return message.conversationId() == null ? Queue.HEAD : Queue.NEW;
    }

    /** Returns the values of a row. */
    static @Nullable Object[] row(Incoming incoming, long seq, long now, int place, @Nullable Arrival arrival) {
        Message message = incoming.message();
        Incoming.Source source = incoming.source();
        var notBefore = message.notBefore();
        return new @Nullable Object[] {
            seq,
            message.id(),
            incoming.lane(),
            incoming.api(),
            message.operation(),
            incoming.conversation(),
            incoming.body(),
            incoming.hash(),
            source.intake(),
            source.batch(),
            source.line(),
            source.replyTo(),
            source.correlation(),
            source.trace(),
            message.conversationOf(),
            arrival == null ? "accepted" : "sending",
            arrival == null ? place : Queue.SENDING,
            source.batch() == null ? Queue.SINGLE : Queue.OF_A_BATCH,
            seq,
            notBefore == null ? Clock.steady() : notBefore.toEpochMilli(),
            incoming.expiresAt(),
            arrival == null ? 0 : 1,
            arrival == null ? 0L : arrival.claimed().epoch(),
            now,
            message.text("customerId"),
            source.sender()
        };
    }
}
