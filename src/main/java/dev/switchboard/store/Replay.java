package dev.switchboard.store;

import org.jspecify.annotations.Nullable;

/**
 * A run that sends dead letters again, or does something else with many messages.
 *
 * @param total how many it took at its beginning
 * @param replayed how many have been sent again, or tried, discarded or resolved; {@code delivered}, {@code relapsed} and {@code discarded} of them have ended
 */
public record Replay(
        long seq,
        String id,
        Wanted wanted,
        String state,
        int stage,
        long total,
        long replayed,
        long delivered,
        long relapsed,
        long discarded,
        long maybeSkipped,
        long changedSkipped,
        long accountSkipped,
        long laterSent,
        @Nullable String why,
        long startedAt,
        @Nullable Long finishedAt) {

    /** Selects its columns; the condition follows. */
    static final String COLUMNS =
            "select seq, id, action, request, cutoff, rate, ramp, stop_at, maybe_sent, reason, state, stage,"
                    + " total, replayed, delivered, relapsed, discarded, skipped_maybe, skipped_changed, skipped_account, later_sent, why,"
                    + " started_at, finished_at from replay where ";

    /**
     * What is asked for.
     *
     * @param action what is done with them
     * @param request the filter or ids as they were asked for, as JSON
     * @param cutoff only what had failed by then, in milliseconds since 1970
     * @param rate the most messages a second; null where nothing limits it
     * @param ramp whether it begins slowly
     * @param stopAt the share of relapses that stops it; null where none does
     * @param maybeSent whether what may have been sent is sent again too
     */
    public record Wanted(
            RunAction action,
            String request,
            long cutoff,
            @Nullable Double rate,
            boolean ramp,
            @Nullable Double stopAt,
            boolean maybeSent,
            @Nullable String reason) {}

    /** Returns how many of those sent again have ended. */
    public long ended() {
        return delivered + relapsed + discarded;
    }

    public long skipped() {
        return maybeSkipped + changedSkipped + accountSkipped;
    }
}
