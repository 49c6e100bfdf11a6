package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Database;
import dev.switchboard.database.DiskQuota;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.message.Group;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.queue.Waiting;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Messages, from their acceptance to what an operator does about them. */
public final class Messages {

    private final Database database;
    private final Writer writer;
    private final DiskQuota quota;
    private final Arrivals arrivals;
    private final Writer.Joint<List<Incoming>, List<Accepted>> acceptance = this::accept;

    Messages(Database database, Writer writer, DiskQuota quota, Arrivals arrivals) {
        this.database = database;
        this.writer = writer;
        this.quota = quota;
        this.arrivals = arrivals;
    }

    /**
     * Keeps messages, each once.
     *
     * <p>The future fails when the store cannot write, or has too much to write already.
     */
    public CompletableFuture<List<Accepted>> accept(List<Incoming> incoming) {
        return quota.takeIn(() -> writer.intake(acceptance, incoming));
    }

    private List<List<Accepted>> accept(Transaction transaction, List<List<Incoming>> incoming) {
        List<Incoming> all = incoming.stream().flatMap(List::stream).toList();
        Iterator<Accepted> accepted = Intake.accept(transaction, all, arrivals).iterator();
        return incoming.stream()
                .map(each -> each.stream().map(message -> accepted.next()).toList())
                .toList();
    }

    /** Finds the view of a message, attempts included. */
    public Optional<ObjectNode> find(String id) {
        return database.read(sql -> View.find(sql, id));
    }

    /** Returns a message as it was accepted; nothing where that has been erased. */
    public Optional<Message> get(String id) {
        return database.read(sql -> sql.first(
                "select body from message where seq = (select seq from identity where identity.id = ?) and body is not null",
                row -> Message.kept(row.text()),
                id));
    }

    /** Returns the state of a message. */
    public Optional<State> state(String id) {
        return database.read(sql -> sql.first(
                "select " + Work.STATE_OF_ANY + " from message" + Work.OR_OUTCOME
                        + " where message.seq = (select seq from identity where identity.id = ?)",
                row -> State.of(row.text()),
                id));
    }

    /**
     * Finds messages, newest first.
     *
     * @param after the number of the message to go on after; the greatest number for the first
     */
    public List<Found> search(Filter filter, long after, int most) {
        return database.read(sql -> new Search(sql, filter).newest(after, most));
    }

    /** Returns what some messages wait for, by their ids; those that are finished or being sent are left out. */
    public Map<String, Waiting> waiting(List<String> ids) {
        return database.read(sql -> Waiting.of(sql, ids));
    }

    /** Counts dead letters of each cause, most first. */
    public List<Group> deadLetterGroups(Filter filter) {
        return database.read(sql -> DeadLetters.groups(sql, filter));
    }

    /**
     * Sends a failed message to a dead-letter route, unless it went to one before.
     *
     * @param fallback what is accepted in its place
     */
    public CompletableFuture<?> deadLetter(String id, String route, @Nullable Incoming fallback) {
        Fallback instead = fallback == null ? null : new Fallback(fallback, arrivals);
        return writer.dispatch(transaction -> DeadLetters.choose(transaction, id, route, instead));
    }

    /**
     * Sends a dead or uncertain message again, at the end of its conversation.
     *
     * @param lifetime how long it lives from now, in milliseconds
     * @return by the future, how many later messages of its conversation have gone out meanwhile
     * @throws Refused by the future: 404 when there is not one, 409 when it is in another state
     */
    public CompletableFuture<Integer> replay(String id, long lifetime) {
        return writer.dispatch(transaction -> OperatorActions.replay(transaction, id, lifetime));
    }

    /**
     * Keeps an edited message instead of a dead or uncertain one, which is replaced by it.
     *
     * @throws Refused by the future: 404 when there is not one, 409 when it is in another state or the new id is there already
     */
    public CompletableFuture<?> edit(String id, Incoming edited) {
        return writer.dispatch(transaction -> OperatorActions.edit(transaction, id, edited, arrivals));
    }

    /** Takes a message off the dead letters, or gives up one that has not been sent; refuses as {@link #replay} does. */
    public CompletableFuture<?> discard(String id, String reason) {
        return writer.dispatch(transaction -> OperatorActions.discard(transaction, id, reason));
    }

    /**
     * Makes a message due at once that waits for its next attempt.
     *
     * @return by the future, what it waited for
     * @throws Refused by the future: 404 when there is not one, 409 when it waits for something else or not at all
     */
    public CompletableFuture<Waiting> tryNow(String id) {
        return writer.dispatch(transaction -> WaitingActions.tryNow(transaction, id));
    }

    /** Makes a message that was discarded within the last day what it was; refuses as {@link #replay} does. */
    public CompletableFuture<?> undiscard(String id) {
        return writer.dispatch(transaction -> OperatorActions.undiscard(transaction, id));
    }

    /**
     * Closes an uncertain message as delivered; refuses as {@link #replay} does.
     *
     * @param conversation which it has begun, where it begins one and someone knows it
     */
    public CompletableFuture<?> resolve(String id, @Nullable String conversation) {
        return writer.dispatch(transaction -> OperatorActions.resolve(transaction, id, conversation));
    }
}
