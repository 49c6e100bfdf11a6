package dev.switchboard;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code ./switchboard check}.
 *
 * @param files the files to read
 * @param profile the profile that was named
 * @param faults how many faults of a file are shown
 * @param json whether the report is for programs
 * @param settings what {@code -D} sets
 */
record CheckOptions(
        List<Path> files, Optional<String> profile, int faults, boolean json, Map<String, String> settings) {

    private static final int SHOWN = 20;
    private static final String USAGE =
            "usage: ./switchboard check [--profile NAME] [--faults N] [--json] [--config FILE] [-Dkey=value] FILE...";

    /**
     * Reads the arguments of the command.
     *
     * @throws IllegalArgumentException when they are wrong; the text says how
     */
    static CheckOptions read(String... arguments) {
        var files = new ArrayList<Path>();
        var settings = new TreeMap<String, String>();
        Optional<String> profile = Optional.empty();
        int faults = SHOWN;
        boolean json = false;
        Deque<String> rest = new ArrayDeque<>(List.of(arguments));
        while (!rest.isEmpty()) {
            String argument = rest.pop();
            switch (argument) {
                case "--profile" -> profile = Optional.of(value(argument, rest.poll()));
                case "--faults" -> faults = number(value(argument, rest.poll()));
                case "--json" -> json = true;
                default -> other(argument, files, settings);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        return new CheckOptions(files, profile, faults, json, settings);
    }

    private static void other(String argument, List<Path> files, Map<String, String> settings) {
        if (argument.matches("-D[^=]+(=.*)?")) {
            int equals = argument.indexOf('=');
            settings.put(
                    argument.substring(2, equals < 0 ? argument.length() : equals),
                    equals < 0 ? "" : argument.substring(equals + 1));
        } else if (argument.startsWith("-")) {
            throw new IllegalArgumentException("check does not know " + argument + "\n" + USAGE);
        } else {
            files.add(Path.of(argument));
        }
    }

    private static String value(String option, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(option + " needs a value\n" + USAGE);
        }
        return value;
    }

    private static int number(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("--faults needs a number up to 99999");
        }
        return Integer.parseInt(text);
    }

    /** Returns the profile of a file: the one that was named, else the name of its folder, if that is in an {@code inbox}. */
    String profileOf(Path file) {
        return profile.orElseGet(() -> {
            Path folder = file.toAbsolutePath().normalize().getParent();
            Path above = folder == null ? null : folder.getParent();
            return folder != null && above != null && above.endsWith("inbox")
                    ? String.valueOf(folder.getFileName())
                    : "";
        });
    }
}
