package dev.switchboard.lane;

import java.util.List;

/**
 * What is shown of a circuit.
 *
 * @param state {@code closed}, {@code open} or {@code stopped}
 * @param why why it is not closed
 * @param settings where it is stopped, the settings that may be at fault
 */
public record CircuitView(String api, String state, String why, List<String> settings) {}
