package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Resealing;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.ownership.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Erases what is old, and what a customer asks to be erased. Numbers grow with time, so the history is gone through once, oldest first.
 * What was not done within some seconds of its acceptance is marked as late and found by an index.
 */
public final class Retention {

    private static final int ERASED_AT_ONCE = 100;
    /** The concatenation keeps SQLite from taking the index of lists, which has not their order. */
    private static final String DONE = "state || '' in ('delivered', 'discarded', 'replaced')";

    private static final String LATE = " and coalesce(discarded_at, finished_at) <= ? and " + DONE
            + " order by coalesce(discarded_at, finished_at) limit ?";

    /** Finds late messages whose contents are old. */
    static final String LATE_BODIES = "select seq from outcome where late = 1 and erased_at is null" + LATE;
    /** Finds late messages that are old and hold nothing any more. */
    static final String LATE_MESSAGES = "select seq from outcome where late = 1 and erased_at is not null" + LATE;

    /** How much time of the history is looked through again rather than noted: nothing is written while nothing is old. */
    private static final long OFTEN_ENOUGH = TimeUnit.MINUTES.toMillis(10);

    private final Database database;
    private final Writer writer;
    private final Owners owners;
    private final Optional<Resealing> resealing;
    private volatile boolean erasedInLog = true;

    Retention(Database database, Writer writer, Owners owners) {
        this.database = database;
        this.writer = writer;
        this.owners = owners;
        this.resealing = database.resealing();
    }

    void committed(Transaction transaction) {
        erasedInLog |= transaction.part(Erasure.Trace.class).isPresent();
    }

    /** Makes this process the one that erases what is old, unless another is. */
    public CompletableFuture<Boolean> own() {
        return owners.own(writer, "retention");
    }

    /**
     * Takes some of what is old away.
     *
     * @param bodies what was done by then loses what it held, in milliseconds since 1970
     * @param messages what was done by then and holds nothing is taken away altogether
     * @return by the future, how much; 0 where nothing is left
     */
    public CompletableFuture<Integer> forget(long bodies, long messages, int most) {
        return writer.dispatch(transaction -> bodies(transaction, bodies, most)
                + BatchRows.forget(transaction, 0, bodies, most)
                + messages(transaction, messages, most)
                + BatchRows.forget(transaction, 1, messages, most));
    }

    private static int bodies(Transaction transaction, long until, int most) {
        Sql sql = transaction.sql();
        var old = new ArrayList<Long>(sql.list(LATE_BODIES, Row::number, until, most));
        old.addAll(walk(sql, "bodies", " and erased_at is null", until, Long.MAX_VALUE, most));
        Erasure.erase(transaction, old);
        return old.size();
    }

    private static int messages(Transaction transaction, long until, int most) {
        Sql sql = transaction.sql();
        var old = new ArrayList<Long>(sql.list(LATE_MESSAGES, Row::number, until, most));
        old.addAll(walk(sql, "messages", " and erased_at is not null", until, cursor(sql, "bodies"), most));
        Erasure.remove(transaction, old);
        return old.size();
    }

    private static long cursor(Sql sql, String step) {
        return sql.number("select seq from retention where step = ?", step);
    }

    /**
     * Goes on through what was done in time and accepted some seconds before a time, and notes how far it has come; after that it
     * looks through those seconds.
     */
    private static List<Long> walk(Sql sql, String step, String which, long until, long atMost, int most) {
        long from = cursor(sql, step);
        long to = Math.min(atMost, Clock.number(until - OutcomeWriter.LATE_MILLIS));
        String done = "select seq from outcome where seq > ? and seq <= ? and late = 0 and " + DONE + which;
        var found = new ArrayList<Long>(sql.list(done + " order by seq limit ?", Row::number, from, to, most));
        if (found.size() == most || Clock.time(to) - Clock.time(from) >= OFTEN_ENOUGH) {
            sql.update(
                    "insert into retention (step, seq) values (?, ?) on conflict (step) do update set seq = excluded.seq",
                    step,
                    found.size() < most ? to : found.get(most - 1));
        }
        found.addAll(sql.list(
                done + " and finished_at <= ? order by seq limit ?",
                Row::number,
                Math.max(from, to),
                Clock.number(until),
                until,
                most - found.size()));
        return found;
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
            step = Store.written(writer.dispatch(
                    transaction -> Erasure.customer(transaction, owners, customer, vendor, ERASED_AT_ONCE)));
            all = all.and(step);
        } while (step.all() > 0);
        Store.written(writer.dispatch(transaction -> Erasure.requests(transaction, customer)));
        return all;
    }

    /** Returns whether there is a key file. */
    public boolean encrypts() {
        return resealing.isPresent();
    }

    /** Encrypts some of what is not encrypted with the newest key; returns by the future whether there is more. */
    public CompletableFuture<Boolean> encrypt() {
        return resealing
                .map(each -> writer.dispatch(transaction -> {
                    transaction.part(Erasure.Trace.class, Erasure.Trace::new);
                    return each.step(transaction);
                }))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    /** Has what was erased leave the database's log too, where it is still there. */
    public CompletableFuture<?> emptyLog() {
        return !erasedInLog
                ? CompletableFuture.completedFuture(true)
                : writer.dispatch(transaction -> {
                    transaction.afterwards(() -> erasedInLog = !database.emptyLog(transaction.sql()));
                    return transaction;
                });
    }
}
