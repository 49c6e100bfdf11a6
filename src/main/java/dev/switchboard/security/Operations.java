package dev.switchboard.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.vendor.RouteFolder;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The calls of the API, and the roles that each is for, as {@code routes/openapi.yaml} lists them ({@code x-roles}). */
final class Operations {

    private static final String DOCUMENT = "openapi.yaml";
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options", "trace");

    private final Map<String, Operation> byId = new TreeMap<>();

    /**
     * One call.
     *
     * @param path with the names of its parameters in braces
     */
    record Operation(String id, String method, String path, Set<String> roles) {

        boolean reads() {
            return method.equals("get");
        }
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when a call says nothing of its roles: it would be anybody's or nobody's
     */
    Operations(RouteFolder folder) {
        read(folder)
                .path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(each -> METHODS.contains(each.getKey()))
                        .forEach(each -> add(path.getKey(), each.getKey(), each.getValue())));
    }

    private static JsonNode read(RouteFolder folder) {
        try {
            return new YAMLMapper().readTree(folder.bytes(DOCUMENT));
        } catch (IOException e) {
            throw new IllegalArgumentException("routes/" + DOCUMENT + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private void add(String path, String method, JsonNode operation) {
        String id = operation.path("operationId").asText();
        var roles = new TreeSet<String>();
        operation.path("x-roles").forEach(role -> roles.add(role.asText()));
        if (roles.isEmpty() || !Role.NAMES.containsAll(roles)) {
            throw new IllegalArgumentException("routes/" + DOCUMENT + ": " + id
                    + ": x-roles must name who may call it, of " + String.join(", ", Role.NAMES));
        }
        byId.put(id, new Operation(id, method, path, roles));
    }

    Optional<Operation> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}
