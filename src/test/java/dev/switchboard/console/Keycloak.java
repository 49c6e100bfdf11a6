package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchboard.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Keycloak of Maven Central as a process, with the realm {@code company} of {@code keycloak-realm.json}. */
final class Keycloak implements AutoCloseable {

    private static final String VERSION = "26.5.2";
    private static final Path PROGRAM =
            Path.of("target/keycloak/keycloak-" + VERSION).toAbsolutePath();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base = "http://127.0.0.1:" + Ports.free();
    private final Process process;

    /**
     * Starts it, and returns when the realm is there.
     *
     * @param bus the address of the bus that people sign on at
     */
    Keycloak(Path folder, String bus) throws IOException {
        if (!Files.isDirectory(PROGRAM)) {
            download();
        }
        Path realm = Files.createDirectories(PROGRAM.resolve("data/import")).resolve("company.json");
        Files.writeString(
                realm,
                Files.readString(Path.of("src/test/resources/keycloak-realm.json"))
                        .replace("BUS", bus));
        var builder = new ProcessBuilder(
                PROGRAM.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--import-realm",
                "--http-host=127.0.0.1",
                "--http-port=" + URI.create(base).getPort());
        builder.environment()
                .putAll(Map.of("KC_BOOTSTRAP_ADMIN_USERNAME", "boss", "KC_BOOTSTRAP_ADMIN_PASSWORD", "of-boss"));
        process = builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("keycloak.log").toFile())
                .start();
        await("Keycloak in " + folder)
                .atMost(Duration.ofMinutes(5))
                .ignoreExceptions()
                .until(() -> {
                    assertThat(process.isAlive()).isTrue();
                    return get("/.well-known/openid-configuration").statusCode() == 200;
                });
    }

    private static void download() throws IOException {
        Path folder = Files.createDirectories(PROGRAM.getParent());
        run(
                "./mvnw",
                "-B",
                "-q",
                "dependency:3.11.0:copy",
                "-DoutputDirectory=" + folder,
                "-Dartifact=org.keycloak:keycloak-quarkus-dist:" + VERSION + ":tar.gz");
        run(
                "tar",
                "-xzf",
                folder.resolve("keycloak-quarkus-dist-" + VERSION + ".tar.gz").toString(),
                "-C",
                "" + folder);
    }

    private static void run(String... command) throws IOException {
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    String issuer() {
        return base + "/realms/company";
    }

    private HttpResponse<String> get(String path) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(issuer() + path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns what the realm's token endpoint answers. */
    JsonNode tokens(Map<String, String> form) throws IOException {
        return tokens("company", form);
    }

    private JsonNode tokens(String realm, Map<String, String> form) throws IOException {
        String body = form.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        var answer =
                send(HttpRequest.newBuilder(URI.create(base + "/realms/" + realm + "/protocol/openid-connect/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** Returns an access token of a program, by its client. */
    String accessToken() throws IOException {
        return tokens(Map.of("grant_type", "client_credentials", "client_id", "crm", "client_secret", "crm-s3cret"))
                .path("access_token")
                .asText();
    }

    /** Makes the realm sign with a new key from now on. */
    void rotate() throws IOException {
        String admin = tokens(
                        "master",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                "boss",
                                "password",
                                "of-boss"))
                .path("access_token")
                .asText();
        var answer = send(HttpRequest.newBuilder(URI.create(base + "/admin/realms/company/components"))
                .header("Authorization", "Bearer " + admin)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"newer\",\"providerId\":\"rsa-generated\","
                        + "\"providerType\":\"org.keycloak.keys.KeyProvider\",\"parentId\":\"company\","
                        + "\"config\":{\"priority\":[\"1000\"],\"enabled\":[\"true\"],\"active\":[\"true\"]}}")));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        await().atMost(Duration.ofMinutes(1)).until(() -> !process.isAlive());
    }
}
