package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.switchboard.settings.KnownSettings;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What {@code install/} has for containers: each file has the form that its reader wants, and they agree with the program. */
class ManifestsTest {

    private static final Path INSTALL = Path.of("install");
    private static final Path KUBERNETES = INSTALL.resolve("kubernetes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final KnownSettings KNOWN = Vendors.known(Vendor.readAll(RouteFolder.read(Optional.empty())));

    /** Takes no field that the type has not got: the types themselves would keep it. */
    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated any) {
                    return false;
                }
            });

    private static final Map<String, Class<?>> KINDS = Map.of(
            "statefulset.yaml", StatefulSet.class,
            "service.yaml", Service.class,
            "poddisruptionbudget.yaml", PodDisruptionBudget.class,
            "servicemonitor.yaml", ServiceMonitor.class,
            "shell.yaml", Pod.class);

    private static JsonNode yaml(Path file) throws IOException {
        return YAML.readTree(file.toFile());
    }

    @Test
    void eachManifestHasTheFieldsOfItsKindAndNoOthers() throws IOException {
        try (Stream<Path> files = Files.list(KUBERNETES)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsAll(KINDS.keySet())
                    .hasSize(KINDS.size() + 2);
        }
        for (var each : KINDS.entrySet()) {
            String text = Files.readString(KUBERNETES.resolve(each.getKey()));
            assertThat(yaml(KUBERNETES.resolve(each.getKey())).path("kind").asText())
                    .isEqualTo(each.getValue().getSimpleName());
            try {
                STRICT.readValue(text, each.getValue());
            } catch (JsonProcessingException e) {
                throw new AssertionError(each.getKey(), e);
            }
        }
        assertThat(texts(yaml(KUBERNETES.resolve("kustomization.yaml")).path("resources")))
                .containsExactlyInAnyOrder(
                        "statefulset.yaml", "service.yaml", "poddisruptionbudget.yaml", "servicemonitor.yaml");
    }

    @Test
    void podsHaveFewRightsAndEachOfTheirFoldersIsAVolume() throws IOException {
        JsonNode set = yaml(KUBERNETES.resolve("statefulset.yaml")).path("spec");
        for (JsonNode pod : List.of(
                set.at("/template/spec"), yaml(KUBERNETES.resolve("shell.yaml")).path("spec"))) {
            assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            JsonNode container = pod.at("/containers/0");
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                    .isFalse();
            assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                    .isEqualTo("ALL");
            assertThat(pod.at("/volumes").findValuesAsText("name"))
                    .containsAll(container.path("volumeMounts").findValuesAsText("name").stream()
                            .filter(name -> !name.equals("data"))
                            .toList());
        }
        assertThat(set.at("/volumeClaimTemplates/0/metadata/name").asText()).isEqualTo("data");
    }

    @Test
    void allNameTheSamePodsAndPorts() throws IOException {
        JsonNode set = yaml(KUBERNETES.resolve("statefulset.yaml")).path("spec");
        JsonNode labels = set.at("/template/metadata/labels");
        assertThat(set.at("/selector/matchLabels")).isEqualTo(labels);
        JsonNode service = yaml(KUBERNETES.resolve("service.yaml"));
        assertThat(service.at("/spec/selector")).isEqualTo(labels);
        assertThat(service.at("/metadata/name")).isEqualTo(set.path("serviceName"));
        assertThat(yaml(KUBERNETES.resolve("poddisruptionbudget.yaml")).at("/spec/selector/matchLabels"))
                .isEqualTo(labels);
        JsonNode monitor = yaml(KUBERNETES.resolve("servicemonitor.yaml")).path("spec");
        assertThat(monitor.at("/selector/matchLabels")).isEqualTo(service.at("/metadata/labels"));
        List<String> ports = set.at("/template/spec/containers/0/ports").findValuesAsText("name");
        assertThat(ports)
                .containsAll(service.at("/spec/ports").findValuesAsText("targetPort"))
                .contains(monitor.at("/endpoints/0/port").asText());
        for (String probe : List.of("startup", "readiness", "liveness")) {
            JsonNode asks = set.at("/template/spec/containers/0/" + probe + "Probe/httpGet");
            assertThat(asks.path("port").asText()).isEqualTo("management");
            assertThat(asks.path("path").asText()).startsWith("/q/health/");
        }
    }

    @Test
    void everySettingIsOne() throws IOException {
        for (Path file : List.of(
                KUBERNETES.resolve("application.properties"), INSTALL.resolve("debian/application.properties"))) {
            var settings = new Properties();
            try (Reader in = Files.newBufferedReader(file)) {
                settings.load(in);
            }
            assertThat(settings).isNotEmpty();
            settings.stringPropertyNames().stream()
                    .filter(name -> name.startsWith("switchboard."))
                    .forEach(KNOWN::check);
        }
        var variables = new HashMap<String, String>();
        yaml(INSTALL.resolve("compose.yaml"))
                .at("/services/switchboard/environment")
                .properties()
                .forEach(each -> variables.put(each.getKey(), each.getValue().asText()));
        yaml(KUBERNETES.resolve("shell.yaml"))
                .at("/spec/containers/0/env")
                .forEach(each -> variables.put(
                        each.path("name").asText(), each.path("value").asText()));
        assertThat(variables).hasSizeGreaterThan(8);
        var config = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(variables, 300))
                .build();
        assertThat(KNOWN.unknownVariables(config)).isEmpty();
    }

    @Test
    void imagesHaveTheVersionOfTheProgram() throws IOException {
        String version = Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>([^<]+)</version>.*", "$1");
        String image = "switchboard:" + version;
        assertThat(Files.readString(INSTALL.resolve("Containerfile")))
                .contains("ARG VERSION=" + version + "\n", "USER 10001:10001\n");
        JsonNode compose = yaml(INSTALL.resolve("compose.yaml"));
        assertThat(compose.at("/services/switchboard/image").asText()).isEqualTo(image);
        assertThat(compose.at("/services/switchboard/read_only").asBoolean()).isTrue();
        assertThat(compose.at("/services/switchboard/depends_on").fieldNames())
                .toIterable()
                .allSatisfy(
                        name -> assertThat(compose.path("services").has(name)).isTrue());
        assertThat(yaml(KUBERNETES.resolve("kustomization.yaml"))
                        .at("/images/0/newTag")
                        .asText())
                .isEqualTo(version);
        assertThat(yaml(KUBERNETES.resolve("shell.yaml"))
                        .at("/spec/containers/0/image")
                        .asText())
                .isEqualTo(image);
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
