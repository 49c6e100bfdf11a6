package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The durable home of every message and its state, and the work queue. What a future says is done is on disk.
 *
 * <p>Its futures complete on the store's own thread: what depends on them must be quick.
 */
public final class Store implements AutoCloseable {

    private final Database database;
    private final Writer writer;
    private final Set<String> owned = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> turns = new ConcurrentHashMap<>();
    private final Map<String, List<Runnable>> sleepers = new ConcurrentHashMap<>();

    private Store(Database database) {
        this.database = database;
        long last = database.readers()
                .withHandle(handle -> handle.createQuery(
                                "select max(last) from (select max(seq) as last from message union all select max(position) from message"
                                        + " union all select max(seq) from outbox union all select max(seq) from batch) as every")
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(0L));
        this.writer = new Writer(database.writer(), new Clock(last), this::committed);
    }

    /**
     * Opens the store and brings its tables up to date.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static Store open(String url, String username, String password) {
        return new Store(Database.open(url, username, password));
    }

    private void committed(Transaction transaction) {
        transaction.awake().forEach(this::wake);
        transaction.afterwards().forEach(Runnable::run);
    }

    private void wake(String name) {
        sleepers.getOrDefault(name, List.of()).forEach(Runnable::run);
    }

    /** Calls back whenever there may be work for a lane, a topic of the outbox, or whoever waits for a message's outcome. */
    public AutoCloseable onWork(String name, Runnable task) {
        sleepers.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>()).add(task);
        return () -> sleepers.computeIfPresent(name, (any, tasks) -> {
            tasks.remove(task);
            return tasks.isEmpty() ? null : tasks;
        });
    }

    /**
     * Keeps messages, each once.
     *
     * @throws Refused (503) when the store cannot take more for now
     */
    public CompletableFuture<List<Accepted>> accept(List<Incoming> incoming) {
        try {
            return writer.intake(transaction -> Intake.accept(transaction, incoming, owned));
        } catch (RejectedExecutionException e) {
            throw Refused.forNow("The store cannot take more for now.", 1);
        }
    }

    /** Keeps a chunk of a batch with its checkpoint and counts; returns what became of each message. */
    public CompletableFuture<List<Accepted>> acceptChunk(
            String batch, long records, List<Incoming> incoming, List<Batch.Row> invalid) {
        return writer.intake(transaction -> {
            List<Accepted> accepted = incoming.isEmpty() ? List.of() : Intake.accept(transaction, incoming, owned);
            var rows = new ArrayList<>(invalid);
            for (int i = 0; i < accepted.size(); i++) {
                if (accepted.get(i).kind() != Accepted.Kind.NEW) {
                    rows.add(known(accepted.get(i), incoming.get(i)));
                }
            }
            Batches.read(transaction, batch, records, rows, accepted.size() - (rows.size() - (long) invalid.size()));
            return accepted;
        });
    }

    private static Batch.Row known(Accepted accepted, Incoming incoming) {
        Long line = incoming.source().line();
        boolean conflict = accepted.kind() == Accepted.Kind.CONFLICT;
        return new Batch.Row(
                line == null ? 0 : line,
                conflict ? "invalid" : "duplicate",
                accepted.id(),
                conflict ? "id: another message of the same id is there already" : null,
                conflict ? incoming.message().json().toString() : null);
    }

    /** Finds the batch that reads a file in {@code working/}, or begins one. */
    public CompletableFuture<Batch> beginBatch(String name, String path) {
        return writer.intake(transaction -> Batches.begin(transaction, name, path));
    }

    /** Ends the reading of a batch; a reason means that it could not be read to its end. */
    public CompletableFuture<?> endBatch(String batch, @Nullable String reason) {
        return writer.intake(transaction -> {
            Batches.end(transaction, batch, reason);
            return transaction;
        });
    }

    /** Makes this process the owner of a lane: takes up what another left in the middle of an attempt. */
    public CompletableFuture<?> own(String lane, Predicate<String> mayRepeat, Outcome.Failure why) {
        return writer.dispatch(transaction -> {
            Finish.adopt(transaction, lane, mayRepeat, why);
            while (Queue.place(transaction, lane, Clock.now()) > 0) {
                // what came in before has its place before anything that comes in from now on
            }
            transaction.afterwards(() -> owned.add(lane));
            return transaction;
        });
    }

    /** Claims due messages of a lane for an attempt each. Whoever claims must {@link #finish} every one. */
    public CompletableFuture<List<Claimed>> claim(String lane, List<Share> shares) {
        return writer.dispatch(transaction -> {
            long now = Clock.now();
            Finish.expire(transaction, lane, now);
            Queue.place(transaction, lane, now);
            return Queue.claim(transaction, lane, shares, turns.merge(lane, 1, Integer::sum), now);
        });
    }

    /**
     * Sends a dead or uncertain message again, at the end of its conversation.
     *
     * @param lifetime how long it lives from now, in milliseconds
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<?> replay(String id, long lifetime) {
        return writer.dispatch(transaction -> Mend.replay(transaction, id, lifetime));
    }

    /**
     * Closes an uncertain message as delivered.
     *
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<?> resolve(String id) {
        return writer.dispatch(transaction -> Mend.resolve(transaction, id));
    }

    /** Pauses a lane for a reason, or lets it go on where there is none; a restart changes nothing of it. */
    public CompletableFuture<?> pause(String lane, @Nullable String reason) {
        return writer.dispatch(transaction -> Lanes.pause(transaction.handle(), lane, reason));
    }

    /** Returns why a lane is paused, if it is. */
    public Optional<String> paused(String lane) {
        return read(handle -> Lanes.paused(handle, lane));
    }

    /** Keeps that a circuit is stopped, or forgets it where there is no reason, and publishes the event that tells of it. */
    public CompletableFuture<?> stopCircuit(
            String lane, String api, @Nullable String why, Map<String, String> settings, ObjectNode event) {
        return writer.dispatch(transaction -> Lanes.stopCircuit(transaction, lane, api, why, settings, event));
    }

    /** Returns why a circuit was stopped, if it was and the settings are still those. */
    public Optional<String> stoppedCircuit(String lane, String api, Map<String, String> settings) {
        return read(handle -> Lanes.stoppedCircuit(handle, lane, api, settings));
    }

    /** Returns when the next message of a lane is due, in milliseconds since 1970; the greatest number where there is none. */
    public long nextDue(String lane, Collection<String> apis) {
        return read(handle -> Queue.nextDue(handle, lane, apis));
    }

    /** Writes what became of an attempt. Does nothing where the message is no longer in that attempt. */
    public CompletableFuture<?> finish(Claimed claimed, Outcome outcome) {
        return writer.dispatch(transaction -> {
            Finish.attempted(transaction, claimed, outcome);
            return transaction;
        });
    }

    /** Finds a batch by its id. */
    public Optional<Batch> batch(String id) {
        return read(handle -> Batches.find(handle, "id = :value", id));
    }

    /** Lists the newest batches, all or those of a name. */
    public List<Batch> batches(@Nullable String name, int most) {
        return read(handle -> Batches.list(handle, name, most));
    }

    /** Says whether no earlier batch has the same name. */
    public boolean firstBatchOfName(Batch batch) {
        return read(handle -> Batches.find(handle, "name = :value order by seq limit 1", batch.name()))
                .map(first -> first.id().equals(batch.id()))
                .orElse(true);
    }

    /** Shows a batch as the contract's batch view. */
    public ObjectNode batchView(Batch batch) {
        return read(handle -> Batches.view(handle, batch));
    }

    /** Goes through a batch's records line by line, those that are no message of its own among them. */
    public void eachLine(String batch, Consumer<BatchLine> use) {
        database.readers().useTransaction(handle -> Batches.eachLine(handle, batch, use));
    }

    /** Says whether a message of a batch brought more than an empty result. */
    public boolean batchHasResults(String batch) {
        return read(handle -> handle.createQuery(
                        "select 1 from message where batch = :batch and result is not null and result <> '{}' limit 1")
                .bind("batch", batch)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
    }

    /** Goes through the views of a batch's messages that are finished, line by line. */
    public void eachResult(String batch, Consumer<ObjectNode> use) {
        database.readers()
                .useTransaction(handle -> handle.createQuery("select * from message where batch = :batch order by line")
                        .bind("batch", batch)
                        .setFetchSize(100)
                        .map((row, context) -> View.whole(handle, row))
                        .useStream(views -> views.forEach(use)));
    }

    /** Returns rows of the outbox that are due. */
    List<Outbox.Row> outboxDue(String topic, int most) {
        return read(handle -> Outbox.due(handle, topic, Clock.now(), most));
    }

    long outboxNextDue(String topic) {
        return read(handle -> Outbox.nextDue(handle, topic));
    }

    CompletableFuture<?> outboxDone(long seq) {
        return writer.dispatch(transaction -> {
            Outbox.done(transaction.handle(), seq);
            return transaction;
        });
    }

    CompletableFuture<?> outboxFailed(long seq, String error, long due, boolean aside) {
        return writer.dispatch(transaction -> {
            Outbox.failed(transaction.handle(), seq, error, due, aside);
            return transaction;
        });
    }

    /** Finds the view of a message, attempts included. */
    public Optional<ObjectNode> find(String id) {
        return read(handle -> View.find(handle, id));
    }

    /** Returns the state of a message. */
    public Optional<State> state(String id) {
        return read(handle -> handle.createQuery("select state from message where id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne()
                .map(State::of));
    }

    /**
     * How much waits in a lane.
     *
     * @param count messages in the queue, those being sent among them
     * @param oldest when the first of them was accepted, in milliseconds since 1970
     */
    public record Depth(long count, @Nullable Long oldest) {}

    /** Returns how much waits in a lane. */
    public Depth depth(String lane) {
        return read(handle -> handle.createQuery(
                        "select count(*), min(accepted_at) from message where lane = :lane and place is not null")
                .bind("lane", lane)
                .map((row, context) -> new Depth(row.getLong(1), row.getLong(1) == 0 ? null : row.getLong(2)))
                .one());
    }

    /**
     * Goes through the writer to the database and back, and changes nothing.
     *
     * @throws RuntimeException when the store does not answer within some seconds
     */
    public void check() {
        writer.dispatch(Transaction::nextSeq).orTimeout(5, TimeUnit.SECONDS).join();
    }

    /** Reads from the database. */
    public <T> T read(Function<Handle, T> query) {
        return database.readers().withHandle(query::apply);
    }

    /** Writes what waits, and closes. */
    @Override
    public void close() {
        writer.close();
        database.close();
    }
}
