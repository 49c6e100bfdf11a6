package dev.switchboard.torture;

import java.util.ArrayList;
import java.util.List;

/** What a comparison finds: counts, and for each fault of the bus a sentence. */
record Findings(
        int accepted,
        List<String> lost,
        List<String> doubled,
        List<String> outOfOrder,
        List<String> stuck,
        int uncertain,
        int dead,
        List<String> unpublished,
        List<String> broken) {

    static final Findings NONE =
            new Findings(0, List.of(), List.of(), List.of(), List.of(), 0, 0, List.of(), List.of());

    boolean clean() {
        return wrong().isEmpty();
    }

    List<String> wrong() {
        var all = new ArrayList<String>();
        List.of(lost, doubled, outOfOrder, stuck, unpublished, broken).forEach(all::addAll);
        return all;
    }

    /** Adds what else the bus did against its promises. */
    Findings withBroken(List<String> more) {
        return and(new Findings(0, List.of(), List.of(), List.of(), List.of(), 0, 0, List.of(), more));
    }

    Findings and(Findings other) {
        return new Findings(
                accepted + other.accepted,
                both(lost, other.lost),
                both(doubled, other.doubled),
                both(outOfOrder, other.outOfOrder),
                both(stuck, other.stuck),
                uncertain + other.uncertain,
                dead + other.dead,
                both(unpublished, other.unpublished),
                both(broken, other.broken));
    }

    private static List<String> both(List<String> one, List<String> other) {
        var all = new ArrayList<>(one);
        all.addAll(other);
        return List.copyOf(all);
    }
}
