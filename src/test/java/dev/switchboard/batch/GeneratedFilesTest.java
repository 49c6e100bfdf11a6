package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The readers on generated contents: a record or a reason, and nothing else is ever thrown. */
class GeneratedFilesTest {

    private static final long SEED = Long.getLong("switchboard.test.seed", 20261128);

    @TempDir
    Path folder;

    @Test
    void eachGeneratedFileIsReadOrSaysWhyNot() throws IOException {
        var files = new GeneratedFiles(SEED);
        int records = 0;
        int stopped = 0;
        for (int i = 0; i < Integer.getInteger("switchboard.test.files", 400); i++) {
            files.name();
            byte[] content = files.content();
            for (String ending : new String[] {".csv", ".jsonl", ".json"}) {
                Path file = Files.write(
                        folder.resolve("a" + ending + (content.length > 1 && content[0] == 0x1f ? ".gz" : "")),
                        content);
                try {
                    RecordsTest.Read read = RecordsTest.read(file, Map.of());
                    records += read.records().size();
                    stopped += read.end() == null ? 0 : 1;
                    assertThat(read.shown()).allMatch(line -> !line.isEmpty());
                    assertThat(String.valueOf(read.end())).doesNotContain("\n", "\r", "\u0000", "\u202e");
                } catch (RuntimeException e) {
                    fail("file " + i + ending + " of seed " + SEED, e);
                }
            }
        }
        assertThat(records).isPositive();
        assertThat(stopped).isPositive();
    }
}
