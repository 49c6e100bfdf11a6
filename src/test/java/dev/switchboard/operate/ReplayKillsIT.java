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
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A replay of many dead letters, while the process is killed again and again. */
class ReplayKillsIT {

    private static final Duration LONGEST = Duration.ofMinutes(25);
    private static final int CONCURRENCY = 32;
    private static final int MANY = 2_000;
    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    private static final Answer REFUSED = Answer.of(200, "{\"code\":-704,\"message\":\"no\"}");

    private static final Answer CLOSED = Answer.of(200, "{\"code\":-901,\"message\":\"closed\"}");

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

    /** Makes a run, kills the bus three times in the middle of it, and checks what came of it on the last. */
    private void killed(
            FakeVendor vendor,
            Path folder,
            RunningBus first,
            String path,
            String body,
            ThrowingConsumer<RunningBus> check)
            throws IOException {
        int letters = MANY;
        RunningBus bus = first;
        String run = "/replays/" + bus.rest().post(path, body).json().path("id").asText();
        for (int kill = 1; kill <= 3; kill++) {
            RunningBus now = bus;
            int done = kill * letters / 5;
            await("message " + done)
                    .atMost(LONGEST)
                    .until(() -> now.rest().get(run).json().path("replayed").asInt() >= done);
            assertThat(now.rest().get(run).json().path("state").asText()).isEqualTo("running");
            bus.kill();
            bus = start(folder, vendor);
        }
        try (RunningBus last = bus) {
            await("the end")
                    .atMost(LONGEST)
                    .until(() ->
                            last.rest().get(run).json().path("state").asText().equals("finished"));
            JsonNode ended = last.rest().get(run).json();
            assertThat(ended.path("total").asInt()).isEqualTo(letters);
            assertThat(ended.path("replayed").asInt()).isEqualTo(letters);
            check.accept(last);
        }
    }

    private static JsonNode batch(RunningBus bus) throws IOException {
        return bus.rest().get("/batches?name=lines.csv").json().at("/batches/0");
    }

    @Test
    @Tag("soak")
    void eachOfManyIsDiscardedOnce() throws IOException {
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            Path folder = RunningBus.newFolder("discard-kills");
            RunningBus bus = start(folder, vendor);
            drop(bus, MANY);
            awaitAll(bus, "/batches?name=lines.csv", "/batches/0/dead", MANY);
            String body = "{\"filter\":{\"vendor\":\"happytalk\"},\"reason\":\"over\",\"rate\":\"100/s\"}";
            // counts are kept, not counted: one that was discarded twice would show
            killed(vendor, folder, bus, "/dead-letters/discard", body, last -> {
                assertThat(batch(last).path("discarded").asInt()).isEqualTo(MANY);
                assertThat(batch(last).path("dead").asInt()).isZero();
            });
        }
    }

    /** No answer tells whether it was done, until someone who has asked the vendor closes them all. */
    @Test
    @Tag("soak")
    void eachOfManyIsResolvedOnce() throws IOException {
        answer = Answer.of(500);
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            Path folder = RunningBus.newFolder("resolve-kills");
            RunningBus bus = start(folder, vendor);
            drop(bus, MANY);
            awaitAll(bus, "/batches?name=lines.csv", "/batches/0/uncertain", MANY);
            String body = "{\"filter\":{\"vendor\":\"happytalk\"},\"reason\":\"they have them\",\"rate\":\"100/s\"}";
            killed(vendor, folder, bus, "/dead-letters/resolve", body, last -> {
                assertThat(batch(last).path("delivered").asInt()).isEqualTo(MANY);
                assertThat(batch(last).path("uncertain").asInt()).isZero();
                assertThat(asked).hasSize(MANY);
                assertThat(asked.values()).as("none is sent again").containsOnly(1);
            });
        }
    }

    /** The vendor is closed until someone has them all tried. */
    @Test
    @Tag("soak")
    void eachOfManyIsTriedOnce() throws IOException {
        answer = CLOSED;
        try (FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer)) {
            Path folder = RunningBus.newFolder("try-kills");
            RunningBus bus = start(folder, vendor);
            drop(bus, MANY);
            await("all closed").atMost(LONGEST).until(() -> asked.size() == MANY);
            asked.clear();
            answer = WRITTEN;
            String body = "{\"filter\":{\"waitingFor\":\"later\"},\"rate\":\"100/s\"}";
            killed(vendor, folder, bus, "/waiting/try", body, last -> {
                await("all sent")
                        .atMost(LONGEST)
                        .until(() -> batch(last).path("unfinished").asInt() == 0);
                assertThat(asked.values()).containsOnly(1);
                // what was in flight at a kill is uncertain, and not sent again
                assertThat(asked).hasSizeBetween(MANY - 3 * CONCURRENCY, MANY);
                assertThat(batch(last).path("delivered").asInt()
                                + batch(last).path("uncertain").asInt())
                        .isEqualTo(MANY);
            });
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
                        "" + CONCURRENCY,
                        "switchboard.circuit.window", // no circuit keeps messages from failing
                        "9999",
                        "switchboard.circuit.failures",
                        "9999"));
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
