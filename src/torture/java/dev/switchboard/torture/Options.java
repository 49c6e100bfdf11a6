package dev.switchboard.torture;

import java.util.Arrays;
import java.util.List;

/**
 * The arguments of the command.
 *
 * @param minutes for how long rounds are begun; each chosen fault is played at least once
 * @param stores {@code sqlite}, {@code postgresql}
 * @param faults which are played
 * @param seed what all choices come from
 */
record Options(int minutes, List<String> stores, List<Scenario> faults, long seed) {

    static Options of(String... arguments) {
        var options = new Options(5, List.of("sqlite", "postgresql"), List.of(Scenario.values()), 1);
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " wants a value");
            }
            options = options.with(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--minutes" -> new Options(Integer.parseInt(value), stores, faults, seed);
            case "--store" -> new Options(minutes, stores(value), faults, seed);
            case "--fault" ->
                new Options(
                        minutes,
                        stores,
                        Arrays.stream(value.split(",", -1)).map(Scenario::of).toList(),
                        seed);
            case "--seed" -> new Options(minutes, stores, faults, Long.parseLong(value));
            default -> throw new IllegalArgumentException("torture does not know " + name);
        };
    }

    private static List<String> stores(String value) {
        return switch (value) {
            case "both" -> List.of("sqlite", "postgresql");
            case "sqlite", "postgresql" -> List.of(value);
            default -> throw new IllegalArgumentException("--store: must be sqlite, postgresql or both");
        };
    }
}
