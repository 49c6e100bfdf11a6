package dev.switchboard.batch;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import dev.switchboard.RestClient.Answer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that come by {@code POST /batches}. */
@QuarkusTest
@TestProfile(BusProfile.class)
class UploadBusTest {

    private static final Path FILES = Path.of(BusProfile.folder(), "files");
    private static final String HEADER = "vendor,operation,customerId,conversationId,text\n";
    private static final int MOST = 2 << 20;

    @TestHTTPResource("/")
    URI base;

    private RestClient bus;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    private static String tag() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    private static String row(String room) {
        return "happytalk,send,user-01," + room + ",hello\n";
    }

    private Answer upload(String query, BodyPublisher body, String... headers) {
        var request = bus.request("/batches?" + query).POST(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return bus.ask(request);
    }

    private Answer upload(String query, String content, String... headers) {
        return upload(query, BodyPublishers.ofString(content), headers);
    }

    private static BodyPublisher chunked(byte[] content) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content));
    }

    private static byte[] packed(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    /** The batch is there from the answer on. */
    private JsonNode ended(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String batch = answer.header("Location");
        assertThat(batch).isEqualTo("/batches/" + answer.json().path("id").asText());
        assertThat(bus.get(batch).status()).isEqualTo(200);
        return await("the end of " + batch)
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> bus.get(batch).json(),
                        view -> view.path("state").asText().matches("finished|stopped"));
    }

    private static void assertNothingLeft() {
        await("what was being uploaded")
                .untilAsserted(() -> assertThat(FILES.resolve("uploads")).isEmptyDirectory());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/csv", "application/octet-stream", "application/x-www-form-urlencoded", "application/json"})
    void anUploadedFileIsReadAsADroppedOne(String type) {
        String name = "방 " + tag() + ".csv";
        String room = "up-" + tag();
        Answer answer = upload(
                "name=" + RestClient.encoded(name), HEADER + row(room) + row("fail-700-" + room), "Content-Type", type);
        JsonNode batch = ended(answer);
        assertThat(batch.path("name").asText()).isEqualTo(name);
        assertThat(batch.path("delivered").asInt()).isEqualTo(1);
        assertThat(batch.path("dead").asInt()).isEqualTo(1);
        await("the results")
                .until(() -> bus.get(answer.header("Location") + "/results").status() == 200);
        assertThat(bus.get(answer.header("Location") + "/results").text()).contains("delivered", "dead");
        assertThat(FILES.resolve("done").resolve(name)).exists();
        assertNothingLeft();
    }

    @Test
    void aPackedFileMayComeInChunks() throws IOException {
        String line = send("up-" + tag(), "hello") + "\n";
        JsonNode batch =
                ended(upload("name=" + tag() + ".jsonl.gz", chunked(packed(line + line.replace("hello", "bye")))));
        assertThat(batch.path("delivered").asInt()).isEqualTo(2);
    }

    @Test
    void moreThanAMessageMayHaveIsTakenBothWays() {
        byte[] large =
                (HEADER + row("up-" + tag()) + "x,,,,\n".repeat((MOST - 100) / 6)).getBytes(StandardCharsets.UTF_8);
        assertThat(large.length).isBetween(MOST - 1_000, MOST);
        for (BodyPublisher body : new BodyPublisher[] {BodyPublishers.ofByteArray(large), chunked(large)}) {
            Answer answer = upload("profile=few&name=" + tag() + ".csv", body);
            assertThat(ended(answer).path("profile").asText()).isEqualTo("few");
        }
    }

    @Test
    void aProfileReadsItsOwn() {
        String rows = "customerId,conversationId,text\nuser-01,few-" + tag() + ",hello\n";
        JsonNode batch = ended(upload("profile=few&name=" + tag() + ".csv", rows));
        assertThat(batch.path("profile").asText()).isEqualTo("few");
        assertThat(batch.path("delivered").asInt()).isEqualTo(1);
    }

    @Test
    void twoOfOneNameAreTwoBatches() {
        String name = "name=" + tag() + ".csv";
        Answer first = upload(name, HEADER + row("up-" + tag()));
        Answer second = upload(name, HEADER + row("up-" + tag()) + row("up-" + tag()));
        assertThat(second.header("Location")).isNotEqualTo(first.header("Location"));
        assertThat(ended(first).path("delivered").asInt()).isEqualTo(1);
        assertThat(ended(second).path("delivered").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400",
        "name=, 400",
        "name=..%2Fevil.csv, 400",
        "name=%2Fetc%2Fevil.csv, 400",
        "name=nightly/evil.csv, 400",
        "name=..%5Cevil.csv, 400",
        "name=.., 400",
        "name=.evil.csv, 400",
        "name=evil%00.csv, 400",
        "name=evil%0A.csv, 400",
        "name=evil%C2%85.csv, 400",
        "name=evil%FF.csv, 400",
        "name=a.csv&name=b.csv, 400",
        "name=evil.exe, 415",
        "name=evil, 415",
        "name=evil.csv.part, 415",
        "name=evil.csv.done, 415",
        "name=evil.csv&profil=nightly, 400",
        "name=evil.csv&profile=nobody, 404",
        "name=evil.csv&profile=.., 404",
        "name=evil.csv&profile=..%2F..%2Fresults, 404",
    })
    void whatIsNoPlainNameIsRefused(String query, int status) {
        assertRefused(status, upload(query, HEADER + row("evil")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "\r\n\r\n", "\uFEFF"})
    void anEmptyFileIsRefused(String content) throws IOException {
        for (BodyPublisher body :
                new BodyPublisher[] {BodyPublishers.ofString(content), chunked(content.getBytes(StandardCharsets.UTF_8))
                }) {
            Answer answer = upload("name=evil.csv", body);
            assertRefused(422, answer);
            assertThat(answer.json().path("title").asText()).isEqualTo("The file is empty.");
        }
        byte[] packed = packed(content);
        assertRefused(422, upload("name=evil.csv.gz", BodyPublishers.ofByteArray(packed)));
        assertRefused(422, upload("name=evil.csv.gz", BodyPublishers.ofByteArray(packed, 0, 10)));
    }

    private void assertRefused(int status, Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("title").textValue()).isNotEmpty();
        assertThat(bus.get("/batches").text()).doesNotContain("evil");
        assertNothingLeft();
    }

    @Test
    void aNameMayBeAsLongAsAFileSystemTakes() {
        String name = "방".repeat(70) + tag() + tag() + tag() + "x".repeat(17) + ".csv";
        RestClient.Answer answer = upload("name=" + RestClient.encoded(name), HEADER);
        assertThat(ended(answer).path("state").asText()).isEqualTo("finished");
        await("the results")
                .until(() -> bus.get(answer.header("Location") + "/results").status() == 200);
        assertRefused(400, upload("name=" + RestClient.encoded("x" + name), HEADER));
    }

    @Test
    void aBodyThatIsNotTheFileItselfIsRefused() {
        assertRefused(415, upload("name=evil.csv", "--x", "Content-Type", "multipart/form-data; boundary=x"));
        assertRefused(415, upload("name=evil.csv", "x", "Content-Encoding", "gzip"));
    }

    @Test
    void aFileThatIsAnnouncedAsTooLargeIsRefusedBeforeItComes() throws IOException {
        try (var sender = new SlowSender(base, "/batches?name=evil.csv", "Content-Length: " + (MOST + 1))) {
            assertThat(sender.answer()).startsWith("HTTP/1.1 413 ").contains("switchboard.files.max-upload", "close");
        }
        assertNothingLeft();
    }

    @Test
    void aFileInChunksIsRefusedWhenItHasBecomeTooLarge() throws IOException {
        try (var sender = new SlowSender(base, "/batches?name=evil.csv", "Transfer-Encoding: chunked")) {
            assertThat(sender.chunks(64 << 10, 10_000)).isBetween((long) MOST, 100L << 20);
            assertThat(sender.answer()).startsWith("HTTP/1.1 413 ").contains("switchboard.files.max-upload", "close");
        }
        assertNothingLeft();
    }

    /** Of a path that there is not, no body is read: its answer does not wait for the end of one. */
    @ParameterizedTest
    @CsvSource({"/messages, 413", "/batches/missing/pause, 413", "/batchesx?name=a.csv, 404"})
    void anyOtherBodyIsLimitedAsBefore(String path, int status) throws IOException {
        String json = "Content-Type: application/json";
        try (var sender = new SlowSender(base, path, json, "Content-Length: " + (256 * 1024 + 1))) {
            assertThat(sender.answer()).startsWith("HTTP/1.1 413 ");
        }
        try (var sender = new SlowSender(base, path, json, "Transfer-Encoding: chunked")) {
            assertThat(sender.chunks(8 << 10, 40_000)).isLessThan(100L << 20);
            assertThat(sender.answer()).startsWith("HTTP/1.1 " + status + " ").contains("close");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000", "Transfer-Encoding: chunked"})
    void aBodyThatBreaksOffLeavesNothing(String header) throws IOException {
        try (var sender = new SlowSender(base, "/batches?name=evil.csv", header)) {
            sender.text("5\r\nvendo\r\n");
            await("the first bytes").until(() -> hasUpload());
        }
        assertNothingLeft();
        assertThat(bus.get("/batches").text()).doesNotContain("evil");
    }

    private static boolean hasUpload() throws IOException {
        try (var uploads = Files.list(FILES.resolve("uploads"))) {
            return uploads.anyMatch(file -> file.toFile().length() > 0);
        }
    }

    @Test
    void whoAsksFirstIsToldToGoOn() throws IOException {
        String content = HEADER + row("up-" + tag());
        try (var sender = new SlowSender(
                base,
                "/batches?name=" + tag() + ".csv",
                "Expect: 100-continue",
                "Content-Length: " + content.length())) {
            assertThat(sender.answer()).startsWith("HTTP/1.1 100 ");
            assertThat(sender.text(content).answer()).startsWith("HTTP/1.1 202 ");
        }
        try (var sender =
                new SlowSender(base, "/batches?name=evil.exe", "Expect: 100-continue", "Content-Length: 100")) {
            assertThat(sender.answer()).startsWith("HTTP/1.1 415 ");
        }
    }
}
