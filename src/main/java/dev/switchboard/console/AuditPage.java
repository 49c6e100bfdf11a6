package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shows who did what. */
final class AuditPage {

    private static final List<String> FILTERS = List.of("who", "operation", "subject", "from", "to");

    private AuditPage() {}

    static Screen show(Api api, Visit visit) {
        Map<String, String> asked = visit.given(FILTERS);
        Map<String, String> shown = visit.shown(FILTERS);
        var data = new HashMap<String, Object>(Map.of("asked", shown, "entries", List.of(), "older", ""));
        data.put("file", Visit.address("/audit", asked));
        var screen = Screen.of("audit", data);
        if (!visit.given("after").isEmpty()) {
            asked.put("after", visit.given("after"));
        }
        try {
            JsonNode page = api.list("listAudit", asked);
            asked.put("after", page.path("next").asText());
            data.put("entries", Json.list(page.path("entries")));
            data.put("older", page.has("next") ? Visit.address("/console/audit", asked) : "");
            return screen;
        } catch (Api.Refusal e) {
            if (e.faults().isEmpty()) {
                throw e;
            }
            return screen.refused(e, shown);
        }
    }
}
