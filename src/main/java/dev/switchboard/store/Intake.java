package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Message;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps messages that come in, each once. */
final class Intake {

    static final String IDENTITY = "insert into identity (id, seq, hash) values (?, ?, ?)";
    private static final String MESSAGE =
            "insert into message (seq, id, lane, api, operation, conversation, conversation_of, customer, sender,"
                    + " body, intake, batch, line, reply_to, correlation, trace, accepted_at) values (?, ?, ?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
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
        List<Accepted> accepted = intake.accept(incoming);
        Sql sql = transaction.sql();
        sql.insert(MESSAGE, intake.messages);
        sql.insert(Work.INSERT, intake.work);
        sql.insert(LABEL, intake.labels);
        Awaiting.join(transaction, incoming.stream().map(Incoming::message).toList());
        tell(transaction, incoming, accepted);
        return accepted;
    }

    private static void tell(Transaction transaction, List<Incoming> incoming, List<Accepted> accepted) {
        var counts = new TreeMap<String, Map<Accepted.Kind, Integer>>();
        for (int i = 0; i < accepted.size(); i++) {
            counts.computeIfAbsent(incoming.get(i).source().intake(), any -> new EnumMap<>(Accepted.Kind.class))
                    .merge(accepted.get(i).kind(), 1, Integer::sum);
        }
        counts.forEach((intake, kinds) -> kinds.forEach(
                (kind, count) -> News.add(transaction, listener -> listener.cameIn(intake, kind.toString(), count))));
    }

    private record Identity(String id, long seq, String hash) {
        @Nullable
        Object[] row() {
            return new @Nullable Object[] {id, seq, hash};
        }
    }

    /** The statement that inserts an id looks for it by itself. */
    private List<Accepted> accept(List<Incoming> incoming) {
        var identities = new TreeMap<String, Identity>();
        for (Incoming each : incoming) {
            String id = each.message().id();
            identities.putIfAbsent(id, new Identity(id, transaction.nextSeq(), hash(each)));
        }
        Map<String, String> known = insert(identities);
        Set<Conversation> withFront = withFront(incoming);
        var accepted = new ArrayList<Accepted>();
        for (Incoming each : incoming) {
            String id = each.message().id();
            String hash = hash(each);
            String earlier = known.putIfAbsent(id, hash);
            Identity identity = identities.get(id);
            if (earlier == null && identity != null) {
                keep(each, identity.seq, stage(each, withFront));
            }
            accepted.add(new Accepted(id, kind(hash, earlier), now));
        }
        return accepted;
    }

    private String hash(Incoming each) {
        return transaction.sql().sealing().fingerprint(each.hash());
    }

    /** Returns the hashes of those that were there already, by their ids. */
    private Map<String, String> insert(Map<String, Identity> identities) {
        Sql sql = transaction.sql();
        List<@Nullable Object[]> rows =
                identities.values().stream().map(Identity::row).toList();
        Set<String> fresh = new HashSet<>(sql.insertNew(IDENTITY, rows, "id", "id", Row::text));
        return hashes(
                sql,
                identities.keySet().stream().filter(id -> !fresh.contains(id)).toList());
    }

    private static Accepted.Kind kind(String hash, @Nullable String earlier) {
        return earlier == null
                ? Accepted.Kind.NEW
                : earlier.equals(hash) ? Accepted.Kind.DUPLICATE : Accepted.Kind.CONFLICT;
    }

    /** Returns the hashes of messages that are there already, by their ids. */
    private static Map<String, String> hashes(Sql sql, List<String> ids) {
        var known = new HashMap<String, String>();
        sql.listIn(
                        "select id, hash from identity where id in (?*)",
                        row -> Map.entry(row.text(), sql.sealing().fingerprint(row.text())),
                        ids)
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
