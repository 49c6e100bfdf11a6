package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long each party is warmed up, and how often and how long it is measured, one after the other again and again. */
record Turns(Duration warm, Duration turn, int count) {

    /** Reads {@code --warm}, {@code --seconds} and {@code --turns}. */
    static Turns of(Options options, int warm, int seconds, int count) {
        return new Turns(
                Duration.ofSeconds(options.number("warm", warm)),
                Duration.ofSeconds(options.number("seconds", seconds)),
                options.number("turns", count));
    }

    /** Has each take what it can, with at most so many messages between their post and the vendor. */
    Map<Measured, List<Turn>> play(List<Measured> parties, int window) throws Exception {
        for (Measured party : parties) {
            party.flood(window, warm);
        }
        var found = new LinkedHashMap<Measured, List<Turn>>();
        for (int i = 0; i < count; i++) {
            for (Measured party : parties) {
                found.computeIfAbsent(party, each -> new ArrayList<>()).add(party.flood(window, turn));
            }
        }
        return found;
    }
}
