package dev.switchboard.lane;

import dev.switchboard.database.Clock;
import dev.switchboard.database.StoreFailed;
import dev.switchboard.database.WakeSignal;
import dev.switchboard.ownership.Ownership;
import dev.switchboard.queue.ArrivalClaimer;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.LaneState;
import dev.switchboard.queue.Pause;
import dev.switchboard.store.Store;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a lane: while this process owns the lane and it is not paused, it claims due messages and begins their
 * attempts. Whatever it meets, it goes on.
 */
final class Dispatcher implements ArrivalClaimer {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final long SAFETY_POLL = 1_000;
    /** Whatever there may be to do wakes it. */
    private static final long LONGEST_SLEEP = 600_000;
    /** While the lane is being given away, it looks so often whether its attempts have ended. */
    private static final long WHILE_LEAVING = 20;

    private static final long ASK_AT_MOST_EVERY = 10;
    /** The clock of the day has been set when it is so many milliseconds off. */
    private static final long CLOCK_MOVED = 10_000;

    private final String lane;
    private final Store store;
    private final Admission admission;
    private final Circuits circuits;
    private final Rate rate;
    private final Attempts attempts;
    private final LaneOwnership ownership;
    private final BooleanSupplier suspended;
    private final WakeSignal alarm;
    private final Thread thread;
    private long lastAsked = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);
    private volatile boolean running = true;
    private volatile @Nullable Pause pause;
    private volatile long pausedAt = System.nanoTime();
    private volatile boolean tends;
    private boolean troubled;
    private volatile long timeOfDay = System.currentTimeMillis() - Clock.steady();

    Dispatcher(
            String lane,
            Store store,
            Admission admission,
            Circuits circuits,
            Rate rate,
            Attempts attempts,
            Predicate<String> mayRepeat,
            BooleanSupplier suspended,
            WakeSignal alarm) {
        this.lane = lane;
        this.store = store;
        this.admission = admission;
        this.circuits = circuits;
        this.rate = rate;
        this.attempts = attempts;
        this.ownership = new LaneOwnership(lane, store, attempts, mayRepeat);
        this.suspended = suspended;
        this.alarm = alarm;
        this.thread = new Thread(this::run, "lane " + lane);
    }

    void start() {
        thread.start();
    }

    /** Claims no more, and ends soon. */
    void stop() {
        running = false;
        alarm.call();
    }

    /** Waits for its end. */
    void join(Duration atMost) throws InterruptedException {
        thread.join(Math.max(1, atMost.toMillis()));
    }

    /** Returns {@code running}, {@code paused}, or {@code standby} while another process has the lane. */
    String state() {
        return isPaused() ? "paused" : ownership.standsBy() ? "standby" : "running";
    }

    boolean isPaused() {
        return pause().isPresent() || suspended.getAsBoolean();
    }

    /** Tells whether messages may be attempted at once here. */
    boolean isOpen() {
        return running && ownership.isWhole() && !isPaused();
    }

    Optional<Pause> pause() {
        return Optional.ofNullable(pause).filter(known -> !known.isOver());
    }

    /** Claims no more until the pause is over, also after a restart; null: claims again, and probes circuits at once. */
    void pause(@Nullable Pause wanted) {
        store.lanes().pause(lane, wanted).join();
        pausedAt = System.nanoTime();
        pause = wanted;
        alarm.call();
    }

    /** Gives the lane away, unless attempts have not ended. */
    void leave() {
        ownership.giveBack();
    }

    private void run() {
        while (running) {
            try {
                if (!owns() || isPaused() || !claimDue()) {
                    idle();
                    alarm.sleep(sleep());
                }
                troubled = false;
            } catch (CompletionException | RejectedExecutionException | StoreFailed e) {
                trouble("the store does not answer", e);
            } catch (Throwable e) {
                trouble("a fault", e);
            }
        }
    }

    /** Logs the first of a series, and waits before the next try. */
    private void trouble(String what, Throwable e) {
        if (!troubled && running) {
            LOG.warn("{}: {}, trying again every second", lane, what, e);
        }
        troubled = true;
        alarm.sleep(SAFETY_POLL);
    }

    /** Called every second: an instance may have paused or resumed the lane, and messages expire where they wait. */
    @Override
    public void looked(LaneState state) {
        boolean same = Objects.equals(pause, state.pause()) || state.at() - pausedAt < 0;
        if (!same) {
            pause = state.pause();
        }
        tends |= state.tend();
        if (!same || state.tend() || state.due() || clockMoved() || ownership.isToChange()) {
            alarm.call();
        }
    }

    /** Messages expire also where none is claimed. */
    private void idle() {
        if (tends) {
            tends = false;
            store.lanes().tend(lane);
        }
        if (clockMoved()) {
            timeOfDay = System.currentTimeMillis() - Clock.steady();
            store.lanes().lookAtHours(lane);
        }
    }

    private boolean clockMoved() {
        return Math.abs(System.currentTimeMillis() - Clock.steady() - timeOfDay) > CLOCK_MOVED;
    }

    private boolean owns() {
        if (ownership.isOwner()) {
            return ownership.stays();
        }
        admission.fallBehind();
        Ownership taken = ownership.take();
        if (taken != Ownership.ELSEWHERE) {
            pause = store.lanes().paused(lane).orElse(null);
        }
        if (taken == Ownership.ANEW) {
            circuits.restore();
        }
        return taken != Ownership.ELSEWHERE;
    }

    private long sleep() {
        boolean full = admission.isFull();
        if (full || circuits.claimable().size() < circuits.apis().size()) {
            admission.fallBehind(); // so that whatever ends from here on wakes it
        }
        if (ownership.leaves() || full) {
            return ownership.leaves() ? WHILE_LEAVING : SAFETY_POLL;
        }
        if (ownership.standsBy()) {
            return LONGEST_SLEEP;
        }
        if (isPaused()) {
            Long until = pause().map(Pause::until).orElse(null);
            return until == null
                    ? LONGEST_SLEEP
                    : Math.max(1, Math.min(LONGEST_SLEEP, until - System.currentTimeMillis()));
        }
        if (rate.available(1) == 0) {
            return Math.max(1, rate.untilNext().toMillis());
        }
        long until = Math.min(untilDue(), circuits.untilProbe());
        return Math.max(1, Math.min(LONGEST_SLEEP, until));
    }

    /** A busy lane is woken so often that to ask the store each time would cost more than what it waits for. */
    private long untilDue() {
        long left = lastAsked + TimeUnit.MILLISECONDS.toNanos(ASK_AT_MOST_EVERY) - System.nanoTime();
        if (left > 0) {
            return TimeUnit.NANOSECONDS.toMillis(left) + 1;
        }
        lastAsked = System.nanoTime();
        return store.lanes().untilDue(lane, circuits.claimable());
    }

    /** Claims what may be attempted, and tells whether there may be more. */
    private boolean claimDue() {
        Admission.Claim claim = admission.claim();
        if (claim.shares().isEmpty()) {
            admission.settle(claim, 0);
            return false;
        }
        List<Claimed> claimed = store.lanes()
                .claim(lane, claim.shares())
                .whenComplete((found, failed) -> begin(claim, found == null ? List.of() : found))
                .join();
        return claim.shares().size() > 1
                ? !claimed.isEmpty()
                : claimed.size() == claim.shares().get(0).most();
    }

    /** Called by the store's thread, so that what is not needed is free before anything else comes in. */
    private void begin(Admission.Claim claim, List<Claimed> claimed) {
        admission.settle(claim, claimed.size());
        claimed.forEach(each -> attempts.begin(each, admission.claimed(each)));
    }

    @Override
    public Collection<String> apis() {
        return circuits.apis();
    }

    @Override
    public void caughtUp() {
        admission.catchUp();
    }

    /** What arrives while nothing is due is attempted without a look into the queue. */
    @Override
    public @Nullable Place take(String api) {
        long claim = isOpen() ? admission.arrives(api) : -1;
        return claim < 0
                ? null
                : new Place() {
                    @Override
                    public void attempt(Claimed claimed) {
                        attempts.begin(claimed, claim);
                    }

                    @Override
                    public void giveBack() {
                        admission.didNotArrive(api, claim);
                        wakeIfBehind();
                    }
                };
    }

    private void wakeIfBehind() {
        if (admission.isBehind()) {
            alarm.call();
        }
    }
}
