package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneSettingsTest {

    private static final String OWN = "switchboard.vendors.acme.accounts.crm.lane.";

    private static LaneSettings read(Map<String, String> settings) {
        return read(settings, Map.of());
    }

    private static LaneSettings read(Map<String, String> settings, Map<String, String> environment) {
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100), new EnvConfigSource(environment, 300))
                .build();
        return LaneSettings.read(config, "acme", "crm");
    }

    @Test
    void withoutSettingsTheDefaultsHold() {
        LaneSettings settings = read(Map.of());
        assertThat(settings.concurrency()).isEqualTo(32);
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.expiresAfter()).isEqualTo(Duration.ofDays(3));
        assertThat(settings.retry())
                .hasSize(10)
                .startsWith(Duration.ofSeconds(1))
                .endsWith(Duration.ofHours(8));
        assertThat(settings.later()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.resend()).isFalse();
        assertThat(settings.maxAnswer()).isEqualTo(16 << 20);
        assertThat(settings.idle()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void hoursAreOfAllLanesOfAnAccountAndOfAnOperation() {
        LaneSettings settings = read(Map.of(
                "switchboard.lane.zone",
                "Asia/Seoul",
                OWN + "hours",
                "Mon-Fri 09:00-18:00",
                OWN + "holidays",
                "2026-11-30",
                OWN + "hours.transcript",
                "00:00-24:00",
                OWN + "quiet-hours.send",
                "12:00-13:00"));
        Instant noon = Instant.parse("2026-11-27T03:30:00Z"); // Friday, half past twelve in Seoul
        assertThat(settings.hours().of("end").isOpen(noon)).isTrue();
        assertThat(settings.hours().of("send").isOpen(noon)).isFalse();
        assertThat(settings.hours().of("send").isOpen(noon.plusSeconds(7 * 3600)))
                .isFalse();
        assertThat(settings.hours().of("transcript").isOpen(noon.plusSeconds(7 * 3600)))
                .isTrue();
        assertThat(settings.expiry("end", Instant.parse("2026-11-27T08:00:00Z")))
                .as("72 hours of office time: one on Friday, none on the holiday, the rest from Tuesday on")
                .isEqualTo(Instant.parse("2026-12-10T08:00:00Z"));
        assertThat(settings.hours().isAlways()).isFalse();
        assertThat(read(Map.of()).hours().isAlways()).isTrue();
    }

    @Test
    void hoursThatMakeNoSenseAreNamed() {
        assertThatThrownBy(() -> read(Map.of(OWN + "hours", "Mon-Fri 09:00-18:00")))
                .hasMessageContaining("zone");
        assertThatThrownBy(() -> read(Map.of(OWN + "quiet-hours", "late", OWN + "zone", "UTC")))
                .hasMessageContaining(OWN + "quiet-hours: 'late'");
        assertThatThrownBy(() -> read(Map.of(OWN + "hours", "09:00-18:00", OWN + "zone", "Seoul")))
                .hasMessageContaining(OWN + "zone");
    }

    @Test
    void anAccountsSettingGoesOverThatOfAllLanes() {
        LaneSettings settings = read(Map.of(
                "switchboard.lane.timeout",
                "5s",
                OWN + "timeout",
                "250ms",
                "switchboard.lane.retry",
                "20ms, 1m ,2d",
                OWN + "uncertain",
                "resend",
                OWN + "max-answer",
                "64KiB"));
        assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.retry()).containsExactly(Duration.ofMillis(20), Duration.ofMinutes(1), Duration.ofDays(2));
        assertThat(settings.resend()).isTrue();
        assertThat(settings.maxAnswer()).isEqualTo(64 << 10);
    }

    @Test
    void theEnvironmentCarriesSettings() {
        LaneSettings settings = read(
                Map.of(),
                Map.of("SWITCHBOARD_LANE_MAX_ANSWER", "1MiB", "SWITCHBOARD_VENDORS_ACME_ACCOUNTS_CRM_LANE_IDLE", "1s"));
        assertThat(settings.maxAnswer()).isEqualTo(1 << 20);
        assertThat(settings.idle()).isEqualTo(Duration.ofSeconds(1));
        settings = read(
                Map.of("switchboard.lane.zone", "Asia/Seoul"),
                Map.of(
                        "SWITCHBOARD_LANE_HOURS_SEND",
                        "09:00-18:00",
                        "SWITCHBOARD_VENDORS_ACME_ACCOUNTS_CRM_LANE_QUIET_HOURS_END",
                        "21:00-08:00"));
        assertThat(settings.hours().own()).containsOnlyKeys("send", "end");
    }

    @ParameterizedTest
    @CsvSource({
        "concurrency, 0",
        "concurrency, many",
        "concurrency, 10000",
        "timeout, 30",
        "timeout, -1s",
        "timeout, 1.5s",
        "timeout, 99999999999999999999s",
        "expires-after, 9999999999999999d",
        "retry, '1s,,2s'",
        "retry, never",
        "later, 10",
        "uncertain, maybe",
        "max-answer, 1MB",
        "max-answer, 99999999999999GiB",
        "idle, x",
    })
    void aWrongSettingIsNamed(String name, String value) {
        assertThatThrownBy(() -> read(Map.of("switchboard.lane." + name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("switchboard.lane." + name + ": ");
        assertThatThrownBy(() -> read(Map.of(OWN + name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(OWN + name + ": ");
    }
}
