package dev.switchboard.vendor.receivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFilesTest {

    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private List<Path> finished() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private List<String> lines() throws IOException {
        var lines = new ArrayList<String>();
        for (Path file : finished()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }

    @Test
    void aFileIsFinishedWhenItIsLarge() throws IOException {
        var file = new EventFile(folder, "crm", 10, LONG);
        file.write("{\"n\":1}");
        assertThat(finished()).isEmpty();
        file.write("{\"n\":\"둘\"}");
        file.write("{\"n\":3}");
        assertThat(lines()).containsExactly("{\"n\":1}", "{\"n\":\"둘\"}");
        file.finish();
        assertThat(lines()).hasSize(3);
        assertThat(finished())
                .hasSize(2)
                .allMatch(each -> each.getFileName().toString().matches("crm-\\d{8}-\\d{6}-\\d{3}\\.jsonl"));
    }

    @Test
    void aFileIsFinishedWhenItIsOldAndWhenTheBusStops() throws IOException {
        var settings =
                Map.of("folder", folder.resolve("new").toString(), "file-max-size", "1MiB", "file-max-age", "1s");
        try (var files = new EventFiles()) {
            files.write("1", "crm", settings);
            folder = folder.resolve("new");
            await().atMost(Duration.ofSeconds(20)).until(() -> lines().equals(List.of("1")));
            files.write("2", "crm", settings);
        }
        assertThat(lines()).containsExactly("1", "2");
    }

    @Test
    void whatAKilledBusLeftIsFinishedWithoutItsTornLine() throws IOException {
        Files.writeString(folder.resolve(".crm-20260101-000000-000.jsonl.part"), "whole\n{\"torn");
        Files.writeString(folder.resolve(".crm-20260101-000000-001.jsonl.part"), "{\"torn");
        Files.writeString(folder.resolve(".other-20260101-000000-000.jsonl.part"), "of another account\n");
        var file = new EventFile(folder, "crm", 1 << 20, LONG);
        file.finishOld();
        assertThat(lines()).containsExactly("whole");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(2);
        }
    }

    @Test
    void whatAnotherInstanceWritesIsLeftAlone() throws IOException {
        var other = new EventFile(folder, "crm", 1 << 20, LONG);
        other.write("1");
        new EventFile(folder, "crm", 1 << 20, LONG).finishOld();
        assertThat(finished()).isEmpty();
        other.write("2");
        other.finish();
        assertThat(lines()).containsExactly("1", "2");
    }

    @Test
    void aFolderThatCannotBeUsedTakesNothingUntilItCan() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "");
        var file = new EventFile(taken, "crm", 1, LONG);
        assertThatThrownBy(() -> file.write("1")).isInstanceOf(IOException.class);
        Files.delete(taken);
        file.write("1");
        folder = taken;
        assertThat(lines()).containsExactly("1");
    }
}
