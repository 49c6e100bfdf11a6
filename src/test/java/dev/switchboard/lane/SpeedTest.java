package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpeedTest {

    private final AtomicLong nanos = new AtomicLong(-Duration.ofSeconds(3).toNanos());
    private final Speed speed = new Speed(nanos::get);

    private void seconds(int count, int requests) {
        for (int second = 0; second < count; second++) {
            for (int i = 0; i < requests; i++) {
                speed.count();
            }
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void itIsTheMeanOfTheLastTenSeconds() {
        seconds(30, 7);
        assertThat(speed.perSecond()).isEqualTo(7);
        seconds(5, 1);
        assertThat(speed.perSecond()).isEqualTo(4);
    }

    @Test
    void theSecondThatRunsDoesNotCountYet() {
        speed.count();
        assertThat(speed.perSecond()).isZero();
    }

    @Test
    void afterTenQuietSecondsItIsNothing() {
        seconds(3, 100);
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(speed.perSecond()).isZero();
        nanos.addAndGet(Duration.ofDays(3).toNanos());
        assertThat(speed.perSecond()).isZero();
    }
}
