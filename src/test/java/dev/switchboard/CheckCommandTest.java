package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be checked has status 2 and a sentence; {@link CheckIT} has the rest of the command. */
class CheckCommandTest {

    private static final String CHARSET = "switchboard.files.charset";

    /** The command makes its settings those of its process. */
    @AfterEach
    void forgetSettings() {
        System.clearProperty(CHARSET);
        System.clearProperty("switchboard.sandbox.enabled");
    }

    @ParameterizedTest
    @CsvSource({
        "no.csv, no.csv does not exist",
        "--profile daily samples/files/messages.csv, there is no profile daily (there are [])",
        "-D" + CHARSET + "=latin1 a.csv, 'switchboard.files.charset: must be auto, UTF-8, MS949 or windows-1250'",
        "'', usage: ./switchboard check",
    })
    void itSaysWhy(String arguments, String why) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = new CheckCommand(stream(out), stream(err))
                .run(("-Dswitchboard.sandbox.enabled=true " + arguments).strip().split(" "));
        assertThat(status).isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("switchboard: " + why)
                .doesNotContain("\tat ");
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
