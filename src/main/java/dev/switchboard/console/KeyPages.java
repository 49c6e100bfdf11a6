package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.qute.TemplateExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Lists the keys of the API, makes one and shows it once, and revokes one. */
final class KeyPages {

    private static final List<String> ROLES = List.of("admin", "operator", "reader", "sender");
    private static final String ADMIN = "admin";
    private static final Pattern BETWEEN_LANES = Pattern.compile("[\\s,]+");

    private KeyPages() {}

    static Screen list(Api api, Visit visit) {
        return list(api, JsonNodeFactory.instance.objectNode());
    }

    private static Screen list(Api api, JsonNode made) {
        List<JsonNode> keys = Json.list(api.list("listKeys", Map.of()).path("keys"));
        var data = new HashMap<String, Object>(Map.of("keys", keys, "roles", ROLES, "made", made));
        data.put("first", made.has("token") && keys.size() == 1);
        long admins = keys.stream().filter(KeyPages::isAdmin).count();
        data.put("lastAdmin", admins == 1);
        data.put("noAdmin", admins == 0);
        return Screen.of("keys", data);
    }

    /** Returns whether a key can create others. */
    @TemplateExtension(priority = 7)
    static boolean isAdmin(JsonNode key) {
        return key.path("valid").asBoolean()
                && Json.list(key.path("roles")).stream()
                        .anyMatch(role -> role.asText().equals(ADMIN));
    }

    /** Shows the new key in the answer itself: there is no address at which it could be seen again. */
    static Screen create(Api api, Visit visit) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("name", visit.given("name")).putArray("roles").add(visit.given("roles"));
        BETWEEN_LANES
                .splitAsStream(visit.given("lanes"))
                .filter(lane -> !lane.isEmpty())
                .forEach(wanted.withArray("lanes")::add);
        if (!visit.given("idPrefix").isEmpty()) {
            wanted.put("idPrefix", visit.given("idPrefix"));
        }
        String perSecond = visit.given("perSecond");
        if (perSecond.matches("\\d{1,9}")) {
            wanted.put("perSecond", Integer.valueOf(perSecond));
        } else if (!perSecond.isEmpty()) {
            wanted.put("perSecond", perSecond);
        }
        if (!visit.given("expiresAt").isEmpty()) {
            wanted.put("expiresAt", visit.time("expiresAt"));
        }
        return list(api, api.post("createKey", Map.of(), wanted));
    }

    static Screen revoke(Api api, Visit visit) {
        api.post("revokeKey", Map.of("name", Visit.encoded(visit.path("name"))), JsonNodeFactory.instance.objectNode());
        return Screen.at("/console/keys?done=revokeKey");
    }
}
