package dev.switchboard;

import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What {@link LongOutageIT} proves, with short outages and few messages. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1) // it takes long
class OutageIT {

    private static final Duration LENGTH = Duration.ofSeconds(4);
    private static final int WAITING = 1_000;

    @Test
    void anOutageKillsNothingAndEndsWithoutABurst() throws Exception {
        VendorOutage.strike(StoreKind.SQLITE, LENGTH, WAITING);
    }

    @Test
    void busyLanesStopTogether() throws Exception {
        Restarts.busyLanesStopTogether(StoreKind.SQLITE, 24);
    }

    @Test
    void aVendorThatHangsKeepsTheBusFromStoppingForNoLongerThanItsGrace() throws Exception {
        Restarts.aVendorThatHangsDoesNotKeepItFromStopping(StoreKind.SQLITE);
    }

    @Test
    void aKillBetweenOutcomeAndPublicationLosesNoReplyAndNoDeadLetter() throws Exception {
        Restarts.whatHasToGoOutGoesOut(StoreKind.SQLITE, 1);
    }
}
