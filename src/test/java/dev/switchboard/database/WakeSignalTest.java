package dev.switchboard.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WakeSignalTest {

    private final WakeSignal alarm = new WakeSignal();

    private Duration timed(Runnable task) {
        long begin = System.nanoTime();
        task.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void aCallBeforeTheSleepIsNotLost() {
        alarm.call();
        assertThat(timed(() -> alarm.sleep(5_000))).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void callsBeforeTheSleepCountOnce() {
        alarm.call();
        alarm.call();
        alarm.sleep(5_000);
        assertThat(timed(() -> alarm.sleep(50))).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    void aCallEndsTheSleep() throws InterruptedException {
        var sleeper = new Thread(() -> alarm.sleep(60_000));
        sleeper.start();
        alarm.call();
        sleeper.join();
    }

    @Test
    void withoutACallTheTimeEndsTheSleep() {
        assertThat(timed(() -> alarm.sleep(30))).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void anInterruptionEndsTheSleepAndIsKept() {
        Thread.currentThread().interrupt();
        alarm.sleep(60_000);
        assertThat(Thread.interrupted()).isTrue();
    }
}
