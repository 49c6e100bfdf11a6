package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.database.KeyFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./switchboard store-key}. */
class StoreKeyCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return new StoreKeyCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    @Test
    void eachCallPutsAKeyBeforeTheOthersAndShowsNone(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("keys");
        assertThat(run(file.toString())).isZero();
        assertThat(run(file.toString())).isZero();
        assertThat(KeyFile.read(file)).hasSize(2);
        for (String line : Files.readAllLines(file)) {
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains(line.substring(0, line.indexOf(' ')))
                    .doesNotContain(line.substring(line.indexOf(' ') + 1));
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsNamed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "no keys");
        assertThat(run(file.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(file.toString());
        assertThat(Files.readString(file)).isEqualTo("no keys");
        assertThat(run(folder.resolve("none/keys").toString())).isEqualTo(1);
        assertThat(run("a", "b")).isEqualTo(2);
    }
}
