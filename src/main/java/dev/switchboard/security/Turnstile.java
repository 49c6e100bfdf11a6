package dev.switchboard.security;

import dev.switchboard.store.ApiKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Lets each key through as often as it may; what it did not use of the last second it may use at once. */
final class Turnstile {

    private static final double NANOS = 1e9;

    private final LongSupplier nanos;
    private final Map<String, Left> left = new ConcurrentHashMap<>();

    /** How many requests a key may make at once, as of a time. */
    private record Left(double requests, long at, boolean passed) {}

    /** Lets through by a monotonic clock. */
    Turnstile(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Says whether a key may make another request now, which counts then. */
    boolean pass(ApiKey key) {
        Integer most = key.perSecond();
        if (most == null) {
            return true;
        }
        long now = nanos.getAsLong();
        return left.merge(key.name(), take(new Left(most, now, false)), (before, first) -> {
                    double since = (now - before.at) / NANOS;
                    return take(new Left(Math.min(most, before.requests + since * most), now, false));
                })
                .passed;
    }

    private static Left take(Left left) {
        return left.requests >= 1 ? new Left(left.requests - 1, left.at, true) : left;
    }
}
