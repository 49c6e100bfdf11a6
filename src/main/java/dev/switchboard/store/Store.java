package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The durable home of every message and its state, and the work queue. What a future says is done is on disk.
 *
 * <p>Its futures complete on the store's own thread: what depends on them must be quick.
 */
public final class Store implements AutoCloseable {

    private static final int ERASED_AT_ONCE = 100;

    private final Database database;
    private final Room room;
    private final Writer writer;
    private final Owners owners;
    private final Arrivals arrivals;
    private volatile boolean erasedInLog = true;
    private final Held held = new Held();
    private final Map<String, Integer> turns = new ConcurrentHashMap<>();
    private final Map<String, List<Runnable>> sleepers = new ConcurrentHashMap<>();
    private final List<StoreListener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private Store(Database database, Room room) {
        this.database = database;
        this.room = room;
        long last = database.readers()
                .withHandle(handle -> handle.createQuery(
                                "select max(last) from (select max(seq) as last from message union all select max(position) from message"
                                        + " where position > seq and place is not null"
                                        + " union all select max(seq) from outbox union all select max(seq) from batch"
                                        + " union all select max(seq) from audit) as every")
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(0L));
        this.owners = new Owners(database.locks());
        this.arrivals = new Arrivals(owners);
        var clock = new Clock(last);
        this.writer = new Writer(database.writer(), clock, new Writer.Listener() {
            @Override
            public void connected(Handle handle) {
                database.prepare(handle);
                clock.process(owners.processNumber(handle));
            }

            @Override
            public void lost() {
                owners.lost();
            }

            @Override
            public void committed(Transaction transaction, int changes, long nanos) {
                database.committed();
                arrivals.caughtUp(transaction);
                transaction.awake().forEach(Store.this::wake);
                erasedInLog |= transaction.erasing();
                transaction.afterwards().forEach(Runnable::run);
                listeners.forEach(each -> {
                    transaction.news().forEach(news -> news.accept(each));
                    each.committed(changes, nanos);
                });
            }
        });
    }

    /**
     * Opens the store and brings its tables up to date.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static Store open(String url, String username, String password) {
        Database database = Database.open(url, username, password);
        return new Store(database, Room.of(url, database));
    }

    /** Says how many bytes the store may take; what comes in is refused above that. */
    public void limit(long bytes) {
        room.limit(bytes);
    }

    private <T> CompletableFuture<T> takeIn(Writer.Change<T> change) {
        return room.refusal()
                .<CompletableFuture<T>>map(CompletableFuture::failedFuture)
                .orElseGet(() -> writer.intake(change));
    }

    /** Who may do what, and who did. */
    public AccessStore access() {
        return new AccessStore(database, writer);
    }

    /** Tells somebody from now on of what is on disk. */
    public void listen(StoreListener listener) {
        listeners.add(listener);
    }

    /**
     * Writes an event that an operator wants to hear of; it goes out at least once.
     *
     * @param subject whose it is
     */
    public CompletableFuture<?> publish(String subject, ObjectNode event) {
        return writer.dispatch(transaction -> {
            Events.publish(transaction, subject, event);
            return transaction;
        });
    }

    private void wake(String name) {
        sleepers.getOrDefault(name, List.of()).forEach(Runnable::run);
    }

