package dev.switchboard.torture;

import java.util.HashSet;
import java.util.Set;

/**
 * What the faults of a round excuse; anything beyond it counts as lost.
 *
 * @param uncertain how many messages may be uncertain without a request in the vendor's log: those that a kill caught
 *     between their mark and the vendor, or that a vendor cut off unread
 * @param dead the failure classes of which messages may be dead
 */
record Allowance(int uncertain, Set<String> dead) {

    static final Allowance NONE = new Allowance(0, Set.of());

    Allowance and(Allowance other) {
        var classes = new HashSet<>(dead);
        classes.addAll(other.dead);
        return new Allowance(uncertain + other.uncertain, Set.copyOf(classes));
    }
}
