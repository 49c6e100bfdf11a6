package dev.switchboard.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.BusProgram;
import dev.switchboard.RunningBus;
import dev.switchboard.extension.own.Parcel;
import dev.switchboard.extension.own.ParcelConverters;
import dev.switchboard.extension.own.ParcelReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.camel.component.xslt.XsltComponent;
import org.apache.camel.converter.jaxp.XmlConverter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jars in {@code switchboard.lib.dir}: a component of Camel that is not packaged, and classes of an operator's own. */
class AddedJarsIT {

    private static final String SERVICES = "META-INF/services/org/apache/camel/";

    private Path folder;
    private Path lib;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = RunningBus.newFolder("lib");
        lib = Files.createDirectories(folder.resolve("lib"));
        Files.createDirectories(folder.resolve("routes"));
    }

    private static Path jarOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private Path add(Path jar) throws IOException {
        return Files.copy(jar, lib.resolve(jar.getFileName().toString()));
    }

    private Path jar(String name, Map<String, String> texts, Class<?>... types) throws IOException {
        Path jar = lib.resolve(name);
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var text : texts.entrySet()) {
                out.putNextEntry(new JarEntry(text.getKey()));
                out.write(text.getValue().getBytes(StandardCharsets.UTF_8));
            }
            for (Class<?> type : types) {
                String file = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(file));
                try (InputStream in =
                        Objects.requireNonNull(type.getClassLoader().getResourceAsStream(file))) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }

    private void route(String text) throws IOException {
        Files.writeString(folder.resolve("routes/own.camel.yaml"), text);
    }

    private RunningBus launch(Map<String, String> environment) throws IOException {
        return RunningBus.launch(
                folder,
                Map.of(
                        "switchboard.sandbox.enabled", "true",
                        "switchboard.lib.dir", lib.toString(),
                        "switchboard.routes.dir", folder.resolve("routes").toString()),
                environment);
    }

    @Test
    void aComponentAStepAndATypeConverterComeFromAddedJars() throws Exception {
        Path xslt = add(jarOf(XsltComponent.class));
        Path jaxp = add(jarOf(XmlConverter.class));
        Path own = jar(
                "own.jar",
                Map.of(SERVICES + "TypeConverterLoader", ParcelConverters.class.getName() + "\n"),
                Parcel.class,
                ParcelReader.class,
                ParcelConverters.class,
                Class.forName(ParcelConverters.class.getName() + "$1"));
        Files.writeString(folder.resolve("number.xsl"), """
                <xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
                  <xsl:output method="text"/>
                  <xsl:template match="/"><xsl:value-of select="/parcel/@number"/></xsl:template>
                </xsl:stylesheet>
                """);
        route("""
                - beans:
                    - name: parcelReader
                      type: %s
                - route:
                    id: own
                    from:
                      uri: timer:own
                      parameters: { repeatCount: 1 }
                      steps:
                        - setBody: { expression: { constant: { expression: "<parcel number='17'/>" } } }
                        - to: { uri: "xslt:file:%s", parameters: { contentCache: false } }
                        - process: { ref: parcelReader }
                        - to: { uri: "accept:own" }
                """.formatted(ParcelReader.class.getName(), folder.resolve("number.xsl")));
        String jars = String.join(":", xslt.toString(), jaxp.toString(), own.toString());
        try (RunningBus bus = launch(Map.of("CLASSPATH", BusProgram.classPath() + ":" + jars))) {
            bus.awaitStart();
            JsonNode done = bus.rest().finished("parcel-17");
            assertThat(done.path("state").asText()).isEqualTo("delivered");
            assertThat(done.at("/source/intake").asText()).isEqualTo("own");
            assertThat(bus.log()).contains(own + " is on the class path");
        }
    }

    @Test
    void aComponentThatIsMissingStopsTheStartAndTheTextSaysHowToGetIt() throws Exception {
        route("""
                - route:
                    id: from-kafka
                    from:
                      uri: kafka:orders
                      steps:
                        - to: { uri: "accept:kafka" }
                """);
        try (RunningBus bus = launch(Map.of())) {
            assertThat(bus.exitStatus()).isEqualTo(1);
            assertThat(bus.log())
                    .contains("The route from-kafka names the component kafka")
                    .contains("./switchboard components add camel-kafka")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aJarThatTheLauncherDidNotFindStopsTheStart() throws Exception {
        jar("own.jar", Map.of());
        AddedJars jars = AddedJars.in(Optional.of(lib));
        assertThatThrownBy(() -> jars.check("4.17.0")).hasMessageContaining("own.jar is not on the class path");
    }

    @Test
    void aComponentOfAnotherVersionOfCamelIsNamed() throws Exception {
        Path jar = jarOf(XsltComponent.class);
        AddedJars jars = AddedJars.in(Optional.of(jar.resolveSibling("")));
        assertThat(jars.all()).contains(jar);
        assertThatThrownBy(() -> jars.check("4.18.0"))
                .hasMessage(jar + " is for Camel 4.17.0, and this is Camel 4.18.0. Delete it, and run ./switchboard"
                        + " components add camel-xslt");
        assertThat(List.of(ComponentsCommand.camelVersion())).containsExactly("4.17.0");
    }
}
