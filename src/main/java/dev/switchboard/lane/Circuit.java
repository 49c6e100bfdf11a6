package dev.switchboard.lane;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds back the messages of one api and account while it is known that they would fail: an outage opens it, a fault of the
 * configuration stops it. One message at a time then probes whether that is over; the others spend no attempt.
 *
 * <p>Times are of the monotonic clock. All methods may be called by any thread.
 */
final class Circuit {

    private static final int GOOD_PROBES = 2;
    private static final List<Duration> FAULT_PROBES =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

    /** Whether messages pass. */
    enum State {
        CLOSED,
        OPEN,
        STOPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How an attempt ended, as far as the api's health goes. */
    enum End {
        /** The api itself answered, even with a refusal. */
        WELL,
        /** The api was not available, or it is not known what it did. */
        OUTAGE,
        /** The api does not accept the account's credentials or permissions. */
        FAULT
    }

    /**
     * When a circuit opens, and when it is probed.
     *
     * @param window how many of the last attempts are looked at
     * @param failures how many failures among them open it
     * @param probe when it is probed for the first time
     * @param probeMax the longest time between two probes
     */
    record Settings(int window, int failures, Duration probe, Duration probeMax) {}

    /** Is told each change, once and in order, before the next one can be seen; it must be quick and must not fail. */
    @FunctionalInterface
    interface Listener {
        void changed(State state, String why);
    }

    private final Settings settings;
    private final LongSupplier nanos;
    private final Listener listener;
    private final Deque<Boolean> outages = new ArrayDeque<>();
    private State state = State.CLOSED;
    private String why = "";
    private @Nullable String suspect;
    private long generation;
    private boolean probing;
    private int goodProbes;
    private int badProbes;
    private long nextProbe;
    private boolean unclear;
    private Instant since = Instant.EPOCH;
    private int inFlight;
    private int ramp = Integer.MAX_VALUE;

    Circuit(Settings settings, LongSupplier nanos, Listener listener) {
        this.settings = settings;
        this.nanos = nanos;
        this.listener = listener;
    }

    synchronized State state() {
        return state;
    }

    /** Returns why it is not closed. */
    synchronized String why() {
        return why;
    }

    /** Returns how many messages may be claimed now, when there are so many free slots. */
    synchronized int mayClaim(int free) {
        if (state == State.CLOSED) {
            return Math.max(0, Math.min(free, ramp == Integer.MAX_VALUE ? free : ramp - inFlight));
        }
        return !probing && nanos.getAsLong() - nextProbe >= 0 ? Math.min(1, free) : 0;
    }

    /** Returns how long it is until the next probe; a day where none is due by time. */
    synchronized Duration untilProbe() {
        boolean byTime = state != State.CLOSED && !probing;
        return byTime ? Duration.ofNanos(Math.max(0, nextProbe - nanos.getAsLong())) : Duration.ofDays(1);
    }

    /**
     * Returns whether the last failures left it open whether anything was done. Then a probe may do harm, unless its message may be
     * repeated.
     */
    synchronized boolean isUnclear() {
        return unclear;
    }

    /** Shows it, as that of an api. */
    synchronized CircuitView view(String api, List<String> settings) {
        if (state == State.CLOSED) {
            return CircuitView.closed(api);
        }
        long left = nextProbe - nanos.getAsLong();
        String waitsFor = probing ? "the answer to a probe" : left > 0 ? "its next probe" : "a message to probe with";
        return new CircuitView(
                api,
                state.toString(),
                why,
                state == State.STOPPED ? settings : List.of(),
                since,
                waitsFor,
                probing || left <= 0 ? null : Instant.now().plusNanos(left),
                state == State.STOPPED ? 1 : GOOD_PROBES - goodProbes);
    }

    /** Returns a number that changes whenever the state does. */
    synchronized long generation() {
        return generation;
    }

    /**
     * Notes that a message has been claimed.
     *
     * @param claim the generation in which {@link #mayClaim} allowed it; in a later one it is no probe, and opens nothing
     */
    synchronized void claimed(long claim) {
        inFlight++;
        probing = probing || (claim == generation && state != State.CLOSED);
    }

    /** Claims a message where all may pass, and returns what {@link #ended} has to be told; -1 where not. */
    synchronized long claimOne() {
        if (state != State.CLOSED || mayClaim(1) == 0) {
            return -1;
        }
        inFlight++;
        return generation;
    }

