package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is packaged is what the SBOM inside the jar lists, and may be passed on. */
@Tag("soak")
final class SupplyChainIT {

    private static final Path APP = Path.of("target/quarkus-app");

    /** Licences under which each part may be passed on with the program. */
    private static final Set<String> ALLOWED = Set.of(
            "Apache-2.0",
            "MIT",
            "0BSD",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "ISC",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            "FreeBSD License");

    /** Licences that are never the only one of a part: its user may choose an allowed one instead. */
    private static final Set<String> ALTERNATIVE = Set.of(
            "GPL-2.0-with-classpath-exception",
            "GNU General Public License, version 2 with the GNU Classpath Exception");

    /** Quarkus takes classes out of these when it packages them. */
    private static final Set<String> REWRITTEN =
            Set.of("io.opentelemetry.opentelemetry-exporter-otlp", "io.quarkus.quarkus-security");

    private static JsonNode sbom;

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> jars = Files.list(APP.resolve("app"));
                var jar = new JarFile(jars.findFirst().orElseThrow().toFile())) {
            sbom = new ObjectMapper()
                    .readTree(jar.getInputStream(jar.getEntry("META-INF/sbom/switchboard.cdx.json"))
                            .readAllBytes());
        }
    }

    private static Stream<JsonNode> components() {
        return StreamSupport.stream(sbom.path("components").spliterator(), false);
    }

    @Test
    void everyPackagedJarIsInTheSbomByItsHash() throws IOException {
        List<String> listed = components()
                .flatMap(component ->
                        StreamSupport.stream(component.path("hashes").spliterator(), false))
                .filter(hash -> hash.path("alg").asText().equals("SHA-256"))
                .map(hash -> hash.path("content").asText())
                .toList();
        try (Stream<Path> files = Files.walk(APP.resolve("lib"))) {
            List<Path> jars =
                    files.filter(file -> file.toString().endsWith(".jar")).toList();
            assertThat(jars).hasSizeGreaterThan(100);
            List<Path> others =
                    jars.stream().filter(jar -> !listed.contains(sha256(jar))).toList();
            assertThat(others)
                    .extracting(jar -> jar.getFileName().toString().replaceFirst("-\\d.*", ""))
                    .isSubsetOf(REWRITTEN);
        }
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyPartHasALicenceThatLetsItBePassedOn() {
        assertThat(components()).isNotEmpty().allSatisfy(component -> {
            List<String> licences = StreamSupport.stream(
                            component.path("licenses").spliterator(), false)
                    .map(SupplyChainIT::licence)
                    .toList();
            assertThat(licences).as(component.path("purl").asText()).isNotEmpty();
            assertThat(licences)
                    .as(component.path("purl").asText())
                    .allMatch(licence -> ALLOWED.contains(licence) || ALTERNATIVE.contains(licence))
                    .anyMatch(ALLOWED::contains);
        });
    }

    @Test
    void noPackagedPartHasAHoleThatIsOpen() throws IOException {
        KnownHoles known = KnownHoles.read();
        assertThat(known.lookedUp())
                .as("look the holes up again: src/test/resources/known-holes.yaml")
                .isAfter(LocalDate.now(ZoneOffset.UTC).minusDays(180));
        assertThat(known.holes()).allSatisfy(hole -> {
            List<String> affected = components()
                    .map(component -> component.path("purl").asText())
                    .filter(purl -> purl.startsWith("pkg:maven/" + hole.name() + "@"))
                    .filter(purl -> hole.affects(purl.replaceFirst(".*@", "")))
                    .toList();
            assertThat(hole.closed() == null || !affected.isEmpty())
                    .as("%s is said to be closed, and nothing packaged has it", hole)
                    .isTrue();
            assertThat(hole.closed() == null ? affected : List.of())
                    .as(hole.id())
                    .isEmpty();
        });
    }

    private static String licence(JsonNode entry) {
        JsonNode licence = entry.path("license");
        return licence.path("id")
                .asText(licence.path("name").asText(entry.path("expression").asText()));
    }
}
