package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Database;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.Writer;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.Sha256;
import dev.switchboard.outbox.Events;
import dev.switchboard.ownership.Owners;
import dev.switchboard.ownership.Ownership;
import dev.switchboard.ownership.Watch;
import dev.switchboard.queue.ArrivalClaimer;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.LaneMaintenance;
import dev.switchboard.queue.Pause;
import dev.switchboard.queue.PausedBatches;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.RunningLanes;
import dev.switchboard.queue.Share;
import dev.switchboard.queue.Stage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The queues of the lanes, and what of a lane outlives a restart. */
public final class Lanes {

    private static final int DISCARDED_AT_ONCE = 1_000;
    private static final String CANCELLED = "select id from batch where state = 'cancelled' and unfinished > 0";

    private final Database database;
    private final Writer writer;
    private final Owners owners;
    private final Arrivals arrivals;
    private final RunningLanes running;
    private final Watch watch;
    private final PausedBatches paused = new PausedBatches();
    private final Map<String, Integer> turns = new ConcurrentHashMap<>();

    Lanes(Database database, Writer writer, Owners owners, Arrivals arrivals, RunningLanes running, Watch watch) {
        this.database = database;
        this.writer = writer;
        this.owners = owners;
        this.arrivals = arrivals;
        this.running = running;
        this.watch = watch;
    }

