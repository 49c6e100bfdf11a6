package dev.switchboard.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReadingTest {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong now = new AtomicLong(-5);
    private final AtomicInteger reads = new AtomicInteger();
    private long cost = MILLISECOND;
    private boolean fails;

    private Load read() {
        reads.incrementAndGet();
        now.addAndGet(cost);
        if (fails) {
            throw new IllegalStateException("the database does not answer");
        }
        return new Load(Map.of(), Map.of(), reads.get(), Map.of(), Map.of(), Map.of(), 0);
    }

    private final Reading reading = new Reading(this::read, now::get);

    @Test
    void allGaugesOfAScrapeShareOneReading() {
        assertThat(reading.get()).isEqualTo(reading.get());
        assertThat(reads).hasValue(1);
        now.addAndGet(1_001 * MILLISECOND);
        assertThat(reading.get().orElseThrow().aside()).isEqualTo(2);
    }

    @Test
    void aReadingThatTookLongIsKeptLonger() {
        cost = 500 * MILLISECOND;
        reading.get();
        now.addAndGet(9_900 * MILLISECOND);
        reading.get();
        assertThat(reads).hasValue(1);
        now.addAndGet(200 * MILLISECOND);
        reading.get();
        assertThat(reads).hasValue(2);
    }

    @Test
    void aStoreThatDoesNotAnswerIsAskedAgainLater() {
        fails = true;
        assertThat(reading.get()).isEmpty();
        fails = false;
        now.addAndGet(1_001 * MILLISECOND);
        assertThat(reading.get()).isPresent();
    }
}
