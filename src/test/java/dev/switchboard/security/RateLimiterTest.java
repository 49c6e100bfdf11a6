package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

    private static final long SECOND = 1_000_000_000;

    private final AtomicLong now = new AtomicLong();
    private final RateLimiter limiter = new RateLimiter(now::get);

    private long passed(String name, int tries) {
        return IntStream.range(0, tries).filter(i -> limiter.pass(name, 10)).count();
    }

    @Test
    void asManyPassAtOnceAsMayInASecond() {
        assertThat(passed("a", 50)).isEqualTo(10);
        assertThat(passed("b", 50)).as("another has its own").isEqualTo(10);
    }

    @Test
    void whatIsNotUsedIsNotSavedUp() {
        passed("a", 10);
        now.addAndGet(SECOND / 2);
        assertThat(passed("a", 50)).isEqualTo(5);
        now.addAndGet(SECOND * 3600);
        assertThat(passed("a", 50)).isEqualTo(10);
    }

    @Test
    void whoTriesAllTheTimePassesAsOftenAsHeMay() {
        long passed = IntStream.range(0, 10_000)
                .filter(i -> {
                    now.addAndGet(SECOND / 1000);
                    return limiter.pass("a", 10);
                })
                .count();
        assertThat(passed).isBetween(100L, 110L);
    }
}
