package dev.switchboard.metrics;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The last stretches of all lanes; the oldest make room. */
final class Ring {

    private static final int OF_ALL = 360;

    private final int seconds;
    private final Deque<Row> rows = new ArrayDeque<>();

    /**
     * What happened up to a time.
     *
     * @param lanes by their names
     */
    record Row(Instant until, Map<String, Stretch> lanes) {

        Stretch of(String lane) {
            return lanes.getOrDefault(lane, Stretch.NONE);
        }
    }

    Ring(int seconds) {
        this.seconds = seconds;
    }

    /** Returns how long a stretch is. */
    int seconds() {
        return seconds;
    }

    synchronized void add(Row row) {
        rows.addLast(row);
        if (rows.size() > OF_ALL) {
            rows.removeFirst();
        }
    }

    /** Returns them, the oldest first. */
    synchronized List<Row> rows() {
        return new ArrayList<>(rows);
    }
}
