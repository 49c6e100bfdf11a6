package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings let other machines reach a bus; {@link ExposureIT} shows that the packaged program looks at this. */
class ExposureTest {

    private static final String CERTIFICATE = "quarkus.tls.key-store.pem.0.cert";

    private static Exposure exposure(boolean open, Map<String, String> settings) {
        return new Exposure(
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(settings, "test", 100))
                        .build(),
                open);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.http.host", "quarkus.management.host"})
    void withoutAKeyItIsNotOpenToOthers(String setting) {
        assertThatThrownBy(() -> exposure(true, Map.of(setting, "0.0.0.0")).check())
                .hasMessageContainingAll(setting + "=0.0.0.0", "no key", "./switchboard key create");
    }

    @ParameterizedTest
    @ValueSource(strings = {"quarkus.http.host", "quarkus.management.host"})
    void withoutTlsItIsNotOpenToOthers(String setting) {
        assertThatThrownBy(() -> exposure(false, Map.of(setting, "0.0.0.0")).check())
                .hasMessageContainingAll(setting + "=0.0.0.0", "unencrypted", CERTIFICATE);
    }

    @Test
    void aCertificateDoesNotHelpWhilePlainHttpGoesOn() {
        var settings = new HashMap<>(Map.of("quarkus.http.host", "0.0.0.0", CERTIFICATE, "bus.pem"));
        assertThatThrownBy(() -> exposure(false, settings).check())
                .hasMessageContaining("quarkus.http.insecure-requests=disabled");
        settings.put("quarkus.http.insecure-requests", "disabled");
        assertThatCode(() -> exposure(false, settings).check()).doesNotThrowAnyException();
    }
}
