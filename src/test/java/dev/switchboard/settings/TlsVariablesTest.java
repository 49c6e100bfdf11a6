package dev.switchboard.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TlsVariablesTest {

    @Test
    void certificatesOfTheEnvironmentHaveTheNamesThatQuarkusLooksFor() {
        assertThat(TlsVariables.spelt(Map.of(
                        "QUARKUS_TLS_KEY_STORE_PEM_0_CERT", "a.crt",
                        "QUARKUS_TLS_KEY_STORE_PEM_0_KEY", "a.key",
                        "QUARKUS_TLS_MY_OPS_KEY_STORE_P12_PATH", "b.p12",
                        "QUARKUS_TLS_MY_OPS_RELOAD_PERIOD", "1h")))
                .isEqualTo(Map.of(
                        "quarkus.tls.key-store.pem.0.cert", "a.crt",
                        "quarkus.tls.key-store.pem.0.key", "a.key",
                        "quarkus.tls.my-ops.key-store.p12.path", "b.p12"));
    }
}
