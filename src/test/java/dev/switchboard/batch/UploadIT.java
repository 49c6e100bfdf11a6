package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.RestClient;
import dev.switchboard.RestClient.Answer;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Uploads to the packaged program: large ones, and those that it does not see the end of. */
@Execution(ExecutionMode.CONCURRENT)
@Order(1) // it takes long
class UploadIT {

    private static final int PIECES = 3_200;
    private static final byte[] PIECE = "x\n".repeat(32 << 10).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private static final Map<String, String> SETTINGS = Map.of(
            "quarkus.http.read-timeout", "1s",
            "switchboard.vendors.kakao.accounts.default.channel", "@shop",
            "switchboard.vendors.kakao.accounts.default.call", "none");

    private static InputStream pieces() {
        return new SequenceInputStream(Collections.enumeration(IntStream.range(0, PIECES)
                .mapToObj(any -> (InputStream) new java.io.ByteArrayInputStream(PIECE))
                .toList()));
    }

    private static RunningBus start(Path folder, String... jvm) throws IOException {
        return RunningBus.start(folder, SETTINGS, jvm);
    }

    private static URI address(RunningBus bus) throws IOException {
        return bus.rest().request("/").build().uri();
    }

    private static String[] uploads(RunningBus bus) {
        return bus.file("uploads").list();
    }

    @Test
    void aFileLargerThanTheMemoryIsTaken() throws IOException {
        Path folder = RunningBus.newFolder("upload");
        try (RunningBus bus = start(folder, "-Xmx128m", "-XX:MaxDirectMemorySize=32m", "-XX:+ExitOnOutOfMemoryError")) {
            RestClient rest = bus.rest();
            Answer answer = rest.ask(
                    rest.request("/batches?name=large.csv").POST(BodyPublishers.ofInputStream(UploadIT::pieces)));
            assertThat(answer.status()).as(answer.text()).isEqualTo(202);
            await("the file, whose header is none")
                    .until(() -> bus.file("failed/large.csv").exists());
            assertThat(bus.file("failed/large.csv")).hasSize((long) PIECES * PIECE.length);
            assertThat(rest.get(answer.header("Location")).json().path("state").asText())
                    .isEqualTo("stopped");
        }
    }

    private static void assertThatAFileThatStopsComingIsGivenUp(RunningBus bus) throws IOException {
        try (var sender = new SlowSender(address(bus), "/batches?name=slow.csv", "Content-Length: 100")) {
            assertThat(sender.text("vendor").answer()).startsWith("HTTP/1.1 408 ");
            await("what was being uploaded").until(() -> uploads(bus).length == 0);
        }
    }

    private static void assertThatAFolderThatIsGoneIsRefusedForNow(RunningBus bus) throws IOException {
        Files.delete(bus.file("uploads").toPath());
        RestClient rest = bus.rest();
        Answer answer =
                rest.ask(rest.request("/batches?name=a.csv").POST(BodyPublishers.ofString("vendor,operation\n")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void manySlowSendersHoldUpNobodyAndAnotherProcessTakesNothing() throws IOException {
        Path folder = RunningBus.newFolder("upload");
        var settings = new HashMap<>(SETTINGS);
        settings.put("quarkus.http.read-timeout", "60s");
        try (RunningBus bus = RunningBus.start(folder, settings)) {
            var senders = new java.util.ArrayList<SlowSender>();
            for (int i = 0; i < 100; i++) {
                senders.add(new SlowSender(address(bus), "/batches?name=slow.csv", "Content-Length: 100"));
            }
            await("the uploads").until(() -> uploads(bus).length == 100);
            assertThat(bus.rest().get("/lanes").status()).isEqualTo(200);
            for (SlowSender sender : senders) {
                sender.close();
            }
            await("what was being uploaded").until(() -> uploads(bus).length == 0);
            assertThatAnotherProcessTakesNothing(folder, bus);
        }
    }

    @Test
    void whatAKillLeavesIsRemovedAtTheStartAsIsAFileThatStopsComingAndWhatTheDiskDoesNotTakeIsRefusedForNow()
            throws IOException {
        Path folder = RunningBus.newFolder("upload");
        try (RunningBus bus = start(folder);
                var sender = new SlowSender(address(bus), "/batches?name=killed.csv", "Content-Length: 100")) {
            sender.text("vendor");
            await("the first bytes").until(() -> uploads(bus).length == 1);
            bus.kill();
            assertThat(uploads(bus)).hasSize(1);
        }
        try (RunningBus bus = start(folder)) {
            assertThat(uploads(bus)).isEmpty();
            assertThat(bus.rest().get("/batches").json().path("batches")).isEmpty();
            assertThatAFileThatStopsComingIsGivenUp(bus);
            assertThatAFolderThatIsGoneIsRefusedForNow(bus);
        }
    }

    private static void assertThatAnotherProcessTakesNothing(Path folder, RunningBus first) throws IOException {
        var other = new HashMap<>(SETTINGS);
        other.put("switchboard.files.dir", folder.resolve("files").toString());
        try (RunningBus second = RunningBus.start(RunningBus.newFolder("upload"), other)) {
            RestClient rest = second.rest();
            Answer answer = rest.ask(rest.request("/batches?name=a.csv").POST(BodyPublishers.ofString("vendor\n")));
            assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            assertThat(answer.json().path("title").asText()).contains("Another process");
            assertThat(uploads(first)).isEmpty();
        }
    }
}
