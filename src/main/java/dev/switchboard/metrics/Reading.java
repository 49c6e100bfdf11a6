package dev.switchboard.metrics;

import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits in the store, read once for all gauges of a scrape. A reading is used for at least a second and for twenty times
 * as long as it took, so scrapes cost little however often they come and however much waits.
 */
final class Reading implements Supplier<Optional<Load>> {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);
    private static final long AT_LEAST = 1_000_000_000;
    private static final int TIMES_ITS_COST = 20;

    private final Supplier<Load> store;
    private final LongSupplier nanos;
    private Optional<Load> last = Optional.empty();
    private long until;

    Reading(Supplier<Load> store, LongSupplier nanos) {
        this.store = store;
        this.nanos = nanos;
        this.until = nanos.getAsLong();
    }

    /** Returns nothing while the store does not answer. */
    @Override
    public synchronized Optional<Load> get() {
        long began = nanos.getAsLong();
        if (began - until >= 0) {
            last = read();
            long ended = nanos.getAsLong();
            until = ended + Math.max(AT_LEAST, TIMES_ITS_COST * (ended - began));
        }
        return last;
    }

    private Optional<Load> read() {
        try {
            return Optional.of(store.get());
        } catch (RuntimeException e) {
            LOG.debug("The store does not say what waits in it.", e);
            return Optional.empty();
        }
    }
}
