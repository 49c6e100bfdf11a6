package dev.switchboard.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that are not what they should be are found. */
class ResultFilesTest {

    private static final String HEAD = "line,id,state,class,code,message,result,attempts,finishedAt\n";
    private static final String FIRST = "1,f.1,delivered,,,,,1,\n";
    private static final String SECOND = "2,f.2,uncertain,,,,,1,\n";
    private static final String SUMMARY =
            "{\"read\":2,\"accepted\":2,\"duplicate\":0,\"invalid\":0,\"delivered\":1,\"uncertain\":1,\"dead\":0}";

    @TempDir
    Path folder;

    @BeforeEach
    void writeWell() throws IOException {
        rows(HEAD + FIRST + SECOND);
        summary(SUMMARY);
    }

    private void rows(String text) throws IOException {
        Files.writeString(folder.resolve("f.jsonl.results.csv"), text);
    }

    private void summary(String text) throws IOException {
        Files.writeString(folder.resolve("f.jsonl.summary.json"), text);
    }

    private List<String> faults() throws IOException {
        var stored = Map.of(
                "f.1", new Stored("f.1", "happytalk", "delivered", ""),
                "f.2", new Stored("f.2", "happytalk", "uncertain", "uncertain"));
        return new ResultFiles(folder, stored)
                .faults(Map.of("f.jsonl", List.of(new Sent("f", 1, "file"), new Sent("f", 2, "file"))));
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() throws IOException {
        assertThat(faults()).isEmpty();
    }

    @Test
    void missingResultsAreFound() throws IOException {
        Files.delete(folder.resolve("f.jsonl.summary.json"));
        assertThat(faults()).containsExactly("f.jsonl has no results");
    }

    @Test
    void aLineThatIsMissingOrThereTwiceIsFound() throws IOException {
        rows(HEAD + FIRST);
        assertThat(faults()).hasSize(1);
        rows(HEAD + FIRST + FIRST);
        assertThat(faults()).hasSize(1);
    }

    @Test
    void aStateThatIsNotTheStoresIsFound() throws IOException {
        rows(HEAD + FIRST + SECOND.replace("uncertain", "delivered"));
        assertThat(faults()).singleElement().asString().contains("f.2");
    }

    @Test
    void countsThatDoNotAddUpAreFound() throws IOException {
        summary(SUMMARY.replace("\"uncertain\":1", "\"uncertain\":0"));
        assertThat(faults()).singleElement().asString().contains("does not add up");
    }
}
