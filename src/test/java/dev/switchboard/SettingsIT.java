package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
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

    @ParameterizedTest
    @CsvSource({
        "switchboard.vendors.acme.accounts.default.url=http://a, acme",
        "switchboard.vendors.happytalk.accounts.default.client-id=a, client-secret",
        "switchboard.vendors.happytalk.accounts.default.colour=red, colour",
        "switchboard.vendors.thulium.accounts.crm.url=htp:/x, accounts.crm.url",
        "switchboard.vendors.happytalk.accounts.default.environment=test, environment",
        "switchboard.lane.retry=soon, switchboard.lane.retry",
        "switchboard.lane.colour=red, switchboard.lane.colour",
        "switchboard.store.url=jdbc:oracle:x, switchboard.store.url",
        "switchboard.broker.url=http://x, switchboard.broker.url",
        "switchboard.broker.prt=1, switchboard.broker.prt",
        "switchboard.file.dir=x, switchboard.file.dir",
        "switchboard.files.colour=red, switchboard.files.colour",
        "switchboard.files.columns.Kunde=colour, switchboard.files.columns.Kunde",
        "switchboard.files.profiles.nightly.charset=latin1, switchboard.files.profiles.nightly.charset",
        "switchboard.broker.port=many, switchboard.broker.port",
        "switchboard.store.max-size=much, switchboard.store.max-size",
        "switchboard.vendors.trust-store=nowhere.pem, switchboard.vendors.trust-store: nowhere.pem",
        "switchboard.vendors.proxy=http://proxy, switchboard.vendors.proxy: must be host:port",
        "switchboard.routes.dir=nowhere, switchboard.routes.dir",
    })
    void aWrongSettingIsNamed(String setting, String named) throws IOException {
        var settings = new TreeMap<String, String>();
        int equals = setting.indexOf('=');
        settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        if (setting.startsWith("switchboard.vendors.thulium")) {
            settings.put("switchboard.vendors.thulium.accounts.crm.username", "u");
            settings.put("switchboard.vendors.thulium.accounts.crm.password", "s3cret-value");
        }
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
        try (RunningBus first = RunningBus.start(folder, settings)) {
            assertThat(failure(folder, settings)).contains("switchboard.data-dir", "another process");
            assertThat(first.rest().get("/lanes").status()).isEqualTo(200);
        }
    }

    @Test
    void aFailCodeTableThatContradictsItselfIsNamedWithItsRow() throws IOException {
        Path folder = RunningBus.newFolder("table");
        Path table = folder.resolve("overlay/vendors/happytalk/biz.fail-codes.yaml");
        Files.createDirectories(table.getParent());
        Files.writeString(table, """
                code: /code
                success: { at: /code, is: ["0"] }
                codes:
                  - { code: "-700", name: EndRoom, class: gone, disposition: dead-letter, meaning: The room had ended. }
                  - { code: "-700", name: EndRoom, class: refused, disposition: retry, meaning: It may come back. }
                """);
        assertThat(failure(folder, Map.of("switchboard.routes.dir", "overlay")))
                .contains("vendors/happytalk/biz.fail-codes.yaml", "-700");
    }

    @ParameterizedTest
    @CsvSource({
        "vendors/happytalk/biz.fail-codes.yaml, 'codes: [', biz.fail-codes.yaml",
        "vendors/happytalk/vendor.yaml, 'title: [', happytalk/vendor.yaml",
        "message.schema.json, '{', message.schema.json",
        "vendors/happytalk/biz.camel.yaml, '- route: [', happytalk/biz.camel.yaml",
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
