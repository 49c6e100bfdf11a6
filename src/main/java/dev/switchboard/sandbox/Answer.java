package dev.switchboard.sandbox;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What goes back to the bus, how late, and whether anything goes back at all. */
final class Answer {

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Duration delay;
    private final boolean dropped;

    private Answer(int status, Map<String, String> headers, byte[] body, Duration delay, boolean dropped) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.delay = delay;
        this.dropped = dropped;
    }

    static Answer of(int status, Map<String, String> headers, String body) {
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8), Duration.ZERO, false);
    }

    /** Returns the answer that never comes: the connection is cut instead. */
    static Answer drop() {
        return new Answer(0, Map.of(), new byte[0], Duration.ZERO, true);
    }

    Answer after(Duration time) {
        return new Answer(status, headers, body, time, dropped);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body.clone();
    }

    Duration delay() {
        return delay;
    }

    boolean isDropped() {
        return dropped;
    }
}