    /** Takes a claim back: no attempt was made. */
    synchronized void unclaimed(long claim) {
        inFlight--;
        probing = probing && claim != generation;
    }

    /** Takes back a claim of a message that may not be sent for a while: another message probes later. */
    synchronized void putOff(long claim) {
        boolean probe = probing && claim == generation;
        unclaimed(claim);
        if (probe) {
            schedule(settings.probe);
        }
    }

    /**
     * What an attempt that ended was.
     *
     * @param conversation tells a fault of one conversation from one of all
     * @param first whether it was the first attempt of its message; a message that failed before says less when it fails again
     * @param unclear whether it is not known if it was done
     * @param reason why it failed, a sentence for people
     */
    record Ended(String conversation, boolean first, boolean unclear, String reason) {}

    /**
     * Notes how an attempt ended.
     *
     * @param claim what {@link #claimed} was told
     * @return whether the attempt is not counted: the message would have been held back, had this been known before
     */
    synchronized boolean ended(long claim, End end, Ended attempt) {
        inFlight--;
        if (end == End.OUTAGE) {
            unclear = attempt.unclear;
        }
        if (claim != generation) {
            return end == End.FAULT;
        }
        return switch (state) {
            case CLOSED -> endedClosed(end, attempt);
            case OPEN -> endedOpen(end, attempt);
            case STOPPED -> endedStopped(end);
        };
    }

    private boolean endedClosed(End end, Ended attempt) {
        if (end == End.FAULT) {
            return fault(attempt);
        }
        if (end == End.WELL) {
            suspect = null;
            ramp = ramp == Integer.MAX_VALUE ? ramp : ramp + 1;
        }
        outages.addLast(end == End.OUTAGE);
        if (outages.size() > settings.window) {
            outages.removeFirst();
        }
        if (Collections.frequency(outages, true) >= settings.failures) {
            change(State.OPEN, attempt.reason, settings.probe);
        }
        return false;
    }

    /** The first may be a fault of its conversation alone; a second one, of another, stops the circuit. */
    private boolean fault(Ended attempt) {
        boolean confirmed = suspect != null && !suspect.equals(attempt.conversation);
        if (confirmed) {
            change(State.STOPPED, attempt.reason, FAULT_PROBES.get(0));
        }
        suspect = confirmed ? null : attempt.conversation;
        return confirmed;
    }

    private boolean endedOpen(End end, Ended attempt) {
        probing = false;
        if (end == End.FAULT) {
            return fault(attempt);
        }
        if (end == End.OUTAGE) {
            goodProbes = attempt.first ? 0 : goodProbes;
            badProbes++;
            Duration backoff = settings.probe.multipliedBy(1L << Math.min(badProbes, 20));
            schedule(backoff.compareTo(settings.probeMax) > 0 ? settings.probeMax : backoff);
            return true;
        }
        goodProbes++;
        if (goodProbes >= GOOD_PROBES) {
            close();
        }
        return false;
    }

    private boolean endedStopped(End end) {
        probing = false;
        if (end == End.WELL) {
            close();
            return false;
        }
        badProbes++;
        schedule(FAULT_PROBES.get(Math.min(badProbes, FAULT_PROBES.size() - 1)));
        return true;
    }

    /** Messages flow again, few at first. */
    private void close() {
        change(State.CLOSED, "", Duration.ZERO);
        ramp = 1;
    }

    private void change(State next, String reason, Duration firstProbe) {
        become(next, reason, firstProbe);
        listener.changed(next, reason);
    }

    private void become(State next, String reason, Duration firstProbe) {
        state = next;
        since = Instant.now();
        why = reason;
        generation++;
        probing = false;
        goodProbes = 0;
        badProbes = 0;
        outages.clear();
        schedule(firstProbe);
    }

    private void schedule(Duration wait) {
        nextProbe = nanos.getAsLong() + wait.toNanos();
    }

    /** Stops it again after a restart, without telling the listener, as the stop is known already. */
    synchronized void stop(String reason) {
        become(State.STOPPED, reason, FAULT_PROBES.get(0));
    }

    /** Probes at once, because an operator says that the fault is fixed. */
    synchronized void probeNow() {
        schedule(Duration.ZERO);
    }
}
