package dev.switchboard.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.vendor.RouteFolder;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The calls of the API, and the roles that each is for, as {@code routes/openapi.yaml} lists them ({@code x-roles}). */
final class Operations {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

    private final Map<String, Operation> byId = new TreeMap<>();

    /**
     * One call.
     *
     * @param path with the names of its parameters in braces
     * @param lanes whether it shows and changes only the lanes that its caller is limited to; limited callers may make no other call
     * @param audit what the audit keeps of a call
     */
    record Operation(String id, String path, Set<String> roles, boolean lanes, Audit audit) {}

    /** What the audit keeps of a call ({@code x-audit}): by default nothing of one that reads, and all of any other. */
    enum Audit {
        NONE,
        ALL,
        /** Only the path: the body is a message. */
        PATH,
        /** The path with a hash instead of its parameters, which name a customer. */
        PSEUDONYM
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when a call names no roles
     */
    Operations(RouteFolder folder) {
        folder.api()
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(each -> METHODS.contains(each.getKey()))
                        .forEach(each -> add(path.getKey(), each.getKey(), each.getValue())));
    }

    private void add(String path, String method, JsonNode operation) {
        String id = operation.path("operationId").asText();
        var roles = new TreeSet<String>();
        operation.path("x-roles").forEach(role -> roles.add(role.asText()));
        if (roles.isEmpty() || !Role.NAMES.containsAll(roles)) {
            throw new IllegalArgumentException("routes/openapi.yaml: " + id + ": x-roles must name who may call it, of "
                    + String.join(", ", Role.NAMES));
        }
        byId.put(
                id,
                new Operation(
                        id,
                        path,
                        roles,
                        operation.path("x-lanes").asBoolean(),
                        audit(method, operation.path("x-audit"))));
    }

    private static Audit audit(String method, JsonNode given) {
        return given.isTextual()
                ? Audit.valueOf(given.textValue().toUpperCase(Locale.ROOT))
                : method.equals("get") ? Audit.NONE : Audit.ALL;
    }

    Optional<Operation> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Returns the ids of the calls that at least one of these roles may make. */
    Set<String> of(Set<String> roles) {
        return byId.values().stream()
                .filter(operation -> !Collections.disjoint(operation.roles(), roles))
                .map(Operation::id)
                .collect(Collectors.toUnmodifiableSet());
    }
}
