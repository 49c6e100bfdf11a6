package dev.switchboard.sandbox;

import java.time.Duration;
import java.util.Map;

/**
 * What goes back to the bus, how late, and whether anything goes back at all.
 *
 * @param isDropped whether the connection is cut instead
 */
record Answer(int status, Map<String, String> headers, String body, Duration delay, boolean isDropped) {

    static Answer of(int status, Map<String, String> headers, String body) {
        return new Answer(status, headers, body, Duration.ZERO, false);
    }

    /** Returns the answer that never comes: the connection is cut instead. */
    static Answer drop() {
        return new Answer(0, Map.of(), "", Duration.ZERO, true);
    }

    Answer after(Duration time) {
        return new Answer(status, headers, body, time, isDropped);
    }
}
