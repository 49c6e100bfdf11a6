package dev.switchboard.lane;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is shown of a circuit.
 *
 * @param state {@code closed}, {@code open} or {@code stopped}
 * @param why why it is not closed
 * @param settings where it is stopped, the settings that may be at fault
 * @param since when it opened or was stopped; null where it is closed
 * @param waitsFor what has to happen next, where it is not closed
 * @param nextProbe when a message is tried next; null where that does not depend on the time
 * @param goodProbesMissing how many probes in a row have to succeed before it closes
 */
public record CircuitView(
        String api,
        String state,
        String why,
        List<String> settings,
        @Nullable Instant since,
        @Nullable String waitsFor,
        @Nullable Instant nextProbe,
        int goodProbesMissing) {

    static CircuitView closed(String api) {
        return new CircuitView(api, "closed", "", List.of(), null, null, null, 0);
    }
}
