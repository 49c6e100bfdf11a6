package dev.switchboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.oas.OpenApi30;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The OpenAPI document, against which every answer is held that a test gets by REST. */
final class OpenApi {

    private static final JsonNode DOCUMENT = read();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.builder()
            .metaSchema(OpenApi30.getInstance())
            .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
            .build();
    private static final Map<JsonNode, JsonSchema> READ = new ConcurrentHashMap<>();

    private OpenApi() {}

    private static JsonNode read() {
        try {
            return new YAMLMapper().readTree(Path.of("routes/openapi.yaml").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails where the document knows the call and does not allow such an answer. */
    static void check(String method, String path, int status, String contentType, String body) {
        JsonNode operation = operation(method, path);
        if (operation.isMissingNode() || body.isEmpty()) {
            return;
        }
        String call = method + " " + path + " " + status;
        JsonNode content = response(operation, status, call).path("content");
        JsonNode allowed = content.path(contentType.replaceFirst(";.*", ""));
        if (allowed.isMissingNode()) {
            throw new AssertionError(call + ": openapi.yaml does not know the type " + contentType + ": " + body);
        }
        if (contentType.contains("json") && !contentType.contains("jsonl")) {
            validate(call, allowed.path("schema"), body);
        }
    }

    private static JsonNode operation(String method, String path) {
        JsonNode exact = DOCUMENT.path("paths").path(path);
        if (!exact.isMissingNode()) {
            return exact.path(method.toLowerCase(Locale.ROOT));
        }
        return DOCUMENT.path("paths").properties().stream()
                .filter(each -> Pattern.matches(each.getKey().replaceAll("\\{[^}]+}", "[^/]+"), path))
                .map(each -> each.getValue().path(method.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse(DOCUMENT.path("none"));
    }

    private static JsonNode response(JsonNode operation, int status, String call) {
        JsonNode responses = operation.path("responses");
        JsonNode response = responses.path(Integer.toString(status));
        if (response.isMissingNode() && status >= 400) {
            response = responses.path("default");
        }
        if (response.isMissingNode()) {
            throw new AssertionError(call + ": openapi.yaml does not know the status");
        }
        return response.has("$ref") ? DOCUMENT.at(response.path("$ref").asText().substring(1)) : response;
    }

    private static void validate(String call, JsonNode schema, String body) {
        JsonSchema read = READ.computeIfAbsent(schema, any -> {
            ObjectNode whole = schema.deepCopy();
            whole.set("components", DOCUMENT.path("components"));
            return SCHEMAS.getSchema(whole);
        });
        try {
            Set<ValidationMessage> faults = read.validate(RestClient.JSON.readTree(body));
            if (!faults.isEmpty()) {
                throw new AssertionError(call + ": not as openapi.yaml says: " + faults + ": " + body);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError(call + ": no JSON: " + body, e);
        }
    }
}
