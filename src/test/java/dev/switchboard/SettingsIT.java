package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong settings stop the start of the packaged program with a sentence, not a stack trace. */
@Execution(ExecutionMode.CONCURRENT)
class SettingsIT {

    private static final String HAPPYTALK = "switchboard.vendors.happytalk.accounts.default.";

    private static String failure(Path folder, Map<String, String> settings) throws IOException {
        try (RunningBus bus = RunningBus.launch(folder, settings)) {
            assertThat(bus.exitStatus()).as(bus.log()).isNotZero();
            assertThat(bus.log()).doesNotContain("\tat ", "Caused by", "s3cret-value");
            return bus.log();
        }
    }

    /** {@link SettingsTest} has the others: the start reads the settings as that test does. */
    @ParameterizedTest
    @CsvSource({
        "switchboard.store.url=jdbc:oracle:x, switchboard.store.url",
        "switchboard.broker.prt=1, switchboard.broker.prt",
    })
    void aWrongSettingIsNamed(String setting, String named) throws IOException {
        int equals = setting.indexOf('=');
        var settings = Map.of(setting.substring(0, equals), setting.substring(equals + 1));
        assertThat(failure(RunningBus.newFolder("settings"), settings)).contains(named);
    }

    @Test
    void aBrokerThatOthersReachNeedsALogin() throws IOException {
        var settings = Map.of("switchboard.broker.url", "embedded", "switchboard.broker.host", "0.0.0.0");
        assertThat(failure(RunningBus.newFolder("broker"), settings))
                .contains("switchboard.broker.host=0.0.0.0", "switchboard.broker.username");
    }

    @Test
    void aDataFolderWhoseBrokerAnotherProcessHasIsNamed() throws IOException {
        Path folder = RunningBus.newFolder("twice");
        var settings = Map.of("switchboard.broker.url", "embedded", "switchboard.broker.port", "0");
        var service = Map.of("SWITCHBOARD_PORT", "tcp://10.0.0.1:80", "SWITCHBOARD_SERVICE_HOST", "10.0.0.1");
        try (RunningBus first = RunningBus.launch(folder, settings, service)) {
            first.awaitStart();
            assertThat(first.log())
                    .contains("environment set nothing: SWITCHBOARD_PORT, SWITCHBOARD_SERVICE_HOST. ./switchboard");
            assertThat(failure(folder, settings)).contains("switchboard.data-dir", "another process");
            assertThat(first.rest().get("/lanes").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "message.schema.json, '{', message.schema.json",
        "vendors/happytalk/biz.camel.yaml, '- route: [', happytalk/biz.camel.yaml",
        "dispatch/more.camel.yaml, '- from: { uri: \"direct:more\", steps: [ to: \"direct:nowhere\" ] }', direct:nowhere",
        "dispatch/more.camel.yaml, '- from: { uri: \"direct:more\", steps: [ to: \"lane:happytalk/nowhere\" ] }', There is no lane happytalk/nowhere.",
    })
    void anOverlaidFileThatCannotBeReadIsNamed(String name, String content, String named) throws IOException {
        Path folder = RunningBus.newFolder("overlay");
        Path file = folder.resolve("overlay").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        assertThat(failure(
                        folder,
                        Map.of(
                                "switchboard.routes.dir",
                                "overlay",
                                HAPPYTALK + "client-id",
                                "a",
                                HAPPYTALK + "client-secret",
                                "s3cret-value")))
                .contains(named);
    }
}
