package dev.switchboard.operate;

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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A replay of many dead letters, while the process is killed again and again. */
class ReplayKillsIT {

    private static final Duration LONGEST = Duration.ofMinutes(25);
    private static final int CONCURRENCY = 32;
    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    private static final Answer REFUSED = Answer.of(200, "{\"code\":-704,\"message\":\"no\"}");

    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private volatile Answer answer = REFUSED;

    @Test
    void eachDeadLetterIsSentAgainOnce() throws IOException {
        killWhileDeadLettersAreSentAgain(500, 2);
    }

    @Test
    @Tag("soak")
    void eachOfManyDeadLettersIsSentAgainOnce() throws IOException {
        killWhileDeadLettersAreSentAgain(Integer.getInteger("switchboard.test.letters", 5_000), 5);
    }

    private void killWhileDeadLettersAreSentAgain(int letters, int kills) throws IOException {
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            Path folder = RunningBus.newFolder("replay-kills");
            RunningBus bus = start(folder, vendor);
            drop(bus, letters);
            awaitAll(bus, "/batches?name=lines.csv", "/batches/0/dead", letters);
            asked.clear();
            answer = WRITTEN;
            String run = "/replays/"
                    + bus.rest()
                            .post("/dead-letters/replay", "{\"filter\":{\"vendor\":\"happytalk\"}}")
                            .json()
                            .path("id")
                            .asText();
            for (int kill = 1; kill <= kills; kill++) {
                int sent = kill * letters / (kills + 1);
                await("request " + sent).atMost(LONGEST).until(() -> asked.size() >= sent);
                bus.kill();
                bus = start(folder, vendor);
            }
            try (RunningBus last = bus) {
                await("the end")
                        .atMost(LONGEST)
                        .until(() -> last.rest()
                                .get(run)
                                .json()
                                .path("state")
                                .asText()
                                .equals("finished"));
                compare(last.rest().get(run).json(), letters, kills);
            }
        }
    }

    private void compare(JsonNode run, int letters, int kills) {
        assertThat(run.path("total").asInt()).isEqualTo(letters);
        assertThat(run.path("replayed").asInt()).isEqualTo(letters);
        assertThat(run.path("delivered").asInt() + run.path("relapsed").asInt()).isEqualTo(letters);
        // what was in flight at a kill is uncertain, and not sent again
        assertThat(run.path("relapsed").asInt()).isLessThanOrEqualTo(kills * CONCURRENCY);
        assertThat(asked.size()).isBetween(run.path("delivered").asInt(), letters);
        assertThat(asked.values()).containsOnly(1);
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

    private static void drop(RunningBus bus, int letters) throws IOException {
        Path part = bus.file("inbox/lines.csv.part").toPath();
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            out.write("vendor,operation,conversationId,customerId,text\n");
            for (int i = 0; i < letters; i++) {
                out.write("happytalk,send,line-" + i + ",anna-1,good evening\n");
            }
        }
        Files.createFile(bus.file("inbox/lines.csv.done").toPath());
        Files.move(part, bus.file("inbox/lines.csv").toPath());
    }

    private Answer answer(Request request) {
        try {
            asked.merge(RestClient.JSON.readTree(request.body()).path("room_id").asText(), 1, Integer::sum);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return answer;
    }

    private static void awaitAll(RunningBus bus, String path, String pointer, int letters) {
        await("all dead")
                .atMost(LONGEST)
                .until(() -> bus.rest().get(path).json().at(pointer).asInt() == letters);
    }
}
