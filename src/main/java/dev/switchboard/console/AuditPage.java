package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;

/** Shows who did what. */
final class AuditPage {

    private static final List<String> FILTERS = List.of("who", "subject");

    private AuditPage() {}

    static Screen show(Api api, Visit visit) {
        var asked = new LinkedHashMap<>(visit.given(FILTERS));
        var data = new HashMap<String, Object>();
        data.put("asked", visit.asked(FILTERS));
        data.put("file", Visit.address("/audit", asked));
        if (!visit.given("after").isEmpty()) {
            asked.put("after", visit.given("after"));
        }
        JsonNode page = api.list("listAudit", asked);
        asked.put("after", page.path("next").asText());
        data.put("entries", Json.list(page.path("entries")));
        data.put("older", page.has("next") ? Visit.address("/console/audit", asked) : "");
        return Screen.of("audit", data);
    }
}