    /** Lets a lane take messages in the commit that brings them in. */
    public AutoCloseable onArrival(String lane, Taker taker) {
        arrivals.attach(lane, taker);
        return () -> arrivals.detach(lane);
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
     * <p>The future fails when the store cannot write, or has too much to write already.
     */
    public CompletableFuture<List<Accepted>> accept(List<Incoming> incoming) {
        return takeIn(transaction -> Intake.accept(transaction, incoming, arrivals));
    }

    /**
     * Keeps a chunk of a batch with its checkpoint and counts; a chunk that is there already is not counted again.
     *
     * @param records how many records of the file have been read with this chunk
     * @param raw gives the record of a message as it came
     */
    public CompletableFuture<?> acceptChunk(
            String batch, long records, List<Incoming> incoming, IntFunction<String> raw, List<Batch.Row> invalid) {
        return takeIn(transaction -> {
            if (Batches.hasRead(transaction.handle(), batch, records)) {
                return transaction;
            }
            List<Accepted> accepted = incoming.isEmpty() ? List.of() : Intake.accept(transaction, incoming, arrivals);
            var rows = new ArrayList<>(invalid);
            for (int i = 0; i < accepted.size(); i++) {
                if (accepted.get(i).kind() != Accepted.Kind.NEW) {
                    rows.add(known(accepted.get(i), incoming.get(i), raw.apply(i)));
                }
            }
            if (!invalid.isEmpty()) {
                transaction.tell(listener -> listener.cameIn("file", "invalid", invalid.size()));
            }
            Batches.read(transaction, batch, records, rows, accepted.size() - (rows.size() - (long) invalid.size()));
            return transaction;
        });
    }

    private static Batch.Row known(Accepted accepted, Incoming incoming, String raw) {
        Long line = incoming.source().line();
        boolean conflict = accepted.kind() == Accepted.Kind.CONFLICT;
        return new Batch.Row(
                line == null ? 0 : line,
                conflict ? "invalid" : "duplicate",
                accepted.id(),
                conflict ? "id: another message of the same id is there already" : null,
                conflict ? raw : null);
    }

    /** Finds the batch of a file in {@code working/}, or begins one. */
    public CompletableFuture<Batch> beginBatch(Batch.Origin origin) {
        return writer.intake(transaction -> Batches.begin(transaction, origin));
    }

    /** Holds back the messages of a batch that are not being sent, or lets them go on; says whether it is one that runs. */
    public CompletableFuture<Boolean> pauseBatch(String batch, boolean paused) {
        return writer.dispatch(transaction -> {
            transaction.afterwards(this::wakeAll);
            return Batches.pause(transaction.handle(), batch, paused) > 0;
        });
    }

    /** Cancels a batch: what of it has not been sent is discarded; says whether it was one that runs. */
    public CompletableFuture<Boolean> cancelBatch(String batch) {
        return writer.dispatch(transaction -> {
            transaction.afterwards(this::wakeAll);
            return Batches.cancel(transaction, batch) > 0;
        });
    }

    private void wakeAll() {
        sleepers.keySet().forEach(this::wake);
    }

    /** Notes how a batch's file is written. */
    public CompletableFuture<?> describeBatch(String batch, String layout) {
        return writer.intake(transaction -> Batches.set(transaction.handle(), batch, "header", layout));
    }

    /** Notes why nothing of a batch is sent, before the rest of it is read. */
    public CompletableFuture<?> refuseBatch(String batch, String reason) {
        return writer.intake(transaction -> Batches.set(transaction.handle(), batch, "reason", reason));
    }

    /** Notes that the file of a batch has been put away. */
    public CompletableFuture<?> putAway(String batch) {
        return writer.intake(transaction -> {
            Batches.putAway(transaction.handle(), batch);
            return transaction;
        });
    }

    /** Lists the batches whose files have not been put away, as far as is known. */
    public List<Batch> notPutAway() {
        return read(Batches::notPutAway);
    }

    /** Ends the reading of a batch; a reason means that it could not be read to its end. */
    public CompletableFuture<?> endBatch(String batch, @Nullable String reason) {
        return writer.intake(transaction -> {
            Batches.end(transaction, batch, reason);
            return transaction;
        });
    }

    /** Stops a batch that was read to its end: its file was not whole. */
    public CompletableFuture<?> stopBatch(String batch, String reason) {
        return writer.intake(transaction -> {
            Batches.stop(transaction, batch, reason, "'sending', 'finished'");
            return transaction;
        });
    }

    /**
     * Makes this process the one owner of a lane, unless another process is. What an earlier owner left in the middle of an
     * attempt is taken up; what this one claimed without hearing of it, because its connection was lost, goes back.
     *
     * @param inFlight the numbers of the messages whose attempts go on in this process
     * @return by the future, who owns it now
     */
    public CompletableFuture<Ownership> own(
            String lane, Predicate<String> mayRepeat, Outcome.Failure why, Set<Long> inFlight) {
        return writer.dispatch(transaction -> {
            Ownership taken = owners.take(transaction, lane);
            if (taken == Ownership.ANEW) {
                held.forget(lane);
                Finish.restored(transaction, lane, mayRepeat);
                Finish.adopt(transaction, lane, mayRepeat, why);
                Queue.dueByNow(transaction, lane);
                while (Queue.place(transaction, lane) > 0) {
                    // what came in before has its place before anything that comes in from now on
                }
            } else if (taken == Ownership.KEPT) {
                Queue.release(transaction.handle(), lane, owners.epoch(lane), inFlight);
            }
            return taken;
        });
    }

    /** Makes this process the one that sends what a topic of the outbox holds, unless another process is. */
    CompletableFuture<Boolean> own(String topic) {
        return writer.dispatch(transaction -> {
            Ownership taken = owners.take(transaction, topic);
            if (taken == Ownership.ANEW) {
                Outbox.dueByNow(transaction.handle(), topic);
            }
            return taken != Ownership.ELSEWHERE;
        });
    }

    /** Says whether this process owns a lane or topic. It may have lost it a moment ago. */
    public boolean owns(String name) {
        return owners.owns(name);
    }

    /**
     * Claims due messages of a lane for an attempt each; none where the lane is paused or another process owns it. Whoever
     * claims must {@link #finish} every one.
     */
    public CompletableFuture<List<Claimed>> claim(String lane, List<Share> shares) {
        return writer.dispatch(transaction -> {
            if (!owners.owns(lane)) {
                return List.of();
            }
            Chores chores = Chores.of(transaction, lane);
            if (!owners.mayClaim(lane, chores)) {
                return List.of();
            }
            transaction.looks(lane);
            if (chores.expired() && Finish.expire(transaction, lane)) {
                return List.of(); // what is claimed has not expired
            }
            if (chores.unplaced() && Queue.place(transaction, lane) > 0) {
                transaction.wake(lane); // there may be more
            }
            held.tend(transaction, lane, shares, chores);
            List<Claimed> claimed =
                    Queue.claim(transaction, lane, shares, owners.epoch(lane), turns.merge(lane, 1, Integer::sum));
            arrivals.look(transaction, lane, shares, claimed);
            return claimed;
        });
    }

    /** Ends what has expired, and discards what is of cancelled batches or to be erased, in a lane that claims nothing for now. */
    public void tend(String lane) {
        boolean any = owners.owns(lane)
                && read(handle -> Finish.hasExpired(handle, lane)
                        || Batches.hasCancelled(handle, lane)
                        || Erasure.hasMarked(handle, lane));
        if (any) {
            writer.dispatch(transaction -> {
                Finish.expire(transaction, lane);
                Held.discard(transaction, lane);
                return transaction;
            });
        }
    }

    /**
     * Sends a dead or uncertain message again, at the end of its conversation.
     *
     * @param lifetime how long it lives from now, in milliseconds
     * @return by the future, how many later messages of its conversation have gone out meanwhile
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<Integer> replay(String id, long lifetime) {
        return writer.dispatch(transaction -> Mend.replay(transaction, id, lifetime));
    }

    /**
     * Keeps an edited message in the place of a dead or uncertain one, which is replaced by it.
     *
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state or the new id is there already
     */
    public CompletableFuture<?> edit(String id, Incoming edited) {
        return writer.dispatch(transaction -> Mend.edit(transaction, id, edited, arrivals));
    }

    /**
     * Takes a message off the dead letters.
     *
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<?> discard(String id, String reason) {
        return writer.dispatch(transaction -> Mend.discard(transaction, id, reason));
    }

    /**
     * Makes a message that was discarded within the last day what it was.
     *
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<?> undiscard(String id) {
        return writer.dispatch(transaction -> Mend.undiscard(transaction, id));
    }

    /**
     * Closes an uncertain message as delivered.
     *
     * @param conversation which it has begun, where it begins one and somebody knows it
     * @throws Refused by the future: 404 when there is none, 409 when it is in another state
     */
    public CompletableFuture<?> resolve(String id, @Nullable String conversation) {
        return writer.dispatch(transaction -> Mend.resolve(transaction, id, conversation));
    }

    /** Pauses a lane, or lets it go on where there is no pause; a restart changes nothing of it. */
    public CompletableFuture<?> pause(String lane, @Nullable Pause pause) {
        return writer.dispatch(transaction -> Lanes.pause(transaction.handle(), lane, pause));
    }

    /** Returns why a lane is paused, if it is. */
    public Optional<Pause> paused(String lane) {
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

    /** Returns how many milliseconds it is until the next message of a lane is due; the greatest number where there is none. */
    public long untilDue(String lane, Collection<String> apis) {
        return read(handle -> Queue.untilDue(handle, lane, apis));
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

    /** Lists the newest batches, all or those of a name, or that somebody uploaded. */
    public List<Batch> batches(@Nullable String name, @Nullable String sender, int most) {
        return read(handle -> Batches.list(handle, name, sender, most));
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

    /** Goes through the records of a batch that were rejected, line by line. */
    public void eachRejected(String batch, Consumer<Batch.Row> use) {
        database.readers().useTransaction(handle -> Batches.eachRejected(handle, batch, use));
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

    /** Says whether every record of a batch is there still: none has been taken away because it was old. */
    public boolean batchHasLines(Batch batch) {
        return read(handle -> handle.createQuery("select (select count(*) from message where batch = :batch)"
                                + " + (select count(*) from batch_row where batch = :batch)")
                        .bind("batch", batch.id())
                        .mapTo(Long.class)
                        .one()
                >= batch.accepted() + batch.duplicate() + batch.invalid());
    }

    /** Says whether a batch has records that were rejected, and still holds them. */
    public boolean batchHasRejected(String batch) {
        return read(handle -> handle.createQuery(
                        "select 1 from batch_row where batch = :batch and state = 'invalid' and raw is not null limit 1")
                .bind("batch", batch)
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
    }

    /** Goes through the views of a batch's messages that are finished, line by line. */
    public void eachResult(String batch, Consumer<ObjectNode> use) {
        database.readers().useTransaction(handle -> Batches.eachResult(handle, batch, use));
    }

    /** Returns rows of the outbox that are due. */
    List<Outbox.Row> outboxDue(String topic, int most) {
        return read(handle -> Outbox.due(handle, topic, Clock.steady(), most));
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

    /**
     * Finds messages, newest first.
     *
     * @param after the number of the message to go on after; the greatest number for the first
     */
    public List<Found> search(Filter filter, long after, int most) {
        return read(handle -> new Search(handle, filter).newest(after, most));
    }

    /** Begins to send dead letters again; by the future, the run with what it took. */
    public CompletableFuture<Replay> beginReplay(Filter filter, Replay.Wanted wanted) {
        return writer.dispatch(transaction -> Replays.begin(transaction, filter, wanted));
    }

    /** Counts what a run would take, or of that what may have been sent. */
    public long countReplay(Filter filter, long cutoff, boolean maybeSent) {
        filter.states(Filter.FAILED).failedBy(cutoff).maybeSent(maybeSent ? true : null);
        return read(handle -> new Search(handle, filter)
                .queries(Long.MAX_VALUE, Integer.MAX_VALUE).stream()
                        .flatMap(each -> each.query(handle, "").mapTo(Long.class).stream())
                        .distinct()
                        .count());
    }

    /** Returns the newest that a run would send again. */
    public List<Found> replayExamples(Filter filter, Replay.Wanted wanted, int most) {
        filter.states(Filter.FAILED).failedBy(wanted.cutoff()).maybeSent(wanted.maybeSent() ? null : false);
        return search(filter, Long.MAX_VALUE, most);
    }

    /** Makes this process the one that goes on with runs, unless another is. */
    public CompletableFuture<Boolean> ownReplays() {
        return owns("replays") ? CompletableFuture.completedFuture(true) : own("replays");
    }

    /** Sends some of a run again; by the future, whether there may be more to do at once. */
    public CompletableFuture<Boolean> stepReplay(
            long run, int most, int stage, Function<String, @Nullable Long> lifetimes) {
        return writer.dispatch(transaction -> Replays.step(transaction, run, most, stage, lifetimes));
    }

    /** Sends no more of a run again; says whether it was one that runs. */
    public CompletableFuture<Boolean> cancelReplay(String id) {
        return writer.dispatch(transaction -> Replays.end(transaction, id, "cancelled", null));
    }

    /** Finds a run by its id. */
    public Optional<Replay> replay(String id) {
        return read(handle -> Replays.find(handle, "id = :value", id));
    }

    /** Lists the newest runs. */
    public List<Replay> replays(int most) {
        return read(handle -> Replays.list(handle, "1 = 1", Long.MAX_VALUE, most));
    }

    /** Lists the runs that go on. */
    public List<Replay> runningReplays() {
        return read(handle -> Replays.list(handle, "state = 'running'", Long.MAX_VALUE, Integer.MAX_VALUE));
    }

    /** Counts dead letters of each cause, most first. */
    public List<Group> deadLetterGroups(Filter filter) {
        return read(handle -> DeadLetters.groups(handle, filter));
    }

    /** Makes this process the one that erases what is old, unless another is. */
    public CompletableFuture<Boolean> ownRetention() {
        return owns("retention") ? CompletableFuture.completedFuture(true) : own("retention");
    }

    /**
     * Takes some of what is old away.
     *
     * @param bodies what was done by then loses what it held, in milliseconds since 1970
     * @param messages what was done by then and holds nothing is taken away altogether
     * @return by the future, how much; nothing is left where it is none
     */
    public CompletableFuture<Integer> forget(long bodies, long messages, int most) {
        return writer.dispatch(transaction -> Erasure.bodies(transaction, bodies, most)
                + Batches.forget(transaction, 0, bodies, most)
                + Erasure.rows(transaction, messages, most)
                + Batches.forget(transaction, 1, messages, most));
    }

    /**
     * Erases what messages of a customer hold, and of those in their conversations that name no customer. What has not been sent
     * is discarded; what is being sent, or waits in a lane of another process, follows when its attempt has ended.
     *
     * @param vendor of which vendor; null: of all
     */
    public Erased eraseCustomer(String customer, @Nullable String vendor) {
        var all = new Erased(0, 0, 0);
        Erased step;
        do {
            step = written(writer.dispatch(
                    transaction -> Erasure.customer(transaction, owners, customer, vendor, ERASED_AT_ONCE)));
            all = all.and(step);
        } while (step.all() > 0);
        return all;
    }

    /** Has what was erased leave the database's log too, where it is still there. */
    public CompletableFuture<?> emptyLog() {
        return !erasedInLog
                ? CompletableFuture.completedFuture(true)
                : writer.dispatch(transaction -> {
                    transaction.afterwards(() -> erasedInLog = !database.emptyLog(transaction.handle()));
                    return transaction;
                });
    }

    /** Finds the view of a message, attempts included. */
    public Optional<ObjectNode> find(String id) {
        return read(handle -> View.find(handle, id));
    }

    /** Returns a message as it was accepted; nothing where that has been erased. */
    public Optional<Message> message(String id) {
        return read(handle -> handle.createQuery("select body from message where id = :id and body is not null")
                .bind("id", id)
                .map((row, context) -> new Message((ObjectNode) View.json(row.getString(1))))
                .findOne());
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

    /** Returns how much waits in a lane. A message's number is of the time of its acceptance, and in the index that this reads. */
    public Depth depth(String lane) {
        return read(handle -> handle.createQuery("select count(*), min(seq) from message"
                        + " where state in ('accepted', 'sending', 'waiting') and lane = :lane")
                .bind("lane", lane)
                .map((row, context) ->
                        new Depth(row.getLong(1), row.getLong(1) == 0 ? null : Clock.time(row.getLong(2))))
                .one());
    }

    /**
     * Writes to the database something that changes nothing.
     *
     * @throws RuntimeException when that fails, takes longer than some seconds, or something else failed a moment ago
     */
    public void check() {
        room.refusal().ifPresent(refused -> {
            throw refused;
        });
        Throwable trouble = writer.trouble();
        if (trouble != null) {
            throw new IllegalStateException(why(trouble), trouble);
        }
        writer.dispatch(transaction -> Lanes.touch(transaction.handle()))
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
    }

    /**
     * Waits until something is written.
     *
     * @throws Refused (503) when it cannot be
     */
    public static <T> T written(CompletableFuture<T> writing) {
        try {
            return writing.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refused refused ? refused : Refused.forNow(why(e), 5);
        }
    }

    /** Tells in a sentence why something was not written. */
    public static String why(Throwable failed) {
        if (failed instanceof Refused refused) {
            return refused.title();
        }
        return Database.full(failed) ? "The store's disk is full." : "The store does not write for now.";
    }

    /** Returns whether something was not written for what it held, and never can be. */
    public static boolean refusesContent(Throwable failed) {
        return Database.refusesContent(failed);
    }

    /** Reads from the database. */
    public <T> T read(Function<Handle, T> query) {
        return database.read(query);
    }

    /** Says whether it is closed, or about to be. */
    public boolean isClosed() {
        return closed;
    }

    /** Writes what waits, and closes. */
    @Override
    public void close() {
        closed = true;
        writer.close();
        database.close();
    }
}
