package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

    private static final long WINDOW = Duration.ofSeconds(10).toNanos();

    private long now;

    /** Starts attempts for a minute whenever they may, waking up to 60 ms late. */
    private List<Long> starts(String text) {
        var random = new Random(7);
        var rate = new Rate(Rate.interval(Optional.of(text)), () -> now);
        var starts = new ArrayList<Long>();
        while (now < 6 * WINDOW) {
            int count = rate.available(1_000);
            rate.take(count);
            for (int i = 0; i < count; i++) {
                starts.add(now);
            }
            now += Math.max(1_000_000, rate.untilNext().toNanos()) + random.nextInt(60_000_000);
        }
        return starts;
    }

    private static long mostInAWindow(List<Long> starts) {
        long most = 0;
        int from = 0;
        for (int to = 0; to < starts.size(); to++) {
            while (starts.get(to) - starts.get(from) >= WINDOW) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 200, 1000})
    void noWindowOfTenSecondsHoldsMoreThanTwoPercentTooMuchOrTooLittle(int perSecond) {
        List<Long> starts = starts(perSecond + "/s");
        assertThat(mostInAWindow(starts)).isLessThanOrEqualTo(Math.round(perSecond * 10 * 1.02));
        assertThat(starts.size()).isGreaterThanOrEqualTo((int) (perSecond * 60 * 0.98));
    }

    @Test
    void anAttemptThatDoesNotStartTakesNothing() {
        var rate = new Rate(Rate.interval(Optional.of("10/s")), () -> now);
        rate.take(rate.available(1_000));
        assertThat(rate.available(1)).isZero();
        rate.giveBack(1);
        assertThat(rate.available(1)).isEqualTo(1);
    }

    @Test
    void anIdleHourIsNotCaughtUpWith() {
        var rate = new Rate(Rate.interval(Optional.of("100/s")), () -> now);
        now += Duration.ofHours(1).toNanos();
        assertThat(rate.available(1_000)).isLessThanOrEqualTo(11);
    }

    @Test
    void whoAsksForOneStartWaitsForItsTimeOrGivesUp() {
        var rate = new Rate(Rate.interval(Optional.of("20/s")), System::nanoTime);
        long began = System.nanoTime();
        for (int i = 0; i < 6; i++) {
            assertThat(rate.await(Duration.ofSeconds(5))).isTrue();
        }
        assertThat(System.nanoTime() - began)
                .isGreaterThan(Duration.ofMillis(140).toNanos());
        rate.take(100);
        assertThat(rate.await(Duration.ofMillis(20))).isFalse();
    }

    @Test
    void aRateIsReadBySecondOrMinute() {
        assertThat(Rate.interval(Optional.of("10/s")))
                .isEqualTo(Duration.ofMillis(100).toNanos());
        assertThat(Rate.interval(Optional.of("300/m")))
                .isEqualTo(Duration.ofMillis(200).toNanos());
        assertThat(Rate.interval(Optional.empty())).isZero();
        assertThatThrownBy(() -> Rate.interval(Optional.of("10/h"))).isInstanceOf(IllegalArgumentException.class);
    }
}
