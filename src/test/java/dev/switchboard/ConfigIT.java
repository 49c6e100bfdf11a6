package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./switchboard config} as people call it. */
class ConfigIT {

    private static final String ACCOUNT = "switchboard.vendors.happytalk.accounts.crm.";

    @TempDir
    Path folder;

    @BeforeEach
    void built() throws IOException {
        Shell.built();
    }

    @Test
    void settingsAreShownWithWhereTheyComeFromAndSecretsAreNot() throws Exception {
        Files.writeString(
                folder.resolve("own.properties"),
                ACCOUNT + "client-id=shop\n" + ACCOUNT + "client-secret=hush-1\n" + ACCOUNT + "token=hush-2\n"
                        + "switchboard.store.url=jdbc:postgresql://bus:hush-3@db/sb?password=hush-4\n"
                        + "switchboard.files.charset=MS949\n");
        Shell.Run run = new Shell(folder)
                .run(
                        Map.of("SWITCHBOARD_STORE_PASSWORD", "hush-5"),
                        "config",
                        "--config",
                        "own.properties",
                        "-Dswitchboard.files.charset=UTF-8");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.output() + run.errors()).doesNotContain("hush");
        assertThat(run.output().lines())
                .anyMatch(line -> line.matches(ACCOUNT + "client-id = shop  \\(.*own.properties.*\\)"))
                .anyMatch(line -> line.startsWith(ACCOUNT + "client-secret = ********  ("))
                .anyMatch(line -> line.startsWith("switchboard.store.password = ********  (Env"))
                .anyMatch(line -> line.startsWith("switchboard.files.charset = UTF-8  (SysProp"));
    }

    @Test
    void anUnknownSettingIsNamed() throws Exception {
        Shell.Run run = new Shell(folder).run(Map.of(), "config", "-Dswitchboard.lanes.rate=1/s");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("switchboard.lanes.rate");
    }
}
