package dev.switchboard.store;

import dev.switchboard.message.State;
import dev.switchboard.queue.Waiting;
import java.util.Locale;
import java.util.Set;

/** What a run does with the messages that it takes. */
public enum RunAction {
    /** Sends dead letters again. */
    REPLAY,
    /** Discards dead letters. */
    DISCARD,
    /** Closes uncertain messages as delivered. */
    RESOLVE,
    /** Has waiting messages tried at once. */
    TRY,
    /** Discards messages that have not been sent. */
    DISCARD_WAITING;

    private Set<State> states() {
        return switch (this) {
            case REPLAY, DISCARD -> Filter.FAILED;
            case RESOLVE -> Set.of(State.UNCERTAIN);
            case TRY, DISCARD_WAITING -> Set.of(State.ACCEPTED, State.WAITING);
        };
    }

    /** Narrows a filter down to what it may take: what had failed, or was accepted, by a time. */
    void narrow(Filter filter, long cutoff) {
        filter.states(states());
        if (states().contains(State.WAITING)) {
            filter.acceptedBy(cutoff);
        } else {
            filter.failedBy(cutoff);
        }
        if (this == TRY && filter.waiting == null) {
            filter.waiting(Waiting.Wanted.DUE_LATER);
        }
    }

    /** Returns the name as the contract spells it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
