package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps messages that come in, each once. */
final class Intake {

    static final String IDENTITY = "insert into identity (id, seq, hash) values (?, ?, ?)";
    private static final String MESSAGE =
            "insert into message (seq, id, lane, api, operation, conversation, conversation_of, customer, sender, body, intake,"
                    + " batch, line, reply_to, correlation, trace, accepted_at)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String LABEL = "insert into label (value, name, seq) values (?, ?, ?)";

    private final Transaction transaction;
    private final Arrivals arrivals;
    private final long now = Clock.now();
    private final List<@Nullable Object[]> messages = new ArrayList<>();
    private final List<@Nullable Object[]> work = new ArrayList<>();
    private final List<@Nullable Object[]> labels = new ArrayList<>();

    private Intake(Transaction transaction, Arrivals arrivals) {
        this.transaction = transaction;
        this.arrivals = arrivals;
    }

    /** Keeps messages; says of each whether it is new. */
    static List<Accepted> accept(Transaction transaction, List<Incoming> incoming, Arrivals arrivals) {
        var intake = new Intake(transaction, arrivals);
        List<Accepted> accepted =
                incoming.size() == 1 ? List.of(intake.acceptOne(incoming.get(0))) : intake.acceptMany(incoming);
        Sql sql = transaction.sql();
        sql.insert(MESSAGE, intake.messages);
        sql.insert(Work.INSERT, intake.work);
        sql.insert(LABEL, intake.labels);
        Awaiting.join(transaction, incoming.stream().map(Incoming::message).toList());
        tell(transaction, accepted, incoming);
        return accepted;
    }

    private static void tell(Transaction transaction, List<Accepted> accepted, List<Incoming> incoming) {
        var counts = new EnumMap<Accepted.Kind, Integer>(Accepted.Kind.class);
        accepted.forEach(each -> counts.merge(each.kind(), 1, Integer::sum));
        String intake = incoming.get(0).source().intake();
        counts.forEach(
                (kind, count) -> News.add(transaction, listener -> listener.cameIn(intake, kind.toString(), count)));
    }

    /** The statement that inserts the id looks for it by itself. */
    private Accepted acceptOne(Incoming incoming) {
        String id = incoming.message().id();
        long seq = transaction.nextSeq();
        boolean fresh = transaction.update(IDENTITY + " on conflict (id) do nothing", id, seq, incoming.hash()) == 1;
        if (fresh) {
            keep(incoming, seq, stageOfOne(incoming));
        }
        String earlier =
                fresh ? null : hashes(transaction.sql(), List.of(incoming)).get(id);
        return new Accepted(id, kind(incoming.hash(), earlier), now);
    }

    private List<Accepted> acceptMany(List<Incoming> incoming) {
        Map<String, String> known = hashes(transaction.sql(), incoming);
        Set<Conversation> withFront = withFront(incoming);
        var accepted = new ArrayList<Accepted>();
        var identities = new ArrayList<@Nullable Object[]>();
        for (Incoming each : incoming) {
            String id = each.message().id();
            String earlier = known.putIfAbsent(id, each.hash());
            accepted.add(new Accepted(id, kind(each.hash(), earlier), now));
            if (earlier == null) {
                long seq = transaction.nextSeq();
                identities.add(new @Nullable Object[] {id, seq, each.hash()});
                keep(each, seq, stage(each, withFront));
            }
        }
        transaction.sql().insert(IDENTITY, identities);
        return accepted;
    }

    private static Accepted.Kind kind(String hash, @Nullable String earlier) {
        return earlier == null
                ? Accepted.Kind.NEW
                : earlier.equals(hash) ? Accepted.Kind.DUPLICATE : Accepted.Kind.CONFLICT;
    }

    /** Returns the hashes of those that are there already, by their ids. */
    private static Map<String, String> hashes(Sql sql, List<Incoming> incoming) {
        List<String> ids = incoming.stream().map(each -> each.message().id()).toList();
        var known = new HashMap<String, String>();
        sql.listIn("select id, hash from identity where id in (?*)", row -> Map.entry(row.text(), row.text()), ids)
                .forEach(found -> known.put(found.getKey(), found.getValue()));
        return known;
    }

    private record Conversation(String lane, String api, String id) {}

    /** Returns the conversations that a head is there for, also one that has no place yet. */
    private Set<Conversation> withFront(List<Incoming> incoming) {
        var asked = new HashMap<Conversation, List<String>>();
        incoming.forEach(each -> {
            String conversation = each.conversation();
            if (conversation != null) {
                asked.computeIfAbsent(new Conversation(each.lane(), each.api(), ""), any -> new ArrayList<>())
                        .add(conversation);
            }
        });
        var found = new HashSet<Conversation>();
        asked.forEach((of, conversations) -> Queue.withFront(transaction, of.lane, of.api, conversations)
                .forEach(conversation -> found.add(new Conversation(of.lane, of.api, conversation))));
        return found;
    }

    private Stage stage(Incoming incoming, Set<Conversation> withFront) {
        String conversation = incoming.conversation();
        if (conversation == null || isAlone(incoming)) {
            return stageAlone(incoming.message());
        }
        return withFront.add(new Conversation(incoming.lane(), incoming.api(), conversation))
                ? Stage.READY
                : Stage.BEHIND;
    }

    private Stage stageOfOne(Incoming incoming) {
        String conversation = incoming.conversation();
        if (conversation == null || isAlone(incoming)) {
            return stageAlone(incoming.message());
        }
        boolean behind = transaction
                .sql()
                .any(
                        "select 1 from work where lane = ? and api = ? and conversation = ? and front = 1 limit 1",
                        incoming.lane(),
                        incoming.api(),
                        conversation);
        return behind ? Stage.BEHIND : Stage.READY;
    }

    /** Messages of a lane that another process owns are only appended; the owner places them. */
    private boolean isAlone(Incoming incoming) {
        return incoming.message().notBefore() != null || !arrivals.owns(incoming.lane());
    }

    private static Stage stageAlone(Message message) {
        if (message.conversationOf() != null) {
            return Stage.AWAITING;
        }
        if (message.notBefore() != null) {
            return Stage.NOT_BEFORE;
        }
        return message.conversationId() == null ? Stage.READY : Stage.NEW;
    }

    /** Notes the rows of a message, and lets its lane know of it: it claims the message at once, or will. */
    private void keep(Incoming incoming, long seq, Stage stage) {
        Message message = incoming.message();
        Incoming.Source source = incoming.source();
        Claimed claimed = stage == Stage.READY ? arrivals.claim(transaction, incoming, seq) : null;
        if (claimed == null) {
            transaction.wake(incoming.lane());
        }
        messages.add(new @Nullable Object[] {
            seq,
            message.id(),
            incoming.lane(),
            incoming.api(),
            message.operation(),
            incoming.conversation(),
            message.conversationOf(),
            message.text("customerId"),
            source.sender(),
            incoming.body(),
            source.intake(),
            source.batch(),
            source.line(),
            source.replyTo(),
            source.correlation(),
            source.trace(),
            now
        });
        work.add(Work.row(incoming, seq, stage, claimed));
        message.json()
                .path("labels")
                .properties()
                .forEach(label ->
                        labels.add(new @Nullable Object[] {label.getValue().asText(), label.getKey(), seq}));
    }
}
