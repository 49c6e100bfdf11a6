package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong setting is named; {@link SettingsIT} shows that the packaged program does not start with one. */
class SettingsTest {

    private static final String HAPPYTALK = "switchboard.vendors.happytalk.accounts.default.";
    private static final String THULIUM = "switchboard.vendors.thulium.accounts.crm.";

    @TempDir
    Path folder;

    private static void read(Map<String, String> settings) {
        new SettingsCheck(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(settings, "test", 100))
                        .build())
                .readAll();
    }

    @Test
    void aReceiverThatNeedsABrokerIsNamedWhereThereIsNone() {
        String queue = "switchboard.vendors.receivers.accounts.crm.queue";
        Map<String, String> settings = Map.of(queue, "switchboard.inbound", "switchboard.broker.url", "none");
        assertThatThrownBy(() -> read(settings)).hasMessageContainingAll(queue + ": ", "switchboard.broker.url");
        assertThatCode(() -> read(Map.of(queue, "switchboard.inbound"))).doesNotThrowAnyException();
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
        "switchboard.broker.url=http://x, switchboard.broker.url",
        "switchboard.broker.prt=1, switchboard.broker.prt",
        "switchboard.file.dir=x, switchboard.file.dir",
        "switchboard.files.colour=red, switchboard.files.colour",
        "switchboard.files.columns.Kunde=colour, switchboard.files.columns.Kunde",
        "switchboard.files.profiles.nightly.charset=latin1, switchboard.files.profiles.nightly.charset",
        "switchboard.broker.port=many, switchboard.broker.port",
        "switchboard.vendors.trust-store=nowhere.pem, switchboard.vendors.trust-store: nowhere.pem",
        "switchboard.vendors.proxy=http://proxy, switchboard.vendors.proxy: must be host:port",
        "switchboard.routes.dir=nowhere, switchboard.routes.dir",
        "switchboard.start.prt=1, switchboard.start.prt",
        "switchboard.events.webhook.url=ftp://x, switchboard.events.webhook.url",
        "switchboard.retention.bodies=soon, switchboard.retention.bodies",
        "switchboard.oidc.colour=red, switchboard.oidc.colour",
        "switchboard.oidc.client-id=console, switchboard.oidc.issuer",
        "switchboard.colour=red, switchboard.colour",
        "switchboard.lane.hours.=09:00-18:00, switchboard.lane.hours.: is not a setting",
        "switchboard.vendors.thulium.accounts.crm.lane.timout=1s, lane.timout: is not a setting",
        "switchboard.files.profiles.nightly.colour=red, switchboard.files.profiles.nightly.colour: is not a setting",
        "switchboard.files.profiles.charset=auto, switchboard.files.profiles.charset: is not a setting",
        "switchboard.files.profiles.nightly.dir=x, switchboard.files.profiles.nightly.dir: is not a setting",
        "switchboard.files.profiles.nightly=auto, switchboard.files.profiles.nightly: is not a setting",
        "switchboard.store.max-size=1GB, switchboard.store.max-size",
        "switchboard.console.session-lifetime=long, switchboard.console.session-lifetime",
    })
    void aWrongSettingIsNamed(String setting, String named) {
        int equals = setting.indexOf('=');
        var settings = new HashMap<>(Map.of(setting.substring(0, equals), setting.substring(equals + 1)));
        if (setting.startsWith(THULIUM)) {
            settings.put(THULIUM + "username", "u");
            settings.put(THULIUM + "password", "s3cret-value");
        }
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("s3cret-value");
    }

    @Test
    void rightSettingsAreTaken() {
        assertThatCode(() -> read(Map.of(
                        "switchboard.broker.url",
                        "tcp://broker:61616",
                        THULIUM + "url",
                        "https://x.thulium.com/api",
                        THULIUM + "username",
                        "u",
                        THULIUM + "password",
                        "s3cret-value")))
                .doesNotThrowAnyException();
    }

    private void overlay(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private Map<String, String> overlaid() {
        return Map.of(
                "switchboard.routes.dir",
                folder.toString(),
                HAPPYTALK + "client-id",
                "a",
                HAPPYTALK + "client-secret",
                "s3cret-value");
    }

    @Test
    void aFailCodeTableThatContradictsItselfIsNamedWithItsRow() throws IOException {
        overlay("vendors/happytalk/biz.fail-codes.yaml", """
                code: /code
                success: { at: /code, is: ["0"] }
                codes:
                  - { code: "-700", name: EndRoom, class: gone, disposition: dead-letter, meaning: The room had ended. }
                  - { code: "-700", name: EndRoom, class: refused, disposition: retry, meaning: It may come back. }
                """);
        assertThatThrownBy(() -> read(overlaid()))
                .hasMessageContainingAll("vendors/happytalk/biz.fail-codes.yaml", "-700");
    }

    @ParameterizedTest
    @CsvSource({
        "vendors/happytalk/biz.fail-codes.yaml, 'codes: [', biz.fail-codes.yaml",
        "vendors/happytalk/vendor.yaml, 'title: [', happytalk/vendor.yaml",
        "message.schema.json, '{', message.schema.json",
    })
    void anOverlaidFileThatCannotBeReadIsNamed(String name, String content, String named) throws IOException {
        overlay(name, content);
        assertThatThrownBy(() -> read(overlaid()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .hasMessageNotContaining("s3cret-value");
    }
}
