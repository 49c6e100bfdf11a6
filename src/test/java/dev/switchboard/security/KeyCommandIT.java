package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Shell;
import dev.switchboard.Shell.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Makes and revokes a key with {@code ./switchboard key} while a bus runs; {@code KeyCommandTest} has the rest of the command. */
class KeyCommandIT {

    private static Path folder;
    private static RunningBus bus;

    @BeforeAll
    static void start() throws IOException {
        Shell.built();
        folder = RunningBus.newFolder("keys");
        bus = RunningBus.start(folder, Map.of("switchboard.sandbox.enabled", "true"));
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    private static Run run(String key, String name, String... arguments) throws Exception {
        String url = bus.rest().request("/").build().uri().toString();
        return new Shell(folder).run(Map.of("SWITCHBOARD_URL", url, "SWITCHBOARD_KEY", key), name, arguments);
    }

    private static int status(String key) throws IOException {
        return bus.rest().withKey(key).get("/lanes").status();
    }

    @Test
    void aKeyIsMadeUsedListedAndRevoked() throws Exception {
        assertThat(status("")).as("open while there are no keys").isEqualTo(200);
        Run created = run("", "key", "create", "--name", "night-shift", "--role", "operator", "--expires-in", "30");
        assertThat(created.status()).as(created.toString()).isZero();
        assertThat(created.errors()).isEmpty();
        String key = created.output().strip();
        await().atMost(Duration.ofSeconds(5)).until(() -> status("") == 401);
        assertThat(run(key, "lanes").output()).contains("happytalk/default");
        assertThat(run("", "key", "revoke", "night-shift").status()).isZero();
        await().atMost(Duration.ofSeconds(5)).until(() -> status(key) == 401);
        assertThat(run("", "lanes").errors()).as("not open again").contains("(401): SWITCHBOARD_KEY or --key-file");
        assertThatTheAuditKnows(run("", "key", "create", "--name", "auditor", "--role", "admin")
                .output()
                .strip());
    }

    private static void assertThatTheAuditKnows(String key) throws Exception {
        RestClient auditor = bus.rest().withKey(key);
        await().until(() -> auditor.get("/audit").status() == 200);
        assertThat(auditor.get("/audit?subject=/keys/night-shift")
                        .json()
                        .path("entries")
                        .findValuesAsText("operation"))
                .containsExactly("revokeKey", "createKey");
    }
}
