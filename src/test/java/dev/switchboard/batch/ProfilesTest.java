package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.charset.Encoding;
import dev.switchboard.records.MaxInvalid;
import dev.switchboard.records.Profile;
import dev.switchboard.records.Records;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of files. */
class ProfilesTest {

    private static final Set<String> FIELDS =
            Set.of("id", "vendor", "operation", "customerId", "text", "bot", "labels", "url");
    private static final String FILES = "switchboard.files.";
    private static final String NIGHTLY = FILES + "profiles.nightly.";

    private static SmallRyeConfig config(Map<String, String> settings, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100), new EnvConfigSource(environment, 300))
                .build();
    }

    static Profile profile(String name, Map<String, String> settings) {
        return Profiles.read(config(settings, Map.of()), FIELDS).of(name);
    }

    @Test
    void whatIsNotSetHasItsDefault() {
        Profile profile = profile("", Map.of());
        assertThat(profile.charset()).isEmpty();
        assertThat(profile.maxInvalid()).isEmpty();
        assertThat(profile.checkFirst()).isFalse();
        assertThat(profile.stops()).isTrue();
        assertThat(profile.trailer()).isEmpty();
        assertThat(profile.limits()).isEqualTo(new Profile.Limits(20L << 30, 200, 256 << 10));
        assertThat(FilesConfig.read(config(Map.of(), Map.of()), FIELDS).dir()).isEqualTo("files");
        assertThat(FilesConfig.read(config(Map.of(), Map.of()), FIELDS).maxUpload())
                .isEqualTo(4L << 30);
    }

    @Test
    void aProfileGoesOverWhatAllShare() {
        var settings = new HashMap<>(Map.of(
                FILES + "charset", "ms949",
                FILES + "max-invalid", "10",
                FILES + "columns.nr", "id",
                FILES + "columns.who", "customerId",
                FILES + "defaults.vendor", "happytalk",
                NIGHTLY + "charset", "windows-1250",
                NIGHTLY + "columns.who", "labels.who",
                NIGHTLY + "columns.\"a.b\"", "text",
                NIGHTLY + "check-first", "true",
                NIGHTLY + "on-too-many", "go-on"));
        settings.put(NIGHTLY + "trailer", "T,(\\d+)");
        settings.put(NIGHTLY + "max-unpacked", "1MiB");
        Profile nightly = profile("nightly", settings);
        assertThat(nightly.charset()).contains(Encoding.WINDOWS_1250);
        assertThat(nightly.names().columns()).isEqualTo(Map.of("nr", "id", "who", "labels.who", "a.b", "text"));
        assertThat(nightly.defaults()).isEqualTo(Map.of("vendor", "happytalk"));
        assertThat(nightly.maxInvalid()).hasToString("Optional[10]");
        assertThat(nightly.checkFirst()).isTrue();
        assertThat(nightly.stops()).isFalse();
        assertThat(nightly.limits().unpacked()).isEqualTo(1 << 20);
        Profile shared = profile("", settings);
        assertThat(shared.charset()).contains(Encoding.MS949);
        assertThat(shared.names().columns()).isEqualTo(Map.of("nr", "id", "who", "customerId"));
        assertThat(shared.trailer()).isEmpty();
    }

    @Test
    void aFolderWithoutAProfileIsNamed() {
        assertThatThrownBy(() -> profile("nightyl", Map.of(NIGHTLY + "charset", "auto")))
                .isInstanceOf(Records.Unreadable.class)
                .hasMessageContaining("inbox/nightyl");
    }

    @Test
    void theEnvironmentCarriesSettings() {
        Profiles profiles = Profiles.read(
                config(
                        Map.of(NIGHTLY + "check-first", "true", FILES + "profiles.My_Files.charset", "UTF-8"),
                        Map.of(
                                "SWITCHBOARD_FILES_PROFILES_WEEKLY_CHARSET",
                                "MS949",
                                "SWITCHBOARD_FILES_PROFILES_MY_FILES_MAX_INVALID",
                                "7",
                                "SWITCHBOARD_FILES_CHARSET",
                                "UTF-8",
                                "SWITCHBOARD_FILES_PROFILES_NIGHTLY_MAX_INVALID",
                                "2.5%")),
                FIELDS);
        assertThat(profiles.names()).containsExactly("My_Files", "nightly", "weekly");
        assertThat(profiles.of("weekly").charset()).contains(Encoding.MS949);
        assertThat(profiles.of("My_Files").maxInvalid()).hasToString("Optional[7]");
        assertThat(profiles.of("").charset()).contains(Encoding.UTF_8);
        assertThat(profiles.of("nightly").maxInvalid()).hasToString("Optional[2.5%]");
    }

    @ParameterizedTest
    @CsvSource({
        "charset, latin1",
        "charset, UTF-7",
        "max-invalid, many",
        "max-invalid, 5 %",
        "check-first, maybe",
        "on-too-many, explode",
        "trailer, '#count=\\d+'",
        "trailer, '(\\d+) (\\d+)'",
        "trailer, '(\\d+'",
        "max-unpacked, 20GB",
        "max-unpacked, 0B",
        "max-unpacked, 999999999999GiB",
        "max-ratio, 0",
        "max-record, 1GiB",
        "columns.Kunde, colour",
        "columns.Kunde, labels",
        "columns.Kunde, labels.",
        "columns.Kunde, ''",
        "defaults.colour, red",
        "defaults.labels, red",
        "defaults.vendor, ''",
    })
    void aWrongSettingIsNamed(String name, String value) {
        for (String prefix : new String[] {FILES, NIGHTLY}) {
            assertThatThrownBy(() -> profile("", Map.of(prefix + name, value)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(prefix + name + ": ");
        }
    }

    @Test
    void aWrongLimitOfUploadsIsNamed() {
        assertThatThrownBy(() -> FilesConfig.read(config(Map.of(FILES + "max-upload", "4GB"), Map.of()), FIELDS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(FILES + "max-upload: ");
    }

    @Test
    void aProfileHasAName() {
        assertThatThrownBy(() -> profile("", Map.of(FILES + "profiles.a b.charset", "auto")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(FILES + "profiles.a b.charset: ");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 5, false",
        "0, 1, 5, true",
        "3, 3, 5, false",
        "50%, 2, 4, false",
        "50%, 3, 5, true",
        "0.5%, 1, 200, false",
        "0.5%, 1, 199, true"
    })
    void aLimitIsACountOrAShare(String limit, long invalid, long read, boolean exceeded) {
        assertThat(MaxInvalid.of(limit).exceededBy(invalid, read)).isEqualTo(exceeded);
    }
}
