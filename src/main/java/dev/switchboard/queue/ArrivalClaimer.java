package dev.switchboard.queue;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A lane that attempts a message as soon as it is kept: it is claimed in the commit that brings it in. All methods are called by
 * the store's own thread and must be quick.
 */
public interface ArrivalClaimer {

    /** Returns all apis of the lane. */
    Collection<String> apis();

    /** Keeps a place for a message of an api; null where it has to wait in the queue, behind others or for a free slot. */
    @Nullable
    Place take(String api);

    /** Nothing is due in the queue of the lane: what the last claim found was all there was. */
    void caughtUp();

    /** The lane has been looked at together with all others. */
    default void looked(LaneState state) {}

    /** What was kept for a message. One of its methods is called. */
    interface Place {

        /** Attempts the message; it is on disk. */
        void attempt(Claimed claimed);

        /** Nothing became of the message. */
        void giveBack();
    }
}
