package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private final Slots slots = new Slots(2);

    @Test
    void whatComesTakesNoSlotWhileSomethingMayBeDue() {
        assertThat(slots.takeOnArrival()).isFalse();
        slots.catchUp();
        assertThat(slots.takeOnArrival()).isTrue();
        slots.fallBehind();
        assertThat(slots.takeOnArrival()).isFalse();
        assertThat(slots.used()).isEqualTo(1);
    }

    @Test
    void anAttemptThatHasEndedFreesItsSlotAndCountsUntilItsOutcomeIsOnDisk() {
        slots.catchUp();
        for (int i = 0; i < 4; i++) {
            assertThat(slots.takeOnArrival()).as("attempt %s", i).isTrue();
            slots.release();
        }
        assertThat(slots.used()).isZero();
        assertThat(slots.free()).isZero();
        assertThat(slots.takeOnArrival()).isFalse();
        assertThat(slots.written()).as("it was full").isTrue();
        assertThat(slots.takeOnArrival()).isTrue();
        assertThat(slots.written()).isTrue();
        assertThat(slots.written()).isFalse();
    }

    @Test
    void whatIsKeptForAClaimIsNoAttemptAndNobodyElses() throws InterruptedException {
        assertThat(slots.await(0)).as("done at once").isTrue();
        slots.catchUp();
        assertThat(slots.reserve(5)).as("as many as there are").isEqualTo(1);
        assertThat(slots.used()).isEqualTo(1);
        assertThat(slots.takeOnArrival()).isFalse();
        slots.settle(1, 0);
        assertThat(slots.takeOnArrival()).isTrue();
        assertThat(slots.used()).isEqualTo(2);
    }

    @Test
    void allSlotsAreAwaited() throws InterruptedException {
        assertThat(slots.reserve(1)).isEqualTo(1);
        slots.settle(1, 1);
        assertThat(slots.awaitEnd(Duration.ZERO)).isFalse();
        slots.release();
        slots.written();
        assertThat(slots.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(slots.await(0)).as("a lane that starts again has them").isTrue();
    }
}
