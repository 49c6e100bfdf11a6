package dev.switchboard.console;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a viewer is shown.
 *
 * @param status the HTTP status
 * @param template the page under {@code templates/console/}; empty: the data has the address of another screen
 * @param data what it shows
 */
record Screen(int status, String template, Map<String, Object> data) {

    private static final String ADDRESS = "address";

    static Screen of(String template, Map<String, Object> data) {
        return new Screen(200, template, data);
    }

    /** Leads to another screen. */
    static Screen at(String address) {
        return new Screen(303, "", Map.of(ADDRESS, address));
    }

    String address() {
        return String.valueOf(data.get(ADDRESS));
    }

    /** Shows why something does not exist or was not done. */
    static Screen refused(Api.Refusal refusal) {
        return new Screen(refusal.status(), "refused", Map.of("reason", refusal.title(), "status", refusal.status()));
    }

    /** Shows a form again that was refused: with what was typed, each fault next to its field, and any others on top. */
    Screen refused(Api.Refusal refusal, Map<String, String> typed) {
        var again = new HashMap<>(data);
        again.put("typed", typed);
        again.put("faults", refusal.faults());
        again.put("refusal", refusal.faults().isEmpty() ? refusal.title() : "");
        again.put(
                "otherFaults",
                refusal.faults().entrySet().stream()
                        .filter(fault -> !typed.containsKey(fault.getKey()))
                        .map(fault ->
                                fault.getKey().isEmpty() ? fault.getValue() : fault.getKey() + ": " + fault.getValue())
                        .collect(Collectors.toList()));
        return new Screen(refusal.status(), template, again);
    }
}
