package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings of accounts, on the packaged vendors. */
class VendorsTest {

    private static final String PREFIX = "switchboard.vendors.";
    private static final List<Vendor> ALL = Vendor.readAll(RouteFolder.read(Optional.empty()));

    private static Vendors vendors(Map<String, String> settings, Map<String, String> environment) {
        var named = new HashMap<String, String>();
        settings.forEach((name, value) -> named.put(PREFIX + name, value));
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(named, "test", 100), new EnvConfigSource(environment, 300))
                .build();
        return new Vendors(ALL, config, Map.of());
    }

    private static Account account(Vendors vendors, String lane) {
        return vendors.lane(lane).orElseThrow();
    }

    @Test
    void withoutAccountsAVendorIsOff() {
        Vendors vendors = vendors(Map.of(), Map.of());
        assertThat(vendors.accounts()).isEmpty();
        assertThat(vendors.all()).hasSize(ALL.size());
    }

    @Test
    void anApiWhoseSettingsAreNotThereIsOff() {
        Vendors vendors = vendors(Map.of("happytalk.accounts.crm.token", "t"), Map.of());
        assertThat(account(vendors, "happytalk/crm").apis()).containsExactly("customer");
    }

    @Test
    void aDefaultMayDependOnAnotherSetting() {
        Vendors vendors = vendors(
                Map.of(
                        "happytalk.accounts.a.token",
                        "t",
                        "happytalk.accounts.b.token",
                        "t",
                        "happytalk.accounts.b.environment",
                        "development"),
                Map.of());
        assertThat(account(vendors, "happytalk/a").url("customer")).isEqualTo("https://customer.happytalk.io");
        assertThat(account(vendors, "happytalk/b").url("customer")).isEqualTo("https://patch-customer.happytalk.io");
    }

    @Test
    void theEnvironmentAloneCarriesAnAccount() {
        Vendors vendors = vendors(
                Map.of(),
                Map.of(
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS", "default,my-crm",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_DEFAULT_URL", "https://a.thulium.com/api/",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_DEFAULT_USERNAME", "u",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_DEFAULT_PASSWORD", "p",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_URL", "https://b.thulium.com/api",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_USERNAME", "u",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_PASSWORD", "p"));
        assertThat(account(vendors, "thulium/default").url("rest")).isEqualTo("https://a.thulium.com/api");
        assertThat(account(vendors, "thulium/my-crm").url("rest")).isEqualTo("https://b.thulium.com/api");
    }

    @Test
    void anAccountThatTheEnvironmentAloneDescribesNeedsNoList() {
        Vendors vendors = vendors(
                Map.of("kakao.accounts.crm-b.channel", "@b"),
                Map.of(
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_URL", "https://b.thulium.com/api",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_USERNAME", "u",
                        "SWITCHBOARD_VENDORS_THULIUM_ACCOUNTS_MY_CRM_PASSWORD", "p",
                        "SWITCHBOARD_VENDORS_HAPPYTALK_ACCOUNTS_A_BIZ_URL", "https://a.example",
                        "SWITCHBOARD_VENDORS_HAPPYTALK_ACCOUNTS_A_CLIENT_ID", "i",
                        "SWITCHBOARD_VENDORS_HAPPYTALK_ACCOUNTS_A_CLIENT_SECRET", "s",
                        "SWITCHBOARD_VENDORS_KAKAO_ACCOUNTS_CRM_B_CALL", "none"));
        assertThat(vendors.accounts())
                .extracting(Account::lane)
                .containsExactlyInAnyOrder("thulium/my-crm", "happytalk/a", "kakao/crm-b");
        assertThat(account(vendors, "happytalk/a").url("biz")).isEqualTo("https://a.example");
        assertThat(account(vendors, "kakao/crm-b").settings()).containsEntry("call", "none");
    }

    @Test
    void aListOfAccountsSaysWhereANameEnds() {
        Vendors vendors = vendors(
                Map.of(),
                Map.of(
                        "SWITCHBOARD_VENDORS_KAKAO_ACCOUNTS", "a-inbound",
                        "SWITCHBOARD_VENDORS_KAKAO_ACCOUNTS_A_INBOUND_CHANNEL", "@a",
                        "SWITCHBOARD_VENDORS_KAKAO_ACCOUNTS_A_INBOUND_URL", "https://a.example"));
        assertThat(vendors.accounts()).extracting(Account::lane).containsExactly("kakao/a-inbound");
        assertThat(vendors.unknownVariables()).isEmpty();
    }

    @Test
    void aVendorsOwnSettingHoldsForAllItsAccounts() {
        Vendors vendors =
                vendors(Map.of("happytalk.zone", "Europe/Warsaw", "happytalk.accounts.a.token", "t"), Map.of());
        assertThat(account(vendors, "happytalk/a").settings()).containsEntry("zone", "Europe/Warsaw");
    }

    @Test
    void noSecretIsInWhatIsPrinted() {
        Vendors vendors = vendors(Map.of("happytalk.accounts.crm.token", "secret-1"), Map.of());
        Account account = account(vendors, "happytalk/crm");
        assertThat(account + " " + account.settings()).doesNotContain("secret-1");
        assertThat(account.settings().mask("x secret-1 y")).isEqualTo("x *** y");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown.accounts.crm.key         | x         | unknown.accounts.crm.key: is not a setting (after switchboard.vendors. there may be [happytalk, kakao,",
                "thulium.accounts.crm.colour     | red       | thulium.accounts.crm.colour: is not a setting",
                "kakao.zone                      | UTC       | kakao.zone: is not a setting",
                "happytalk.accounts.crm.zone     | UTC       | happytalk.accounts.crm.zone: is not a setting",
                "happytalk.accounts.Crm.token    | x         | happytalk.accounts: an account's name",
                "happytalk.accounts              | a b       | happytalk.accounts: an account's name",
                "happytalk.accounts              | crm       | happytalk.accounts.crm.*: the account has none",
                "happytalk.accounts.crm.client-id | x        | happytalk.accounts.crm.client-secret is missing",
                "thulium.accounts.crm.username   | x         | thulium.accounts.crm.password is missing",
                "kakao.accounts.crm.url          | host/path | kakao.accounts.crm.url: must be an address",
                "kakao.accounts.crm.url          | ftp://host | kakao.accounts.crm.url: must be an address",
                "receivers.accounts.crm.secret   | whsec_c2hvcnQ= | receivers.accounts.crm.secret: must be whsec_ and 24 to 64 bytes",
                "kakao.accounts.crm.url          | http://u:p@h | kakao.accounts.crm.url: must be an address",
                "kakao.accounts.crm.call         | PUT       | kakao.accounts.crm.call: must be one of",
                "kakao.accounts.crm.channel      | shop      | kakao.accounts.crm.channel: must match",
                "kakao.accounts.crm.extra-key    | x!        | kakao.accounts.crm.extra-key: is not Base64",
                "kakao.accounts.crm.extra-key    | c2hvcnQ=  | kakao.accounts.crm.extra-key: holds 5 bytes",
            })
    void aWrongSettingIsNamed(String name, String value, String says) {
        assertThatThrownBy(() -> vendors(Map.of(name, value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(PREFIX + says);
    }
}
