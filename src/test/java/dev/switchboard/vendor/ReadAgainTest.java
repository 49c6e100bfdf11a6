package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Credentials that are read again, on the packaged vendors. */
class ReadAgainTest {

    private static final String PREFIX = "switchboard.vendors.";
    private static final String HAPPYTALK = PREFIX + "happytalk.accounts.crm.";
    private static final List<Vendor> ALL = Vendor.readAll(RouteFolder.read(Optional.empty()));
    private static final Map<String, String> BEFORE = Map.of(
            HAPPYTALK + "client-id", "id-1",
            HAPPYTALK + "client-secret", "secret-1",
            HAPPYTALK + "token", "token-1");

    private final Vendors vendors = new Vendors(ALL, config(BEFORE), Map.of());
    private final Account account = vendors.lane("happytalk/crm").orElseThrow();

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    private static SmallRyeConfig changed(String... pairs) {
        var settings = new HashMap<>(BEFORE);
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put(pairs[i], pairs[i + 1]);
        }
        return config(settings);
    }

    @Test
    void whatAnApiNeedsIsTaken() {
        assertThat(vendors.readAgain(
                        account, changed(HAPPYTALK + "client-id", "id-2", HAPPYTALK + "client-secret", "secret-2")))
                .containsExactly("client-id", "client-secret");
        assertThat(account.settings())
                .containsEntry("client-id", "id-2")
                .containsEntry("client-secret", "secret-2")
                .containsEntry("token", "token-1");
    }

    @Test
    void nothingIsTakenWhereNothingChanged() {
        assertThat(vendors.readAgain(account, config(BEFORE))).isEmpty();
    }

    @Test
    void addressesStayThoseOfTheRoutes() {
        vendors.readAgain(
                account, changed(HAPPYTALK + "biz-url", "http://elsewhere", PREFIX + "happytalk.zone", "UTC"));
        assertThat(account.url("biz")).isEqualTo("https://biz-api.happytalk.io");
        assertThat(account.settings()).containsEntry("zone", "Asia/Seoul");
    }

    @Test
    void anExpressionIsResolvedAgain() {
        vendors.readAgain(account, changed(HAPPYTALK + "token", "${prefix}-x", "prefix", "token-3"));
        assertThat(account.settings()).containsEntry("token", "token-3-x");
    }

    @Test
    void oldAndNewSecretsAreMasked() {
        vendors.readAgain(account, changed(HAPPYTALK + "token", "token-2\""));
        vendors.readAgain(account, changed(HAPPYTALK + "token", "token-3"));
        assertThat(account.settings().mask("token-1 {\"token\":\"token-2\\\"\"} token-3 id-1"))
                .isEqualTo("*** {\"token\":\"***\"} *** id-1");
    }

    @Test
    void anAttemptGoesOnWithTheCredentialsItBeganWith() {
        Settings before = account.settings();
        vendors.readAgain(account, changed(HAPPYTALK + "token", "token-2"));
        assertThat(before).containsEntry("token", "token-1");
    }

    @Test
    void anOptionalSecretMayComeAndDoesNotGoUnseen() {
        String kakao = PREFIX + "kakao.accounts.crm.";
        var some = new Vendors(ALL, config(Map.of(kakao + "channel", "@shop")), Map.of());
        Account shop = some.lane("kakao/crm").orElseThrow();
        String key = Base64.getEncoder().encodeToString(new byte[16]);
        assertThat(some.readAgain(shop, config(Map.of(kakao + "channel", "@shop", kakao + "extra-key", key))))
                .containsExactly("extra-key");
        assertThatThrownBy(() -> some.readAgain(shop, config(Map.of(kakao + "channel", "@shop"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(kakao + "extra-key is missing");
        assertThat(shop.settings()).containsEntry("extra-key", key);
    }

    @ParameterizedTest
    @CsvSource({
        "token, 'with a \t tab', token: holds a control character",
        "token, '', token is missing",
        "token, '${not-there}', token is missing",
        "token, '${switchboard.vendors.happytalk.accounts.crm.token}', 'token: its ${…} cannot be resolved'",
        "client-secret, ' ', client-secret is missing",
        "environment, test, environment: must be one of",
        "biz-url, htp:/x, biz-url: must be an address",
    })
    void aWrongSettingIsNamedAndAllOldOnesStayInForce(String key, String value, String says) {
        assertThatThrownBy(() ->
                        vendors.readAgain(account, changed(HAPPYTALK + "client-id", "id-2", HAPPYTALK + key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(HAPPYTALK + says);
        assertThat(account.settings()).containsEntry("client-id", "id-1").containsEntry("token", "token-1");
    }

    @Test
    void anAccountThatIsNotThereAnyMoreIsNamed() {
        assertThatThrownBy(() -> vendors.readAgain(account, config(Map.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(HAPPYTALK);
        assertThat(account.settings()).containsAllEntriesOf(Map.of("client-id", "id-1", "token", "token-1"));
    }
}
