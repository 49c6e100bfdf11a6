package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Shows the progress of something that takes time, until it ends. */
final class Progress {

    private static final int WIDTH = 30;
    /** Whether the output goes to a terminal, as the launcher finds out. */
    private static final boolean TERMINAL = Boolean.getBoolean("switchboard.terminal");

    private final Target target;
    private final String whole;
    private final String[] ended;

    /**
     * @param whole the field with the number of all messages
     * @param shown further fields; those after the first count messages that have ended
     */
    Progress(Target target, String whole, String... shown) {
        this.target = target;
        this.whole = whole;
        this.ended = shown;
    }

    /** Asks repeatedly while the state is one of {@code goingOn}; returns the last answer. */
    JsonNode follow(String path, List<String> goingOn) throws InterruptedException {
        JsonNode now = target.api().get(path);
        while (goingOn.contains(now.path("state").asText())) {
            show(bar(now), TERMINAL ? "" : System.lineSeparator());
            TimeUnit.MILLISECONDS.sleep(TERMINAL ? 300 : 2_000);
            now = target.api().get(path);
        }
        show(bar(now), System.lineSeparator());
        return now;
    }

    private void show(String bar, String end) {
        if (!target.json()) {
            target.out().print((TERMINAL ? "\r" : "") + bar + end);
            target.out().flush();
        }
    }

    private String bar(JsonNode now) {
        long total = now.path(whole).asLong();
        long done = Arrays.stream(ended)
                .skip(1)
                .mapToLong(field -> now.path(field).asLong())
                .sum();
        int filled = total == 0 ? 0 : (int) Math.min(WIDTH, WIDTH * done / total);
        String counts = Arrays.stream(ended)
                .map(field -> field + " " + now.path(field).asLong())
                .collect(Collectors.joining(", "));
        return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] "
                + now.path("state").asText() + ": " + whole + " " + total + ", " + counts;
    }
}
