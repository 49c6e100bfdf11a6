package dev.switchboard.hostile;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated answers of a vendor to the packaged bus, as many as {@code -Dswitchboard.test.answers=100000} says, with
 * {@code -Dswitchboard.test.seed} others.
 */
class GeneratedAnswersIT {

    private static final long SEED = Long.getLong("switchboard.test.seed", 20261128);
    private static final int PARTS = 20;
    private static final int WARM = 8;

    @Test
    @Tag("soak")
    void eachAnswerHasItsOutcomeAndNoneReachesAnotherLane() throws Exception {
        int part = Integer.getInteger("switchboard.test.answers", 10_000) / PARTS;
        var strangeness = new Strangeness(SEED);
        try (FakeVendor vendor = FakeVendor.start().forgetful()) {
            vendor.answerBy(request -> strangeness.next());
            try (RunningBus bus = RunningBus.start(RunningBus.newFolder("answers"), settings(vendor))) {
                for (int i = 0; i < WARM; i++) {
                    play(bus, part);
                }
                long memory = bus.memory("VmRSS");
                int files = bus.openFiles();
                int threads = bus.threads();
                for (int i = WARM; i < PARTS; i++) {
                    play(bus, part);
                }
                System.out.printf(
                        "strange answers: %d, seed %d, %s, RSS %d then %d MB, threads %d then %d, open files %d then %d%n",
                        part * PARTS,
                        SEED,
                        states(bus),
                        memory,
                        bus.memory("VmRSS"),
                        threads,
                        bus.threads(),
                        files,
                        bus.openFiles());
                assertThat(bus.memory("VmRSS")).isLessThan(memory + 150);
                assertThat(bus.threads()).isLessThan(threads + 20);
                assertThat(bus.openFiles()).isLessThan(files + 60);
                vendor.answerBy(request -> Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}"));
                // the first may meet a connection that the last strange answer closed without a word
                await("what comes behind").atMost(Duration.ofSeconds(5)).until(() -> isDelivered(bus, "odd"));
                assertDelivered(bus, "odd");
                assertThat(bus.log()).doesNotContain("\tat ");
            }
        }
    }

    private static Map<String, String> settings(FakeVendor vendor) {
        var settings = new TreeMap<>(Map.of(
                "switchboard.sandbox.enabled", "true",
                "switchboard.lane.timeout", "2s",
                "switchboard.lane.retry", "100ms",
                "switchboard.circuit.window", "9999",
                "switchboard.circuit.failures", "9999"));
        String odd = "switchboard.vendors.happytalk.accounts.odd.";
        settings.put(odd + "biz-url", vendor.url());
        settings.put(odd + "client-id", "id");
        settings.put(odd + "client-secret", "secret");
        return settings;
    }

    private static void play(RunningBus bus, int messages) throws IOException {
        RestClient rest = bus.rest();
        for (int i = 0; i < messages; i++) {
            rest.submit(send("room-" + i, "x").put("account", "odd"));
            if (i % 50 == 0) {
                assertDelivered(bus, "default");
            }
        }
        await("the outcomes")
                .atMost(Duration.ofSeconds(60))
                .until(() -> rest.get("/lanes").json().path("lanes").findValuesAsText("depth").stream()
                        .allMatch("0"::equals));
        assertThat(bus.management().get("/q/health").status()).isEqualTo(200);
    }

    private static void assertDelivered(RunningBus bus, String account) throws IOException {
        long began = System.nanoTime();
        var sent = bus.rest().submit(send("behind", "x").put("account", account), "Prefer", "wait=20");
        assertThat(sent.json().path("state").asText()).as(sent.text()).isEqualTo("delivered");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
    }

    private static boolean isDelivered(RunningBus bus, String account) throws IOException {
        var sent = bus.rest().submit(send("behind", "x").put("account", account), "Prefer", "wait=20");
        return sent.json().path("state").asText().equals("delivered");
    }

    private static Map<String, Integer> states(RunningBus bus) throws IOException {
        var counts = new TreeMap<String, Integer>();
        bus.rest()
                .get("/dead-letters/groups")
                .json()
                .path("groups")
                .forEach(group -> counts.merge(
                        group.path("class").asText(), group.path("count").asInt(), Integer::sum));
        return counts;
    }
}
