package dev.switchboard.console;

import java.util.Map;

/**
 * What a visitor is shown.
 *
 * @param status the HTTP status
 * @param template the page under {@code templates/console/}
 * @param data what it shows
 */
record Screen(int status, String template, Map<String, Object> data) {

    static Screen of(String template, Map<String, Object> data) {
        return new Screen(200, template, data);
    }

    /** Shows why something is not there or was not done. */
    static Screen refused(Api.Refusal refusal) {
        return new Screen(
                refusal.status(),
                "refused",
                Map.of("reason", String.valueOf(refusal.getMessage()), "status", refusal.status()));
    }
}
