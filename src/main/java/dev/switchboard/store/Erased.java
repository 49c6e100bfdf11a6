package dev.switchboard.store;

/**
 * The outcome of a customer's messages.
 *
 * @param erased had ended, and hold nothing any more
 * @param discarded had not been sent: they are not, and hold nothing any more
 * @param pending are being sent, or wait in a lane of another process: they are erased when that is over
 */
public record Erased(int erased, int discarded, int pending) {

    int all() {
        return erased + discarded + pending;
    }

    Erased and(Erased other) {
        return new Erased(erased + other.erased, discarded + other.discarded, pending + other.pending);
    }
}
