package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which host an account calls that names none itself. */
class AccountAddressesTest {

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "production, biz, https://biz-api.happytalk.io",
        "production, customer, https://customer.happytalk.io",
        "development, biz, https://patch-biz-api.happytalk.io",
        "development, customer, https://patch-customer.happytalk.io",
    })
    void theEnvironmentChoosesTheHost(String environment, String api, String url) {
        assertThat(happytalk(Map.of("environment", environment)).url(api)).isEqualTo(url);
    }

    @ParameterizedTest
    @CsvSource({"biz, https://biz-api.happytalk.io", "customer, https://customer.happytalk.io"})
    void productionIsTheDefault(String api, String url) {
        assertThat(happytalk(Map.of()).url(api)).isEqualTo(url);
    }

    private static Account happytalk(Map<String, String> settings) {
        var config = new SmallRyeConfigBuilder();
        config.withDefaultValue("switchboard.vendors.happytalk.accounts.default.client-id", "id-1");
        config.withDefaultValue("switchboard.vendors.happytalk.accounts.default.client-secret", "secret-1");
        config.withDefaultValue("switchboard.vendors.happytalk.accounts.default.token", "token-1");
        settings.forEach((key, value) ->
                config.withDefaultValue("switchboard.vendors.happytalk.accounts.default." + key, value));
        var vendors = new Vendors(Vendor.readAll(RouteFolder.read(Optional.empty())), config.build(), Map.of());
        return vendors.account("happytalk", "default").orElseThrow();
    }
}
