package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One file, while the process is killed again and again: during its reading, and during the sending of what it held. */
class BatchKillsIT {

    private static final int CONCURRENCY = 32;
    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    /** How often the vendor was asked for each line. */
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();

    @Test
    void eachLineHasOneOutcomeAndNoneIsSentTwice() throws IOException {
        killWhileAFileIsReadAndSent(2_000, 2);
    }

    @Test
    @Tag("soak")
    void eachLineOfALargeFileHasOneOutcomeAfterManyKills() throws IOException {
        killWhileAFileIsReadAndSent(Integer.getInteger("switchboard.test.lines", 200_000), 20);
    }

    private void killWhileAFileIsReadAndSent(int lines, int kills) throws IOException {
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            Path folder = RunningBus.newFolder("batch-kills");
            RunningBus bus = start(folder, vendor);
            drop(bus, lines);
            for (int kill = 1; kill <= kills; kill++) {
                awaitProgress(bus, kill * 2L * lines / (kills + 1));
                bus.kill();
                bus = start(folder, vendor);
            }
            try (RunningBus last = bus) {
                awaitState(last, "finished");
                Path summary = last.file("results/lines.csv.summary.json").toPath();
                await("the results").atMost(Duration.ofMinutes(5)).until(() -> Files.exists(summary));
                compare(
                        last.file("results/lines.csv.results.csv").toPath(),
                        RestClient.JSON.readTree(summary.toFile()),
                        lines,
                        kills);
                assertThat(last.rest().get("/batches").json().path("batches")).hasSize(1);
                assertThat(last.file("done/lines.csv")).exists();
                assertThat(last.file("working").list((in, name) -> name.contains("lines")))
                        .isEmpty();
            }
        }
    }

    private static RunningBus start(Path folder, FakeVendor vendor) throws IOException {
        String account = "switchboard.vendors.happytalk.accounts.default.";
        return RunningBus.start(
                folder,
                Map.of(
                        account + "biz-url",
                        vendor.url(),
                        account + "client-id",
                        "id",
                        account + "client-secret",
                        "secret",
                        "switchboard.lane.concurrency",
                        "" + CONCURRENCY));
    }

    private static void drop(RunningBus bus, int lines) throws IOException {
        Path part = bus.file("inbox/lines.csv.part").toPath();
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            out.write("vendor,operation,conversationId,customerId,text\n");
            for (int i = 2; i < lines + 2; i++) {
                out.write("happytalk,send,line-" + i + ",anna-1,good evening\n");
            }
        }
        Files.createFile(bus.file("inbox/lines.csv.done").toPath());
        Files.move(part, bus.file("inbox/lines.csv").toPath());
    }

    private Answer answer(Request request) {
        try {
            String room =
                    RestClient.JSON.readTree(request.body()).path("room_id").asText();
            asked.merge(room, 1, Integer::sum);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return WRITTEN;
    }

    private static JsonNode batch(RunningBus bus) throws IOException {
        return bus.rest().get("/batches?name=lines.csv").json().at("/batches/0");
    }

    /** Of twice as many steps as there are lines, reading a line is one and sending it another. */
    private static void awaitProgress(RunningBus bus, long steps) {
        await("step " + steps)
                .atMost(Duration.ofMinutes(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    JsonNode batch = batch(bus);
                    return batch.path("read").asLong()
                                    + batch.path("delivered").asLong()
                                    + batch.path("uncertain").asLong()
                            >= steps;
                });
    }

    private static void awaitState(RunningBus bus, String state) {
        await("the batch's end")
                .atMost(Duration.ofMinutes(10))
                .until(() -> batch(bus).path("state").asText().equals(state));
    }

    private void compare(Path results, JsonNode summary, int lines, int kills) throws IOException {
        var states = new HashMap<String, Integer>();
        try (Reader in = Files.newBufferedReader(results)) {
            List<CSVRecord> rows = CSV.parse(in).getRecords();
            assertThat(rows).hasSize(lines);
            for (int i = 0; i < lines; i++) {
                CSVRecord row = rows.get(i);
                String state = row.get("state");
                assertThat(row.get("line")).isEqualTo("" + (i + 2));
                assertThat(asked.getOrDefault("line-" + (i + 2), 0))
                        .as("requests for line %d, which is %s", i + 2, state)
                        .isBetween(state.equals("delivered") ? 1 : 0, 1);
                states.merge(state, 1, Integer::sum);
            }
        }
        assertThat(states).containsOnlyKeys("delivered", "uncertain");
        assertThat(states.get("uncertain")).isLessThanOrEqualTo(kills * CONCURRENCY);
        assertThat(summary.path("read").asInt()).isEqualTo(lines);
        assertThat(summary.path("accepted").asInt()).isEqualTo(lines);
        states.forEach((state, count) ->
                assertThat(summary.path(state).asInt()).as(state).isEqualTo(count));
    }
}
