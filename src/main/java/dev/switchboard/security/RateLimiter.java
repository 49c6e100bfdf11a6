package dev.switchboard.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Limits each name to a number of requests per second; what was not used of the last second may be used at once. */
public final class RateLimiter {

    private static final double NANOS = 1e9;
    private static final int MOST_NAMES = 100_000;

    private final LongSupplier nanos;
    private final Map<String, Left> left = new ConcurrentHashMap<>();

    /** How many requests are left to a name as of a time, and whether the last one passed. */
    private record Left(double requests, long at, boolean passed) {

        Left take() {
            return requests >= 1 ? new Left(requests - 1, at, true) : this;
        }
    }

    /** Measures by a monotonic clock. */
    public RateLimiter(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns whether a request may pass now; if so, it is counted. */
    public boolean pass(String name, int perSecond) {
        long now = nanos.getAsLong();
        if (left.size() > MOST_NAMES) {
            left.values().removeIf(each -> now - each.at > NANOS);
        }
        return left.merge(name, new Left(perSecond, now, false).take(), (before, first) -> {
                    double since = (now - before.at) / NANOS;
                    return new Left(Math.min(perSecond, before.requests + since * perSecond), now, false).take();
                })
                .passed;
    }
}
