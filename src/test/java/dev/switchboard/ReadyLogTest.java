package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadyLogTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080",
        "bus.example, http://bus.example:8080",
        "0.0.0.0, http://localhost:8080",
        "::, http://localhost:8080",
        "::1, http://[::1]:8080"
    })
    void theAddressCanBeOpenedInABrowser(String host, String address) {
        var options = new HttpServerOptions().setHost(host).setPort(0);
        assertThat(ReadyLog.address("http", options, 8080)).isEqualTo(address);
    }
}
