package dev.switchboard.batch;

import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as people and programs drop them. */
@QuarkusTest
@TestProfile(BusProfile.class)
class FilesBusTest {

    private static final Path FILES = Path.of(BusProfile.folder(), "files");
    private static final String HEADER = "vendor,operation,customerId,conversationId,text,type,url\n";

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

    private static Path drop(String name, byte[] content) throws IOException {
        Path inbox = FILES.resolve("inbox");
        Path part = Files.write(inbox.resolve(name + ".part"), content);
        Path file = Files.move(part, inbox.resolve(name));
        Files.createFile(inbox.resolve(name + ".done"));
        return file;
    }

    private static Path drop(String name, String content) throws IOException {
        return drop(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** Waits until so many batches of the name have ended, and returns the newest. */
    private JsonNode ended(String name, int batches) {
        return await("batch " + batches + " of " + name)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> bus.get("/batches?name=" + RestClient.encoded(name))
                                .json()
                                .path("batches"),
                        all -> all.size() == batches
                                && all.findValuesAsText("state").stream()
                                        .allMatch(state -> state.equals("finished") || state.equals("stopped")))
                .path(0);
    }

    private JsonNode batch(String name, String content) throws IOException {
        drop(name, content);
        return ended(name, 1);
    }

    private static List<CSVRecord> results(String name) throws IOException {
        Path file = FILES.resolve("results").resolve(name);
        await("the results in " + file).atMost(Duration.ofSeconds(10)).until(() -> Files.exists(file));
        try (var parser = CSVParser.parse(
                file,
                StandardCharsets.UTF_8,
                CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .get())) {
            return parser.getRecords();
        }
    }

    private static JsonNode summary(String name) throws IOException {
        Path file = FILES.resolve("results").resolve(name + ".summary.json");
        await("the summary " + file).atMost(Duration.ofSeconds(10)).until(() -> Files.exists(file));
        return RestClient.JSON.readTree(file.toFile());
    }

    private List<JsonNode> messages(JsonNode batch) {
        var found = new java.util.ArrayList<JsonNode>();
        bus.get("/messages?limit=1000&batch=" + batch.path("id").asText())
                .json()
                .path("messages")
                .forEach(message -> found.add(0, message));
        return found;
    }

    private static void assertCounts(JsonNode batch, int accepted, int duplicate, int invalid) {
        assertThat(batch.path("accepted").asInt()).as(batch.toString()).isEqualTo(accepted);
        assertThat(batch.path("duplicate").asInt()).isEqualTo(duplicate);
        assertThat(batch.path("invalid").asInt()).isEqualTo(invalid);
        assertThat(batch.path("read").asInt()).isEqualTo(accepted + duplicate + invalid);
    }

    private static void dropInto(String profile, String name, String content) throws IOException {
        Path folder = FILES.resolve("inbox").resolve(profile);
        Path part = Files.writeString(folder.resolve(name + ".part"), content);
        Files.move(part, folder.resolve(name));
        Files.createFile(folder.resolve(name + ".done"));
    }

    @Test
    void whatWasRejectedIsWrittenAsItCameAndCanBeMendedAndDroppedAgain() throws IOException {
        String name = tag() + ".csv";
        String room = "r-" + tag();
        String header = "vendor;operation;customerId;conversationId;text\r\n";
        String good = "happytalk;send;user-01;" + room + ";\"첫; line\"\r\n";
        String bad = "happytalk;send;user-01;" + room + ";\"\"\r\n";
        JsonNode batch = batch(name, header + good + bad + good.replace("send", "wave"));
        assertCounts(batch, 1, 0, 2);
        Path rejected = FILES.resolve("results").resolve(name + ".rejected.csv");
        await("what was rejected").until(() -> Files.exists(rejected));
        String written = Files.readString(rejected);
        assertThat(written)
                .startsWith(header.strip() + ";switchboard.reason\r\n")
                .contains(bad.strip() + ";\"", good.replace("send", "wave").strip() + ";\"", "operation");
        String edited = written.replace("wave", "send").replace(";\"\";\"", ";edited;\"");
        String again = tag() + "-again.csv";
        assertCounts(batch(again, edited), 2, 0, 0);
    }

    @Test
    void rejectedJsonLinesHaveTheirReasonsAsALastField() throws IOException {
        String name = tag() + ".jsonl";
        String invalid = send("room", "x").put("colour", "red").toString();
        assertCounts(batch(name, invalid + "\n{broken\n"), 0, 0, 2);
        Path rejected = FILES.resolve("results").resolve(name + ".rejected.jsonl");
        await("what was rejected").until(() -> Files.exists(rejected));
        List<String> lines = Files.readAllLines(rejected);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith(invalid.substring(0, invalid.length() - 1));
        assertThat(RestClient.JSON
                        .readTree(lines.get(0))
                        .path("switchboard.reason")
                        .asText())
                .contains("colour");
        assertThat(lines.get(1)).startsWith("{broken \"switchboard.reason\":");
    }

    @Test
    void ofAFileThatIsCheckedFirstNothingIsSentWhenTooMuchIsWrong() throws IOException {
        String name = tag() + ".jsonl";
        String line = send("c-" + tag(), "fine") + "\n";
        dropInto("strict", name, line + "{broken\n" + line.replace("fine", "fine too") + "{broken too\n");
        JsonNode batch = ended(name, 1);
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("profile").asText()).isEqualTo("strict");
        assertThat(batch.path("reason").asText()).contains("2 of 4 records are invalid, 1 may be", "nothing");
        assertCounts(batch, 0, 0, 2);
        assertThat(messages(batch)).isEmpty();
        assertThat(FILES.resolve("failed").resolve(name)).exists();
    }

