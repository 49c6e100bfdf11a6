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
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code samples/routes/fallback.camel.yaml}, while the process is killed again and again. */
class FallbackKillsIT {

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MESSAGES = 2_000;
    private static final int KILLS = 6;
    private static final String ACCOUNT = "switchboard.vendors.happytalk.accounts.";
    private static final Answer REFUSED = Answer.of(200, "{\"code\":-900,\"message\":\"no\"}");
    private static final Answer OPENED = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");

    private final Map<String, Integer> opened = new ConcurrentHashMap<>();

    /** What was at the second account while the process was killed is uncertain, and never sent again. */
    @Test
    @Tag("soak")
    void eachFailureHasOneFallback() throws IOException {
        Path folder = RunningBus.newFolder("fallback-kills");
        Path rule = folder.resolve("own/dispatch/fallback.camel.yaml");
        Files.createDirectories(rule.getParent());
        Files.writeString(
                rule,
                Files.readString(Path.of("samples/routes/fallback.camel.yaml"))
                        .replace("'closed,unavailable,expired'", "'closed,unavailable,expired,uncertain,refused'"));
        try (FakeVendor first = FakeVendor.start().forgetful().answerBy(request -> REFUSED);
                FakeVendor second = FakeVendor.start().forgetful().answerBy(this::open)) {
            RunningBus bus = start(folder, first, second);
            drop(bus);
            for (int kill = 1; kill <= KILLS; kill++) {
                int sent = kill * MESSAGES / (KILLS + 2);
                await("room " + sent).atMost(LONGEST).until(() -> opened.size() >= sent);
                bus.kill();
                bus = start(folder, first, second);
            }
            try (RunningBus last = bus) {
                await("the end").atMost(LONGEST).until(() -> finished(last));
                await("the results").atMost(LONGEST).until(() -> results(last).exists());
                compare(last);
            }
        }
    }

    private static boolean finished(RunningBus bus) throws IOException {
        JsonNode batch = bus.rest().get("/batches?name=lines.csv").json().at("/batches/0");
        return batch.path("state").asText().equals("finished")
                && none(bus, "accepted")
                && none(bus, "sending")
                && none(bus, "waiting");
    }

    private static boolean none(RunningBus bus, String state) throws IOException {
        return bus.rest()
                .get("/messages?state=" + state)
                .json()
                .path("messages")
                .isEmpty();
    }

    /** They are written after the batch has finished. */
    private static File results(RunningBus bus) {
        return bus.file("results/lines.csv.results.csv");
    }

    private void compare(RunningBus bus) throws IOException {
        Set<String> fallbacks = new HashSet<>();
        int without = 0;
        for (String line : Files.readAllLines(results(bus).toPath())) {
            String[] cells = line.split(",", -1);
            String fallback = cells[cells.length - 1];
            if (cells[2].equals("uncertain")) {
                assertThat(fallback).isEmpty();
                without++;
            } else if (!cells[0].equals("line")) {
                assertThat(fallbacks.add(fallback)).isTrue();
                assertThat(bus.rest()
                                .get("/messages/" + fallback)
                                .json()
                                .path("fallbackOf")
                                .asText())
                        .isEqualTo(cells[1]);
            }
        }
        assertThat(fallbacks).hasSize(MESSAGES - without).doesNotContain("");
        assertThat(opened.values()).containsOnly(1);
    }

    private static RunningBus start(Path folder, FakeVendor first, FakeVendor second) throws IOException {
        return RunningBus.start(
                folder,
                Map.of(
                        ACCOUNT + "default.biz-url",
                        first.url(),
                        ACCOUNT + "default.client-id",
                        "id",
                        ACCOUNT + "default.client-secret",
                        "secret",
                        ACCOUNT + "second.biz-url",
                        second.url(),
                        ACCOUNT + "second.client-id",
                        "id",
                        ACCOUNT + "second.client-secret",
                        "secret",
                        "switchboard.routes.dir",
                        folder.resolve("own").toString()));
    }

    private static void drop(RunningBus bus) throws IOException {
        var lines = new StringBuilder("vendor,operation,customerId\n");
        for (int i = 0; i < MESSAGES; i++) {
            lines.append("happytalk,start,customer-").append(i).append("\n");
        }
        Files.writeString(bus.file("inbox/lines.csv").toPath(), lines);
        Files.createFile(bus.file("inbox/lines.csv.done").toPath());
    }

    private Answer open(Request request) {
        try {
            opened.merge(RestClient.JSON.readTree(request.body()).path("uuid").asText(), 1, Integer::sum);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return OPENED;
    }
}
