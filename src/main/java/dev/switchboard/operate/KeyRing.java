package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.access.AccessStore;
import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Keys;
import dev.switchboard.security.NewKey;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Makes, lists and revokes keys for those who may. */
@Singleton
@Named("keyRing")
public final class KeyRing {

    private static final Set<String> FIELDS =
            Set.of("name", "roles", "lanes", "idPrefix", "transcripts", "perSecond", "expiresAt");

    private final Keys keys;
    private final AccessStore store;

    /** Knows the keys of a store. */
    public KeyRing(Keys keys, AccessStore store) {
        this.keys = keys;
        this.store = store;
    }

    /** Lists keys, revoked ones too, without their tokens: {@code {"keys":[…]}}. */
    public ObjectNode list() {
        ObjectNode all = Json.object();
        var list = all.putArray("keys");
        store.keys().forEach(key -> list.add(describe(key)));
        return all;
    }

    /**
     * Makes a key of a body with {@code name}, {@code roles} and what else a key has.
     *
     * @return the key, with its {@code token}, which is not shown again
     * @throws Refused (409) when its name was used before, (422) when the body has a fault
     */
    public ObjectNode create(@Body @Nullable String body) {
        var asked = new JsonBody(body, FIELDS);
        String expiresAt = asked.text("expiresAt");
        var wanted = new NewKey(
                asked.require("name"),
                texts(asked.json(), "roles"),
                texts(asked.json(), "lanes"),
                Objects.requireNonNullElse(asked.text("idPrefix"), ""),
                Objects.requireNonNullElse(asked.text("transcripts"), ApiKey.OWN),
                perSecond(asked.json().path("perSecond")),
                expiresAt == null ? null : Filters.time("expiresAt", expiresAt));
        String token = keys.create(wanted)
                .orElseThrow(() ->
                        Refused.because(409, "There is, or was, a key of this name; a name cannot be used twice."));
        return describe(find(wanted.name())).put("token", token);
    }

    /**
     * Revokes a key.
     *
     * @throws Refused (404) when there is no valid key of this name
     */
    public ObjectNode revoke(@Header("name") String name) {
        if (!Store.written(store.revoke(name))) {
            throw Refused.because(404, "There is no valid key of this name.");
        }
        return describe(find(name));
    }

    private ApiKey find(String name) {
        return store.keys().stream()
                .filter(key -> key.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(JsonNode json, String name) {
        JsonNode list = json.path(name);
        if (!list.isMissingNode() && !list.isArray()) {
            throw Refused.invalid(name, "type", "must be a list");
        }
        var texts = new ArrayList<String>();
        list.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static @Nullable Integer perSecond(JsonNode value) {
        if (!value.isMissingNode() && !value.isInt()) {
            throw Refused.invalid("perSecond", "type", "must be a whole number");
        }
        return value.isMissingNode() ? null : value.intValue();
    }

    private static ObjectNode describe(ApiKey key) {
        ObjectNode described = Json.object().put("name", key.name());
        key.roles().forEach(described.withArray("roles")::add);
        described.put("valid", key.isValid(System.currentTimeMillis()));
        key.lanes().forEach(described.withArray("lanes")::add);
        described
                .put("idPrefix", key.idPrefix().isEmpty() ? null : key.idPrefix())
                .put("transcripts", key.transcripts())
                .put("perSecond", key.perSecond())
                .put("createdAt", Json.time(key.createdAt()))
                .put("expiresAt", Json.time(key.expiresAt()))
                .put("revokedAt", Json.time(key.revokedAt()));
        return Json.withoutNulls(described);
    }
}
