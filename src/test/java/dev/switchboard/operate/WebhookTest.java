package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookTest {

    @ParameterizedTest
    @CsvSource({
        "https://example.com/hooks, '', switchboard.events.webhook.secret",
        "https://example.com/hooks, c2VjcmV0, switchboard.events.webhook.secret",
        "https://example.com/hooks, whsec_%%%, switchboard.events.webhook.secret",
        "https://example.com/hooks, whsec_c2VjcmV0, switchboard.events.webhook.secret",
        "ftp://example.com, whsec_c2VjcmV0, switchboard.events.webhook.url",
    })
    void aWrongSettingIsNamedAndNotShown(String url, String secret, String named) {
        assertThatThrownBy(() -> new Webhook(Optional.of(url), Optional.of(secret)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(named + ":")
                .hasMessageNotContaining("c2VjcmV0");
    }
}
