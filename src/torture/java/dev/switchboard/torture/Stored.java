package dev.switchboard.torture;

import java.util.Set;

/**
 * A message as the store has it.
 *
 * @param failureClass why it failed; empty where it did not
 */
record Stored(String id, String vendor, String state, String failureClass) {

    private static final Set<String> FINISHED = Set.of("delivered", "dead", "uncertain", "discarded", "replaced");

    boolean finished() {
        return FINISHED.contains(state);
    }

    boolean is(String other) {
        return state.equals(other);
    }
}
