package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds every route file, the samples of added ones among them, against Camel's own schema, which knows the canonical notation only. */
class RouteSchemaTest {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final RouteFolder FOLDER = RouteFolder.read(Optional.of(Path.of("samples/routes")));
    private static final JsonSchema SCHEMA = schema();

    private static JsonSchema schema() {
        var loader = Thread.currentThread().getContextClassLoader();
        try (InputStream in = loader.getResourceAsStream("schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<String> files() {
        assertThat(FOLDER.overlaid()).containsKey("sftp-drop.camel.yaml");
        return FOLDER.names(".*\\.camel\\.yaml");
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRouteFileFollowsCamelsSchema(String file) throws IOException {
        assertThat(SCHEMA.validate(YAML.readTree(FOLDER.bytes(file)))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void aRouteSaysWhatItIsForAndIsFoundByItsId(String file) throws IOException {
        for (JsonNode each : YAML.readTree(FOLDER.bytes(file))) {
            JsonNode route = each.has("route") ? each.path("route") : each.path("routeTemplate");
            if (route.isMissingNode()) {
                continue;
            }
            String id = route.path("id").asText();
            String uri = route.path("from").path("uri").asText();
            assertThat(route.path("description").asText()).as(id).isNotBlank();
            assertThat(uri.startsWith("direct:") ? uri : "direct:" + id)
                    .isIn("direct:" + id, "direct:" + id + "-{{account}}");
        }
    }

    /** Without them camel-http throws for statuses that the judge has to see, and reads answers before their limit is known. */
    @ParameterizedTest
    @MethodSource("files")
    void aVendorCallLeavesStatusAndBodyToTheJudge(String file) throws IOException {
        for (String uri : YAML.readTree(FOLDER.bytes(file)).findValuesAsText("uri")) {
            if (uri.startsWith("{{url}}")) {
                assertThat(uri).contains("throwExceptionOnFailure=false", "disableStreamCache=true");
            }
        }
    }
}
