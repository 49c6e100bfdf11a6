package dev.switchboard.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options after the scenarios' names: {@code --name value}, each for every scenario that has such an option. */
final class Options {

    private final Map<String, String> given = new HashMap<>();
    private final Set<String> known = new HashSet<>();

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException where a name or value is missing
     */
    Options(String... arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (!arguments[i].startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException("bench: an option is --name value, and not " + arguments[i]);
            }
            given.put(arguments[i].substring(2), arguments[i + 1]);
        }
    }

    int number(String name, int otherwise) {
        known.add(name);
        return given.containsKey(name) ? Integer.parseInt(given.get(name)) : otherwise;
    }

    double ratio(String name, double otherwise) {
        known.add(name);
        return given.containsKey(name) ? Double.parseDouble(given.get(name)) : otherwise;
    }

    String text(String name, String otherwise) {
        known.add(name);
        return given.getOrDefault(name, otherwise);
    }

    /** Returns the words between commas. */
    List<String> list(String name, String otherwise) {
        known.add(name);
        return List.of(given.getOrDefault(name, otherwise).split(",", -1));
    }

    /**
     * Makes sure that none was given which no scenario asked for.
     *
     * @throws IllegalArgumentException where one was
     */
    void refuseOthers() {
        given.keySet().stream().filter(name -> !known.contains(name)).findAny().ifPresent(name -> {
            throw new IllegalArgumentException("bench does not know --" + name);
        });
    }
}