    @Test
    void aFileThatIsCheckedFirstAndGoodEnoughIsSent() throws IOException {
        String name = tag() + ".jsonl";
        dropInto("strict", name, send("c-" + tag(), "fine") + "\n{broken\n");
        JsonNode batch = ended(name, 1);
        assertThat(batch.path("state").asText()).isEqualTo("finished");
        assertCounts(batch, 1, 0, 1);
    }

    @Test
    void aFileWithTooMuchWrongIsNotReadFurtherAndItsProfileFillsIn() throws IOException {
        String name = tag() + ".csv";
        String rows = "user-01,few-" + tag() + ",fine\n" + "x,,\n".repeat(2_000);
        dropInto("few", name, "customerId,conversationId,text\n" + rows);
        JsonNode batch = ended(name, 1);
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("accepted").asInt()).isEqualTo(1);
        assertThat(batch.path("invalid").asInt()).isBetween(51, 1_000);
    }

    @Test
    void aShareOfInvalidRecordsIsKnownAtTheEnd() throws IOException {
        String name = tag() + ".jsonl";
        dropInto("share", name, send("c-" + tag(), "fine") + "\n{broken\n");
        JsonNode batch = ended(name, 1);
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).isEqualTo("1 of 2 records are invalid, 10% may be");
        assertCounts(batch, 1, 0, 1);
        assertThat(FILES.resolve("failed").resolve(name)).exists();
    }

    @Test
    void anIdThatAnotherMessageHasCountsAsInvalid() throws IOException {
        String name = tag() + ".jsonl";
        String id = "own-" + tag();
        String room = "c-" + tag();
        dropInto(
                "share",
                name,
                send(room, "one").put("id", id) + "\n" + send(room, "two").put("id", id) + "\n");
        JsonNode batch = ended(name, 1);
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).isEqualTo("1 of 2 records are invalid, 10% may be");
    }

    @Test
    void elementsOfAnArrayMayStandOnOneLine() throws IOException {
        String name = tag() + ".json";
        String room = "one-" + tag();
        JsonNode batch = batch(name, "[" + send(room, "1") + ",{\"x\":1}," + send(room, "2") + ",{\"x\":2},{broken}]");
        assertCounts(batch, 2, 0, 3);
        List<CSVRecord> rows = results(name + ".results.csv");
        assertThat(rows).extracting(row -> row.get("line")).containsExactly("1", "2", "3", "4", "5");
        assertThat(rows)
                .extracting(row -> row.get("state"))
                .containsExactly("delivered", "invalid", "delivered", "invalid", "invalid");
        assertThat(messages(batch).stream().map(message -> message.path("id").asText()))
                .hasSize(2)
                .allMatch(id -> id.endsWith("-1") || id.endsWith("-3"));
    }

    @Test
    void aBatchIsCancelledAndItsResultsAreHandedOut() throws IOException {
        String name = tag() + ".jsonl";
        String later = Instant.now().plus(Duration.ofHours(1)).toString();
        drop(
                name,
                (send("later-" + tag(), "x").put("notBefore", later) + "\n").repeat(1)
                        + send("later-" + tag(), "y").put("notBefore", later) + "\n");
        String batch = await("the batch " + name)
                .until(
                        () -> bus.get("/batches?name=" + name).json().at("/batches/0"),
                        view -> view.path("accepted").asInt() == 2)
                .path("id")
                .asText();
        assertThat(bus.get("/batches/" + batch + "/results").status()).isEqualTo(409);
        assertThat(bus.post("/batches/" + batch + "/pause", "")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("paused");
        assertThat(bus.post("/batches/" + batch + "/resume", "")
                        .json()
                        .path("state")
                        .asText())
                .isIn("sending", "reading");
        assertThat(bus.post("/batches/" + batch + "/cancel", "").status()).isEqualTo(200);
        await("what is discarded")
                .until(() ->
                        bus.get("/batches/" + batch).json().path("discarded").asInt() == 2);
        await("the results")
                .until(() -> bus.get("/batches/" + batch + "/results").text().contains("discarded"));
        assertThat(bus.post("/batches/" + batch + "/cancel", "").status()).isEqualTo(409);
        assertThat(bus.post("/batches/missing/cancel", "").status()).isEqualTo(404);
    }

    @Test
    void eachLineOfJsonLinesIsAMessageAndAnInvalidOneFailsAlone() throws IOException {
        String name = tag() + ".jsonl";
        String room = "f-" + tag();
        JsonNode batch = batch(
                name,
                "\ufeff" + send(room, "첫 🙂") + "\r\n"
                        + "{broken\n"
                        + "\n"
                        + send(room, "").put("colour", "red") + "\n"
                        + send("fail-700-" + room, "gone") + "\n"
                        + "[1]\n"
                        + send(room, "last"));
        assertThat(batch.path("state").asText()).isEqualTo("finished");
        assertCounts(batch, 3, 0, 3);
        assertThat(batch.path("delivered").asInt()).isEqualTo(2);
        assertThat(batch.path("dead").asInt()).isEqualTo(1);
        List<CSVRecord> rows = results(name + ".results.csv");
        assertThat(rows).extracting(row -> row.get("line")).containsExactly("1", "2", "4", "5", "6", "7");
        assertThat(rows)
                .extracting(row -> row.get("state"))
                .containsExactly("delivered", "invalid", "invalid", "dead", "invalid", "delivered");
        assertThat(rows.get(2).get("message")).contains("colour", "text");
        assertThat(rows.get(3).get("class")).isEqualTo("gone");
        assertThat(rows.get(3).get("code")).isEqualTo("-700");
        assertThat(rows.get(0).get("result")).contains("roomId");
        assertThat(messages(batch))
                .extracting(message -> message.path("text").asText())
                .containsExactly("첫 🙂", "gone", "last");
        JsonNode summary = summary(name);
        assertCounts(summary, 3, 0, 3);
        assertThat(rows).hasSize(summary.path("read").asInt());
        assertThat(summary.path("delivered").asInt()
                        + summary.path("dead").asInt()
                        + summary.path("uncertain").asInt())
                .isEqualTo(summary.path("accepted").asInt());
        assertThat(FILES.resolve("done").resolve(name)).exists();
        assertThat(FILES.resolve("inbox").resolve(name + ".done")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void csvMayBeDividedByCommaSemicolonAndTab(String delimiter) throws IOException {
        String name = tag() + ".csv";
        String header =
                HEADER.strip().replace(",", delimiter) + delimiter + "labels.order" + delimiter + "labels.shop\r\n";
        JsonNode batch = batch(
                name,
                "\ufeff" + header
                        + String.join(
                                delimiter,
                                "happytalk",
                                "send",
                                "user-01",
                                "방 1",
                                "\"a " + delimiter + " \"\"b\"\"\r\nc\"",
                                "",
                                "",
                                "17",
                                "")
                        + "\r\n"
                        + String.join(delimiter, "happytalk", "send", "user-01", "방 1", "", "image", "/a.png", "", "서울")
                        + "\r\n\r\n"
                        + String.join(delimiter, "happytalk", "send", "user-01", "방 1", "", "image", "/a.png", "")
                        + "\r\n");
        assertCounts(batch, 2, 0, 1);
        List<JsonNode> messages = messages(batch);
        assertThat(messages.get(0).path("text").asText()).isEqualTo("a " + delimiter + " \"b\"\r\nc");
        assertThat(messages.get(0).has("url"))
                .as("an empty cell is an absent field")
                .isFalse();
        assertThat(messages.get(0).path("labels").toString()).isEqualTo("{\"order\":\"17\"}");
        assertThat(messages.get(1).path("url").asText()).isEqualTo("/a.png");
        assertThat(messages.get(1).path("labels").toString()).isEqualTo("{\"shop\":\"서울\"}");
        assertThat(results(name + ".results.csv"))
                .extracting(row -> row.get("line") + " " + row.get("state"))
                .containsExactly("2 delivered", "4 delivered", "6 invalid");
    }

    @Test
    void aConversationIsSentInTheOrderOfTheLines() throws IOException {
        String room = "order-" + tag();
        var lines = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            lines.append(send(room, "t" + i)).append('\n');
        }
        JsonNode batch = batch(tag() + ".ndjson", lines.toString());
        assertThat(batch.path("delivered").asInt()).isEqualTo(150);
        List<Instant> ended = messages(batch).stream()
                .map(message -> Instant.parse(message.path("finishedAt").asText()))
                .toList();
        assertThat(ended).isSorted();
    }

    @Test
    void ofManyInvalidRecordsTheFirstAreKeptAndAllAreWrittenOut() throws IOException {
        int many = 10_050;
        String name = tag() + ".jsonl";
        String room = "fail-704-" + tag();
        var lines = new StringBuilder();
        IntStream.rangeClosed(1, many)
                .forEach(i -> lines.append("{\"no\":").append(i).append("}\n"));
        JsonNode batch = batch(name, lines + send(room, "x").toString() + "\n");
        assertCounts(batch, 1, 0, many);
        assertThat(summary(name).path("invalid").asInt()).isEqualTo(many);
        assertThat(results(name + ".results.csv"))
                .hasSize(10_001)
                .last()
                .extracting(row -> row.get("line"))
                .isEqualTo("10051");
        Path rejected = FILES.resolve("results").resolve(name + ".rejected.jsonl");
        List<String> written = Files.readAllLines(rejected);
        assertThat(written).hasSize(many);
        assertThat(written.get(many - 1)).startsWith("{\"no\":" + many + ",\"switchboard.reason\":");
        assertThat(FILES.resolve("results").resolve("." + batch.path("id").asText() + ".rejected"))
                .doesNotExist();
        Path results = FILES.resolve("results").resolve(name + ".results.csv");
        Files.delete(results);
        bus.post("/messages/" + messages(batch).get(0).path("id").asText() + "/replay", "");
        await("results that are written again").until(() -> Files.exists(results));
        await("the summary after them")
                .until(() -> Files.getLastModifiedTime(FILES.resolve("results").resolve(name + ".summary.json"))
                                .compareTo(Files.getLastModifiedTime(results))
                        >= 0);
        assertThat(Files.readAllLines(rejected))
                .as("what was written once stays")
                .hasSize(many);
    }

    @Test
    void theSameFileAgainIsAllDuplicateWithTheFirstOutcomes() throws IOException {
        String name = tag() + ".jsonl";
        String room = "again-" + tag();
        String content = send(room, "x") + "\n" + send("fail-704-" + room, "y") + "\n{\n";
        JsonNode first = batch(name, content);
        assertCounts(first, 2, 0, 1);
        drop(name, content);
        JsonNode second = ended(name, 2);
        assertThat(second.path("id")).isNotEqualTo(first.path("id"));
        assertCounts(second, 0, 2, 1);
        List<CSVRecord> rows =
                results(name.replace(".jsonl", "." + second.path("id").asText() + ".jsonl.results.csv"));
        assertThat(rows)
                .extracting(row -> row.get("state"))
                .containsExactly("duplicate:delivered", "duplicate:dead", "invalid");
        assertThat(rows.get(1).get("class")).isEqualTo("refused");
        assertThat(rows.get(1).get("id"))
                .isEqualTo(results(name + ".results.csv").get(1).get("id"));
        assertThat(bus.get("/messages?conversation=" + room).json().path("messages"))
                .hasSize(1);
    }

    @Test
    void anotherMessageOfTheSameIdIsInvalid() throws IOException {
        String name = tag() + ".jsonl";
        ObjectNode message = send("conflict", "x").put("id", "file-conflict-" + tag());
        JsonNode batch =
                batch(name, message + "\n" + message + "\n" + message.deepCopy().put("text", "y") + "\n");
        assertCounts(batch, 1, 1, 1);
        assertThat(results(name + ".results.csv").get(2).get("message")).contains("id");
    }

    @Test
    void noNameIsEverReplaced() throws IOException {
        String name = tag() + ".jsonl";
        for (int i = 1; i <= 3; i++) {
            drop(name, send("names", "x" + i) + "\n");
            ended(name, i);
            int expected = i;
            await().atMost(Duration.ofSeconds(10)).until(() -> count("done", name) == expected);
            await().atMost(Duration.ofSeconds(10)).until(() -> count("results", name) == expected * 3L);
        }
        assertThat(Files.readString(FILES.resolve("done").resolve(name))).contains("x1");
    }

    private static long count(String folder, String name) throws IOException {
        try (var files = Files.list(FILES.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().startsWith(name.substring(0, 8)))
                    .filter(file -> !file.getFileName().toString().endsWith(".part"))
                    .count();
        }
    }

    @Test
    void aFileIsTakenWhenItHasStoppedGrowing() throws IOException {
        String name = tag() + ".jsonl";
        Files.writeString(FILES.resolve("inbox").resolve(name), send("quiet", "x") + "\n");
        assertThat(ended(name, 1).path("delivered").asInt()).isEqualTo(1);
    }

    /** A sender that had only paused: its file was taken as it seemed whole. */
    @Test
    void aFileThatIsWrittenOnAfterItWasReadStopsItsBatch() throws IOException {
        String name = tag() + ".jsonl";
        assertThat(batch(name, send("late", "x") + "\n").path("state").asText()).isEqualTo("finished");
        Path done = FILES.resolve("done").resolve(name);
        await().until(() -> Files.exists(done));
        Files.writeString(done, send("late", "y") + "\n", StandardOpenOption.APPEND);
        JsonNode stopped = await("the change")
                .atMost(Duration.ofSeconds(20))
                .until(
                        () -> ended(name, 1),
                        batch -> batch.path("state").asText().equals("stopped"));
        assertThat(stopped.path("reason").asText()).contains("changed after it was taken");
        await().until(() -> Files.exists(FILES.resolve("failed").resolve(name)));
    }

    @Test
    void whatIsNotFinishedIsNotTouched() throws IOException {
        List<String> names =
                List.of(tag() + ".jsonl.part", tag() + ".csv.tmp", "." + tag() + ".jsonl", tag() + ".jsonl.done");
        Instant old = Instant.now().minusSeconds(60);
        for (String name : names) {
            Path file = Files.writeString(FILES.resolve("inbox").resolve(name), send("part", "x") + "\n");
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(old));
        }
        batch(tag() + ".jsonl", send("part", "x") + "\n");
        ended(seen(), 1);
        assertThat(names)
                .allSatisfy(
                        name -> assertThat(FILES.resolve("inbox").resolve(name)).exists());
        assertThat(bus.get("/batches").json().findValuesAsText("name")).doesNotContainAnyElementsOf(names);
    }

    /** Drops a file after the others and waits for it, so that the inbox has been looked through since. */
    private String seen() throws IOException {
        String name = tag() + ".jsonl";
        drop(name, send("seen", "x") + "\n");
        return name;
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages.xlsx", "messages", "messages.jsonl.bak", "방.txt"})
    void anUnknownEndingGoesToFailed(String ending) throws IOException {
        String name = tag() + "-" + ending;
        JsonNode batch = batch(name, "whatever");
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).contains(".jsonl");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Files.exists(FILES.resolve("failed").resolve(name)));
        assertCounts(summary(name), 0, 0, 0);
    }

    @Test
    void aHeaderThatNamesAColumnTwiceStopsTheFile() throws IOException {
        String name = tag() + ".csv";
        JsonNode batch = batch(name, "vendor,text,text\nhappytalk,a,b\n");
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).contains("line 1", "text");
    }

    @Test
    void aQuoteThatIsNeverClosedStopsTheFileAfterTheLinesBeforeIt() throws IOException {
        String name = tag() + ".csv";
        JsonNode batch = batch(
                name,
                HEADER
                        + "happytalk,send,user-01,r,well,,\nhappytalk,send,user-01,r,\"never closed,,\nhappytalk,send\n");
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).contains("line 3");
        assertCounts(batch, 1, 0, 0);
    }

    @Test
    void aKoreanSpreadsheetsFileIsReadAsItWasWritten() throws IOException {
        String name = tag() + ".csv";
        String lines = HEADER + "happytalk,send,user-01,r,ascii,,\nhappytalk,send,user-01,r,안녕하세요,,\n";
        drop(name, lines.getBytes(Charset.forName("MS949")));
        JsonNode batch = ended(name, 1);
        assertCounts(batch, 2, 0, 0);
        assertThat(messages(batch))
                .extracting(message -> message.path("text").asText())
                .containsExactly("ascii", "안녕하세요");
    }

    @Test
    void bytesThatAreNoCharactersFailAloneAndAreNotSent() throws IOException {
        String name = tag() + ".csv";
        String lines =
                HEADER + "happytalk,send,user-01,r,ascii,,\nhappytalk,send,user-01,r,za\u017c\u00f3\u0142\u0107,,\n";
        drop(name, lines.getBytes(Charset.forName("windows-1250")));
        JsonNode batch = ended(name, 1);
        assertCounts(batch, 1, 0, 1);
        assertThat(results(name + ".results.csv").get(1).get("message")).contains("line 3, column 28", "UTF-8");
    }

    @Test
    void anUnknownColumnStopsTheFileAtItsHeader() throws IOException {
        String name = tag() + ".csv";
        JsonNode batch = batch(name, "vendor,colour,text\nhappytalk,a,b\n");
        assertThat(batch.path("state").asText()).isEqualTo("stopped");
        assertThat(batch.path("reason").asText()).contains("line 1", "colour");
        assertCounts(batch, 0, 0, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {".csv", ".jsonl"})
    void anEmptyFileIsABatchOfNothing(String ending) throws IOException {
        JsonNode batch = batch(tag() + ending, "");
        assertThat(batch.path("state").asText()).isEqualTo("finished");
        assertCounts(batch, 0, 0, 0);
    }

    @Test
    void aLineThatIsTooLongFailsAlone() throws IOException {
        String name = tag() + ".jsonl";
        JsonNode batch = batch(name, send("long", "x".repeat(300_000)) + "\n" + send("long", "x") + "\n");
        assertCounts(batch, 1, 0, 1);
        assertThat(results(name + ".results.csv").get(0).get("message")).contains("longer");
    }

    @Test
    void aCellIsNoFormulaForASpreadsheet() throws IOException {
        String name = tag() + ".jsonl";
        batch(name, send("r", "x").put("=cmd", "x") + "\n");
        assertThat(results(name + ".results.csv").get(0).get("message")).startsWith("'=cmd");
    }

    private static Path quick(String name) {
        return FILES.resolve("inbox").resolve("quick").resolve(name);
    }

    @Test
    void anUploadThatBeginsEmptyOrPausesUnderATemporaryNameIsReadWhole() throws IOException {
        String row = "id,customerId,conversationId,text\nquick-" + tag() + ",mina88,room-1,hello\n";
        String empty = tag() + ".csv";
        String part = tag() + ".csv";
        Path begun = Files.createFile(quick(empty));
        Files.writeString(quick(part + ".filepart"), row.replace("quick", "part"));
        ended(seen(), 1);
        await().pollDelay(Duration.ofSeconds(1)).until(() -> Files.exists(begun));
        Files.writeString(begun, row);
        Files.move(quick(part + ".filepart"), quick(part));
        assertThat(ended(empty, 1).path("delivered").asInt()).isEqualTo(1);
        assertThat(ended(part, 1).path("delivered").asInt()).isEqualTo(1);
    }

    @Test
    void whatIsNoFileIsLeftAloneAndWhatIsBehindItFlowsOn() throws Exception {
        Path outside = Files.writeString(Path.of(BusProfile.folder(), "outside.jsonl"), send("out", "side") + "\n");
        String tag = tag();
        List<Path> odd = List.of(
                Files.createSymbolicLink(quick(tag + "-link.jsonl"), outside.toAbsolutePath()),
                Files.createSymbolicLink(quick(tag + "-nowhere.csv"), Path.of("/nonexistent/x")),
                quick(tag + "-pipe.csv"));
        assertThat(new ProcessBuilder("mkfifo", odd.get(2).toString()).start().waitFor())
                .isZero();
        for (int i = 0; i < 2; i++) {
            String name = tag + "-good" + i + ".jsonl";
            Files.writeString(quick(name), send("behind", "x" + i) + "\n");
            assertThat(ended(name, 1).path("delivered").asInt()).isEqualTo(1);
        }
        assertThat(odd).allMatch(each -> Files.exists(each, LinkOption.NOFOLLOW_LINKS));
        assertThat(bus.get("/batches").json().findValuesAsText("name"))
                .doesNotContain(
                        odd.stream().map(each -> each.getFileName().toString()).toArray(String[]::new));
        for (Path each : odd) {
            Files.delete(each);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id, customerId, conversationId, text\n\"%s\", \"mina88\", \"room-1\", \"hello\"\n",
                "sep=;\r\nid;vendor;operation;customerId;conversationId;text\r\n%s;happytalk;send;mina88;room-1;hello\r\n",
                "id,customerId,conversationId,text\r\n%s,mina88,room-1,hello\r\n,,,\r\n,,,\r\n",
                "id,\u1100\u1169\u1100\u1162\u11a8\u1107\u1165\u11ab\u1112\u1169,\u1103\u1162\u1112\u116a\u1107\u1161\u11bc,"
                        + "\u1102\u1162\u110b\u116d\u11bc\n%s,mina88,room-1,hello\n"
            })
    void whatASpreadsheetWritesIsDeliveredAsItWasMeant(String content) throws IOException {
        String name = tag() + ".csv";
        dropInto("quick", name, content.formatted("c-" + name));
        JsonNode batch = ended(name, 1);
        assertCounts(batch, 1, 0, 0);
        JsonNode message = messages(batch).get(0);
        assertThat(message.path("state").asText()).isEqualTo("delivered");
        assertThat(message.path("customerId").asText()).isEqualTo("mina88");
        assertThat(message.path("text").asText()).isEqualTo("hello");
    }

    @Test
    void aCharacterThatCannotBeSeenIsInTheReasonByItsCodePoint() throws IOException {
        String name = tag() + ".csv";
        String rows =
                "c-8-%s,happytalk\u00a0,send,mina88,room-1,hello\nc-9-%s,happytalk,send,\u00a0mina88\u00a0,\u200broom-1,hello\n";
        JsonNode batch =
                batch(name, "id,vendor,operation,customerId,conversationId,text\n" + rows.replace("%s", tag()));
        assertCounts(batch, 0, 0, 2);
        List<CSVRecord> results = results(name + ".results.csv");
        assertThat(results.get(0).get("message")).contains("vendor is happytalk<U+00A0>");
        assertThat(results.get(1).get("message")).contains("customerId is <U+00A0>mina88<U+00A0>");
    }

    @Test
    void aNameOf240BytesHasItsResults() throws IOException {
        String name = "주문".repeat(38) + tag() + ".csv";
        JsonNode batch = batch(name, HEADER + "happytalk,send,user-01,r,hello,,\n");
        assertThat(batch.path("delivered").asInt()).isEqualTo(1);
        assertThat(results(name + ".results.csv")).hasSize(1);
        String longest = "y".repeat(10) + tag() + "주".repeat(74) + ".csv";
        dropInto("quick", longest, "id,customerId,conversationId,text\nlong-" + tag() + ",mina88,room-1,hello\n");
        String id = ended(longest, 1).path("id").asText();
        await().until(() -> bus.get("/batches/" + id + "/results").text().contains("delivered"));
    }

    @Test
    void resultsOfStartLinksStandInAFileOfTheirOwn() throws IOException {
        String name = tag() + ".csv";
        JsonNode batch = batch(name, "vendor,operation,extra,bot\nkakao,start,주문 12,\nkakao,start,주문 13,true\n");
        assertCounts(batch, 2, 0, 0);
        results(name + ".results.csv");
        summary(name);
        List<String> lines = Files.readAllLines(FILES.resolve("results").resolve(name + ".results.jsonl"));
        assertThat(lines)
                .hasSize(2)
                .allSatisfy(line -> assertThat(RestClient.JSON
                                .readTree(line)
                                .at("/result/link")
                                .asText())
                        .contains("uuid=%40switchboard-sandbox"));
    }
}
