package dev.switchboard.operate;

import dev.switchboard.store.Lanes.Depth;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How much waits in each lane. A count is used for twenty times as long as it took: with a few messages it is exact, and with millions
 * of them a console that is left open does not take a core.
 */
final class Depths {

    private static final int TIMES_ITS_COST = 20;

    private final Function<String, Depth> count;
    private final LongSupplier nanos;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(Depth depth, long until) {}

    /** Counts with a clock that never goes back, in nanoseconds. */
    Depths(Function<String, Depth> count, LongSupplier nanos) {
        this.count = count;
        this.nanos = nanos;
    }

    /** Returns how much waits in a lane. */
    Depth of(String lane) {
        long began = nanos.getAsLong();
        Known last = known.get(lane);
        if (last != null && began - last.until < 0) {
            return last.depth;
        }
        Depth depth = count.apply(lane);
        long ended = nanos.getAsLong();
        known.put(lane, new Known(depth, ended + TIMES_ITS_COST * (ended - began)));
        return depth;
    }
}