    /** Lets a lane claim messages in the commit that brings them in, and tells it from time to time what it is like. */
    public AutoCloseable onArrival(String lane, ArrivalClaimer claimer) {
        running.attach(lane, claimer);
        watch.look();
        return () -> running.detach(lane);
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
                paused.forget(lane);
                Recovery.restored(transaction, lane, mayRepeat);
                Recovery.adopt(transaction, lane, mayRepeat, why);
                Recovery.dueByNow(transaction, lane);
                while (Queue.place(transaction, lane) > 0) {
                    // what came in before has its place before anything that comes in from now on
                }
            } else if (taken == Ownership.KEPT) {
                Recovery.release(transaction, lane, owners.epoch(lane), inFlight);
            }
            return taken;
        });
    }

    /** Returns whether this process owns a lane. It may have lost it a moment ago. */
    public boolean owns(String lane) {
        return owners.owns(lane);
    }

    /**
     * Claims due messages of a lane for an attempt each; none where the lane is paused or another process owns it. Anyone who
     * claims must {@link #finish} every one.
     */
    public CompletableFuture<List<Claimed>> claim(String lane, List<Share> shares) {
        return writer.dispatch(transaction -> owners.owns(lane) ? claim(transaction, lane, shares) : List.of());
    }

    private List<Claimed> claim(Transaction transaction, String lane, List<Share> shares) {
        LaneMaintenance maintenance = LaneMaintenance.of(transaction.sql(), lane);
        if (!owners.isStill(lane, maintenance.epoch()) || maintenance.paused()) {
            return List.of();
        }
        transaction.looks(lane);
        if (maintenance.expired() && Expiry.expire(transaction, lane)) {
            return List.of(); // what is claimed has not expired
        }
        if (maintenance.unplaced() && Queue.place(transaction, lane) > 0) {
            transaction.wake(lane); // there may be more
        }
        paused.tend(transaction, lane, shares, maintenance.held());
        if (maintenance.discards()) {
            discard(transaction, lane);
        }
        List<Claimed> claimed =
                Queue.claim(transaction, lane, shares, owners.epoch(lane), turns.merge(lane, 1, Integer::sum));
        arrivals.look(transaction, lane, shares, claimed);
        return claimed;
    }

    /** Discards some of what cancelled batches have left in a lane, or what is to be erased. */
    private static void discard(Transaction transaction, String lane) {
        Sql sql = transaction.sql();
        for (String batch : sql.list(CANCELLED, Row::text)) {
            List<Work> left = Work.list(
                    sql,
                    "work.batch = ? and work.lane = ? and " + Stage.SENDING.isNot() + " limit ?",
                    batch,
                    lane,
                    DISCARDED_AT_ONCE);
            OutcomeWriter.discard(transaction, left);
            if (left.size() == DISCARDED_AT_ONCE) {
                transaction.wake(lane);
            }
        }
        if (Erasure.discardMarked(transaction, lane, DISCARDED_AT_ONCE) == DISCARDED_AT_ONCE) {
            transaction.wake(lane);
        }
    }

    /** Ends what has expired, and discards what is of cancelled batches or to be erased, in a lane that claims nothing for now. */
    public void tend(String lane) {
        writer.dispatch(transaction -> {
            if (owners.owns(lane)) {
                Expiry.expire(transaction, lane);
                discard(transaction, lane);
            }
            return transaction;
        });
    }

    /** Writes the outcome of an attempt. Does nothing where the message is no longer in that attempt. */
    public CompletableFuture<?> finish(Claimed claimed, Outcome outcome) {
        return finish(claimed, outcome, null);
    }

    /**
     * As above, and accepts another message in the same commit.
     *
     * @param fallback what is sent instead of the message, which is dead; at most one is accepted
     */
    public CompletableFuture<?> finish(Claimed claimed, Outcome outcome, @Nullable Incoming fallback) {
        Fallback instead = fallback == null ? null : new Fallback(fallback, arrivals);
        return writer.dispatch(OutcomeWriter.ATTEMPTED, new OutcomeWriter.Ended(claimed, outcome, instead));
    }

    /** Returns how many milliseconds it is until the next message of a lane is due; the greatest number where there is not one. */
    public long untilDue(String lane, Collection<String> apis) {
        return database.read(sql -> Queue.untilDue(sql, lane, apis));
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
        return database.read(sql -> sql.first(
                        "select count(*), min(seq) from work where lane = ?",
                        row -> {
                            long count = row.number();
                            Long oldest = row.numberOrNull();
                            return new Depth(count, oldest == null ? null : Clock.time(oldest));
                        },
                        lane)
                .orElseThrow());
    }

    /** The time of day has changed: has the hours of messages looked at again that wait for them. */
    public void lookAtHours(String lane) {
        writer.dispatch(transaction -> {
            int found = transaction.update(
                    "update work set due = ? where lane = ? and waits = 'hours' and due > ? and " + Stage.READY.is(),
                    Clock.steady(),
                    lane,
                    Clock.steady());
            if (found > 0) {
                transaction.wake(lane);
            }
            return found;
        });
    }

    /** Pauses a lane, or lets it go on where there is no pause; a restart changes nothing of it. */
    public CompletableFuture<?> pause(String lane, @Nullable Pause pause) {
        return writer.dispatch(transaction -> {
            owners.tellAll(transaction, lane);
            return transaction.update(
                    "insert into lane (name, paused, until, paused_by) values (?, ?, ?, ?) on conflict (name) do update"
                            + " set paused = excluded.paused, until = excluded.until, paused_by = excluded.paused_by",
                    lane,
                    pause == null ? null : pause.reason(),
                    pause == null ? null : pause.until(),
                    pause == null ? null : pause.by());
        });
    }

    /** Returns why a lane is paused, if it is. */
    public Optional<Pause> paused(String lane) {
        return database.read(sql -> sql.first(
                        "select paused, until, paused_by from lane where name = ? and paused is not null",
                        Row.as(Pause.class),
                        lane)
                .filter(pause -> !pause.isOver()));
    }

    /** Keeps that a circuit is stopped, or forgets it where there is no reason, and publishes the event that tells of it. */
    public CompletableFuture<?> stopCircuit(
            String lane, String api, @Nullable String why, Map<String, String> settings, ObjectNode event) {
        return writer.dispatch(transaction -> {
            Events.publish(transaction, lane + "/" + api, event);
            Sql sql = transaction.sql();
            sql.update("delete from stopped_circuit where lane = ? and api = ?", lane, api);
            if (why != null) {
                sql.update(
                        "insert into stopped_circuit (lane, api, why, settings) values (?, ?, ?, ?)",
                        lane,
                        api,
                        why,
                        hash(UUID.randomUUID().toString(), settings));
            }
            return transaction;
        });
    }

    /** Returns why a circuit was stopped, if it was and the settings are still those. */
    public Optional<String> stoppedCircuit(String lane, String api, Map<String, String> settings) {
        return database.read(sql -> sql.first(
                        "select why, settings from stopped_circuit where lane = ? and api = ?",
                        row -> Map.entry(row.text(), row.text()),
                        lane,
                        api)
                .filter(stopped -> stopped.getValue().equals(hash(salt(stopped.getValue()), settings)))
                .map(Map.Entry::getKey));
    }

    private static String salt(String hash) {
        return hash.substring(0, hash.indexOf('.'));
    }

    private static String hash(String salt, Map<String, String> settings) {
        return salt + "." + Sha256.hex(salt + new TreeMap<>(settings));
    }
}
