package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckOptionsTest {

    @Test
    void optionsMayStandAnywhere() {
        CheckOptions options = CheckOptions.read("a.csv", "--faults", "3", "-Da.b=c=d", "--json", "b.csv", "-Dflag");
        assertThat(options.files()).containsExactly(Path.of("a.csv"), Path.of("b.csv"));
        assertThat(options.faults()).isEqualTo(3);
        assertThat(options.json()).isTrue();
        assertThat(options.settings()).containsEntry("a.b", "c=d").containsEntry("flag", "");
    }

    @ParameterizedTest
    @CsvSource({
        "/data/files/inbox/nightly/a.csv, nightly",
        "/data/files/inbox/a.csv, ''",
        "/data/nightly/a.csv, ''",
        "/inbox/nightly/more/a.csv, ''",
        "/inbox/nightly/more/../a.csv, nightly",
    })
    void theProfileIsTheFolderBelowAnInbox(String file, String profile) {
        assertThat(CheckOptions.read("x").profileOf(Path.of(file))).isEqualTo(profile);
        assertThat(CheckOptions.read("x", "--profile", "daily").profileOf(Path.of(file)))
                .isEqualTo("daily");
    }

    @ParameterizedTest
    @CsvSource({"'', usage:", "--faults, needs a value", "--faults x a.csv, needs a number", "--fautls 3 a, --fautls"})
    void aMistakeIsNamed(String arguments, String named) {
        assertThatThrownBy(() -> CheckOptions.read(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }
}
