package dev.switchboard.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KnownSettingsTest {

    private static final KnownSettings KNOWN = KnownSettings.OF_THE_BUS.and(
            KnownSettings.vendor("acme", List.of("url", "biz-url", "token"), List.of("zone")));

    private static SmallRyeConfig config(Map<String, String> settings, Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100), new EnvConfigSource(environment, 300))
                .build();
    }

    @Test
    void theFileForOperatorsListsEachSetting() throws IOException {
        String file = Files.readString(Path.of("config/application.properties"));
        SortedSet<String> names = KnownSettings.OF_THE_BUS.names();
        assertThat(names.stream().filter(name -> !name.contains("*")))
                .allSatisfy(name -> assertThat(file).contains("\n#" + name + "="));
        List<String> written = Pattern.compile("(?m)^#?(switchboard\\.[^=]+)=")
                .matcher(file)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !name.matches("switchboard\\.vendors\\.[^.]+\\..+"))
                .toList();
        assertThat(written).hasSizeGreaterThan(60).allSatisfy(KnownSettings.OF_THE_BUS::check);
    }

    @Test
    void eachSettingCanBeSetByTheEnvironment() {
        SortedSet<String> names = KNOWN.names().stream()
                .filter(name -> !name.contains("**"))
                .map(name -> name.replace("*", "my-name"))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        SmallRyeConfig config =
                config(Map.of(), names.stream().collect(Collectors.toMap(SetNames::variable, any -> "value of mine")));
        assertThat(KNOWN.in(config)).isEqualTo(names);
        assertThat(KNOWN.unknownVariables(config)).isEmpty();
        assertThat(names)
                .allSatisfy(name ->
                        assertThat(config.getOptionalValue(name, String.class)).contains("value of mine"));
    }

    @Test
    void variablesOfAKubernetesServiceAreToldAndRefuseNothing() {
        SmallRyeConfig config = config(
                Map.of(),
                Map.of(
                        "SWITCHBOARD_PORT", "tcp://10.0.0.1:80",
                        "SWITCHBOARD_SERVICE_HOST", "10.0.0.1",
                        "SWITCHBOARD_PORT_8080_TCP_PROTO", "tcp",
                        "SWITCHBOARD_URL", "http://127.0.0.1:8080",
                        "SWITCHBOARD_DATA_DIR", "data"));
        KNOWN.check(config);
        assertThat(KNOWN.unknownVariables(config))
                .containsExactly("SWITCHBOARD_PORT", "SWITCHBOARD_PORT_8080_TCP_PROTO", "SWITCHBOARD_SERVICE_HOST");
    }

    @Test
    void whatAFileWritesIsNotUnknownInTheEnvironment() {
        SmallRyeConfig config = config(
                Map.of("switchboard.files.columns.Order_No", "id"),
                Map.of("SWITCHBOARD_FILES_COLUMNS_ORDER_NO", "text", "SWITCHBOARD_FILES_COLUMNS_OTHER", "text"));
        assertThat(KNOWN.unknownVariables(config)).containsExactly("SWITCHBOARD_FILES_COLUMNS_OTHER");
    }

    @Test
    void anUnknownNameIsToldWithThoseThatThereAre() {
        assertThatThrownBy(() -> KNOWN.check("switchboard.public.prt"))
                .hasMessage(
                        "switchboard.public.prt: is not a setting (after switchboard.public. there may be [host, port])");
        assertThatThrownBy(() -> KNOWN.check("switchboard.vendors.acme.zonee"))
                .hasMessageEndingWith("(after switchboard.vendors.acme. there may be [accounts, zone])");
        KNOWN.check("switchboard.files.columns.\"a.b\"");
    }
}
