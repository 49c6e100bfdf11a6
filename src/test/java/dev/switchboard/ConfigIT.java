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

    /** What Kubernetes tells of a Service called switchboard, and of one called switchboard-broker. */
    @Test
    void theEnvironmentCarriesSettingsAndWhatItTellsOfOthersChangesNone() throws Exception {
        Path secrets = Files.createDirectories(folder.resolve("my secrets"));
        Files.writeString(secrets.resolve(ACCOUNT + "token"), "hush-6\n");
        Files.writeString(folder.resolve("own.properties"), "smallrye.config.source.file.locations=" + secrets + "\n");
        Shell.Run run = new Shell(folder)
                .run(
                        Map.of(
                                "SWITCHBOARD_PORT", "tcp://10.0.0.1:80",
                                "SWITCHBOARD_SERVICE_HOST", "10.0.0.1",
                                "SWITCHBOARD_BROKER_PORT", "tcp://10.0.0.2:61616",
                                "SWITCHBOARD_DATA_DIR", "elsewhere",
                                "SWITCHBOARD_STORE_MAX_SIZE", "1GiB",
                                "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_URL", "https://a.thulium.com/api",
                                "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_USERNAME", "u",
                                "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_PASSWORD", "hush-7"),
                        "config",
                        "--config",
                        "own.properties");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.output() + run.errors()).doesNotContain("hush");
        assertThat(run.errors()).contains("SWITCHBOARD_SERVICE_HOST in the environment sets nothing");
        assertThat(run.output().lines())
                .anyMatch(line -> line.startsWith("switchboard.data-dir = elsewhere  (Env"))
                .anyMatch(line -> line.startsWith("switchboard.store.max-size = 1GiB  (Env"))
                .anyMatch(line -> line.startsWith("switchboard.vendors.thulium.accounts.my-crm.password = ****"))
                .anyMatch(line -> line.startsWith(ACCOUNT + "token = ********  (FileSystem"))
                .noneMatch(line -> line.contains("tcp:"));
    }

    @Test
    void anUnknownSettingIsNamed() throws Exception {
        Shell.Run run = new Shell(folder).run(Map.of(), "config", "-Dswitchboard.lanes.rate=1/s");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.errors()).contains("switchboard.lanes.rate");
    }
}
