package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.vendor.RouteFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopiedRoutesTest {

    private static final String COPIED = "dispatch/replies.camel.yaml";

    @TempDir
    Path folder;

    private final List<String> said = new ArrayList<>();
    private final Logger log = Logger.getLogger(CopiedRoutes.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            said.add(line.getLevel() + " " + new PatternFormatter("%s").format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        log.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        log.removeHandler(handler);
    }

    private void start() throws IOException {
        said.clear();
        CopiedRoutes.tell(RouteFolder.read(Optional.of(folder.resolve("own"))), folder.resolve("data"));
    }

    private void copy(String text) throws IOException {
        Path file = folder.resolve("own").resolve(COPIED);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** As if the program had had another version of the file when the copy was noted. */
    private void pretendAnUpgrade() throws IOException {
        Path notes = folder.resolve("data/copied-routes.properties");
        Files.writeString(notes, Files.readString(notes).replaceAll("[0-9a-f]{64}\\R", "0".repeat(64) + "\n"));
    }

    private boolean warned() {
        return said.stream()
                .anyMatch(line -> line.startsWith("WARN") && line.contains("is older than routes/" + COPIED));
    }

    @Test
    void aCopyThatIsOlderThanItsOriginalIsNamedUntilItChanges() throws IOException {
        copy("[]");
        start();
        assertThat(said).anyMatch(line -> line.contains("replaces routes/" + COPIED));
        assertThat(warned()).isFalse();
        start();
        assertThat(warned()).isFalse();
        pretendAnUpgrade();
        start();
        assertThat(warned()).isTrue();
        start();
        assertThat(warned()).isTrue();
        copy("[] # compared");
        start();
        assertThat(warned()).isFalse();
    }

    @Test
    void anAddedFileIsNotedNowhere() throws IOException {
        Files.createDirectories(folder.resolve("own"));
        Files.writeString(folder.resolve("own/mine.camel.yaml"), "[]");
        start();
        assertThat(said).singleElement().asString().contains("mine.camel.yaml is added");
        assertThat(folder.resolve("data")).doesNotExist();
    }
}
