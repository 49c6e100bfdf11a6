package dev.switchboard.store;

/**
 * A message that is claimed in the commit that brings it in.
 *
 * @param claimed the message
 * @param place what its lane keeps for it
 */
record Arrival(Claimed claimed, Taker.Place place) {

    /** The message is new: its lane has it once it is on disk. */
    void handOver(Transaction transaction) {
        transaction.afterwards(() -> place.attempt(claimed));
    }

    /** The message was there before. */
    void drop(Transaction transaction) {
        transaction.afterwards(place::giveBack);
    }
}
