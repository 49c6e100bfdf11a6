package dev.switchboard.operate;

import dev.switchboard.store.Replay;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast a run may be: its rate and, if it starts slowly, the rate of its present stage. */
final class Pace {

    private static final double[] RAMP = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};
    private static final long STAGE = Duration.ofSeconds(5).toNanos();
    private static final int AT_ONCE = 500;
    private static final int SECONDS_AHEAD = 5;
    private static final int MOST_AHEAD = 1_000;

    private final long begun;
    private int stage;
    private long since;
    private long endedBefore;
    private long last;
    private double allowed = 1;

    Pace(Replay replay, long now) {
        this.begun = now;
        this.since = begun;
        this.last = begun;
        this.stage = replay.stage();
        this.endedBefore = replay.ended();
    }

    int stage() {
        return stage;
    }

    /** Returns the present limit in messages a second; null if there is none. */
    static @Nullable Double rate(Replay replay, int stage) {
        Double rate = replay.wanted().rate();
        if (!replay.wanted().ramp() || stage >= RAMP.length) {
            return rate;
        }
        return rate == null ? RAMP[stage] : Math.min(rate, RAMP[stage]);
    }

    /**
     * Returns how many may be sent again now. A run with a limit of new failures never gets far ahead of the known outcomes.
     *
     * @param now of the monotonic clock, in nanoseconds
     */
    int allowed(Replay replay, long now) {
        climb(replay, now);
        Double rate = rate(replay, stage);
        if (rate == null) {
            allowed = AT_ONCE;
        } else {
            allowed = Math.min(Math.max(1, rate / 5), allowed + rate * (now - last) / 1e9);
        }
        last = now;
        boolean careful = replay.wanted().ramp() || replay.wanted().stopAt() != null;
        double ahead = rate == null ? MOST_AHEAD : Math.max(SECONDS_AHEAD, rate * SECONDS_AHEAD);
        double room = careful ? ahead - (replay.replayed() - replay.ended()) : AT_ONCE;
        return (int) Math.max(0, Math.min(allowed, room));
    }

    /** The next stage begins when this one has lasted long enough and a message of it has ended. */
    private void climb(Replay replay, long now) {
        if (now - since >= STAGE && replay.ended() > endedBefore) {
            stage = Math.min(RAMP.length, stage + 1);
            since = now;
            endedBefore = replay.ended();
        }
    }

    void taken(long messages) {
        allowed -= messages;
    }
}
