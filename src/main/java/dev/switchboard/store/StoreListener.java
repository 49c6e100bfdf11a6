package dev.switchboard.store;

import dev.switchboard.message.Outcome;

/** Hears of what is on disk, on the store's own thread: it must be quick. */
public interface StoreListener {

    /**
     * Messages have come in.
     *
     * @param intake the way that they came
     * @param result {@code accepted}, {@code duplicate}, {@code conflict} or {@code invalid}
     */
    default void cameIn(String intake, String result, long messages) {}

    /** A message has come to its end by its lane, or to another one after a replay. */
    default void finished(String lane, Outcome outcome) {}

    /** The dead-letter route of a message that had failed before was chosen. */
    default void deadLettered(String lane, String route) {}

    /** A file could not be read to its end, or was not whole. */
    default void batchStopped() {}

    /**
     * A commit is on disk.
     *
     * @param changes how many shared it
     * @param nanos how long they took together
     */
    default void committed(int changes, long nanos) {}
}
