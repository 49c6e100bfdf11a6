package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLetterWatchTest {

    private final List<ObjectNode> events = new ArrayList<>();
    private long now;

    private DeadLetterWatch watch(int most) {
        return new DeadLetterWatch(most, () -> now, (lane, event) -> events.add(event));
    }

    private void die(DeadLetterWatch watch, int messages, Duration apart) {
        for (int i = 0; i < messages; i++) {
            now += apart.toNanos();
            watch.finished("acme/default", new Outcome(State.DEAD, 0, true, false, null, null, null));
        }
    }

    @Test
    void itTellsOnceWhileTheyComeTooFast() {
        DeadLetterWatch watch = watch(10);
        die(watch, 10, Duration.ofSeconds(1));
        assertThat(events).isEmpty();
        die(watch, 1, Duration.ofSeconds(1));
        assertThat(events)
                .singleElement()
                .satisfies(
                        event -> assertThat(event.toString())
                                .contains(
                                        "\"dead-letters-above-rate\",\"vendor\":\"acme\",\"account\":\"default\",\"perMinute\":10"));
        die(watch, 500, Duration.ofSeconds(1));
        assertThat(events).hasSize(1);
    }

    @Test
    void itTellsAgainAfterAMinuteInWhichTheyDidNot() {
        DeadLetterWatch watch = watch(10);
        die(watch, 20, Duration.ofSeconds(1));
        die(watch, 20, Duration.ofSeconds(10));
        assertThat(events).hasSize(1);
        die(watch, 20, Duration.ofSeconds(1));
        assertThat(events).hasSize(2);
    }

    @Test
    void whatIsDeliveredOrComesSlowlyOrIsNotWatchedTellsNothing() {
        DeadLetterWatch slow = watch(10);
        die(slow, 100, Duration.ofMillis(6_100));
        for (int i = 0; i < 100; i++) {
            slow.finished("acme/default", new Outcome(State.DELIVERED, 0, true, false, null, null, null));
        }
        die(watch(0), 100, Duration.ofMillis(1));
        assertThat(events).isEmpty();
    }
}
