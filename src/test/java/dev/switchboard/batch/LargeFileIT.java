package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.store.Batch;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file much larger than the memory that its records would take. */
class LargeFileIT {

    private static final Map<String, String> NO_CALL = Map.of(
            "switchboard.vendors.kakao.accounts.default.channel", "@shop",
            "switchboard.vendors.kakao.accounts.default.call", "none");

    /**
     * Start links need no call, so that what is measured is the bus and not a vendor. Of five lines one is a new message,
     * three are the same again and one is invalid; with new messages alone it passes as well, and takes longer.
     */
    @Test
    void aFilePassesInLittleMemory() throws IOException {
        readAndSend(20_000, "-Xmx96m");
    }

    @Test
    @Tag("soak")
    void aHundredThousandLinesPassInConstantMemory() throws IOException {
        readAndSend(100_000, "-Xmx160m");
    }

    private static void readAndSend(int lines, String heap) throws IOException {
        Path folder = RunningBus.newFolder("large");
        try (RunningBus bus = RunningBus.start(folder, NO_CALL, heap, "-XX:+ExitOnOutOfMemoryError")) {
            Path part = bus.file("inbox/large.jsonl.part").toPath();
            write(part, lines);
            Files.move(part, bus.file("inbox/large.jsonl").toPath());
            Files.createFile(bus.file("inbox/large.jsonl.done").toPath());
            RestClient rest = bus.rest();
            JsonNode batch = await("the end of the batch")
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(500))
                    .until(
                            () -> rest.get("/batches").json().at("/batches/0"),
                            view -> view.path("state").asText().equals("finished"));
            assertThat(batch.path("accepted").asInt()).isEqualTo(lines / 5);
            assertThat(batch.path("duplicate").asInt()).isEqualTo(lines / 5 * 3);
            assertThat(batch.path("invalid").asInt()).isEqualTo(lines / 5);
            assertThat(batch.path("delivered").asInt()).isEqualTo(lines / 5);
            Path summary = bus.file("results/large.jsonl.summary.json").toPath();
            await("the results").atMost(Duration.ofMinutes(1)).until(() -> Files.exists(summary));
            int left = Math.max(0, lines / 5 - Batch.MOST_INVALID);
            assertThat(lines(bus, "results/large.jsonl.results.csv")).isEqualTo(lines - left + 1);
            assertThat(lines(bus, "results/large.jsonl.rejected.jsonl")).isEqualTo(lines / 5);
            assertThat(lines(bus, "results/large.jsonl.results.jsonl")).isEqualTo(lines / 5);
            assertThat(bus.file("done/large.jsonl")).exists();
        }
    }

    private static long lines(RunningBus bus, String file) throws IOException {
        try (var all = Files.lines(bus.file(file).toPath())) {
            return all.count();
        }
    }

    private static void write(Path file, int lines) throws IOException {
        String label = "x".repeat(250);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < lines; i++) {
                String more = i % 5 == 4 ? ",\"colour\":\"red\"" : "";
                out.write("{\"id\":\"line-" + i / 5
                        + "\",\"vendor\":\"kakao\",\"operation\":\"start\",\"labels\":{\"a\":\"" + label + "\",\"b\":\""
                        + label + "\",\"c\":\"" + label + "\"}" + more + "}\n");
            }
        }
    }
}
