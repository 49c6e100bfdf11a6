package dev.switchboard.batch;

import static dev.switchboard.batch.RecordsTest.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a dry run says of a file. */
class DryRunTest {

    private static final String HEADER = "vendor,operation,customerId,conversationId,text\n";
    private static final String SEND = "happytalk,send,user-01,room-1,hello\n";
    private static final String END = "{\"vendor\":\"thulium\",\"operation\":\"end\",\"conversationId\":\"c\"}\n";

    @TempDir
    Path folder;

    private static SmallRyeConfig config(Map<String, String> files) {
        var settings = new HashMap<>(Map.of(
                "switchboard.vendors.happytalk.accounts.default.client-id", "i",
                "switchboard.vendors.happytalk.accounts.default.client-secret", "s",
                "switchboard.vendors.thulium.accounts.default.url", "https://h/api",
                "switchboard.vendors.thulium.accounts.default.username", "u",
                "switchboard.vendors.thulium.accounts.default.password", "p"));
        files.forEach((name, value) -> settings.put("switchboard.files." + name, value));
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    private static DryRun dryRun(Map<String, String> files, int ids) {
        SmallRyeConfig config = config(files);
        RouteFolder routes = RouteFolder.read(Optional.empty());
        var check = new MessageCheck(routes, new Vendors(Vendor.readAll(routes), config, Map.of()));
        return new DryRun(check, Profiles.read(config, check.fields()), ids);
    }

    private CheckReport report(String name, byte[] content, Map<String, String> files) throws IOException {
        return dryRun(files, 100).read(Files.write(folder.resolve(name), content), "", 20);
    }

    private CheckReport report(String name, String content, Map<String, String> files) throws IOException {
        return report(name, content.getBytes(StandardCharsets.UTF_8), files);
    }

    private CheckReport report(String name, String content) throws IOException {
        return report(name, content, Map.of());
    }

    private static String text(CheckReport report) {
        return String.join("\n", report.lines());
    }

    private static void assertCounts(CheckReport report, int messages, int duplicate, int invalid) {
        ObjectNode json = report.json();
        assertThat(json.path("messages").asInt()).as(json.toString()).isEqualTo(messages);
        assertThat(json.path("duplicate").asInt()).as(json.toString()).isEqualTo(duplicate);
        assertThat(json.path("invalid").asInt()).as(json.toString()).isEqualTo(invalid);
        assertThat(json.path("records").asInt()).isEqualTo(messages + duplicate + invalid);
    }

    private static int sent(CheckReport report) {
        int sent = 0;
        for (var each : report.json().path("sent")) {
            sent += each.path("messages").asInt();
        }
        return sent;
    }

    @Test
    void aFileWithoutFaultsSaysWhatWouldBeSentToWhom() throws IOException {
        CheckReport report = report("a.csv", HEADER + SEND + SEND + "thulium,end,,c-1,\n");
        assertThat(report.clean()).isTrue();
        assertThat(report.lines())
                .containsExactly(
                        folder.resolve("a.csv") + ": CSV, UTF-8",
                        "  3 records: 3 messages, 0 duplicate, 0 invalid",
                        "  would be sent:",
                        "    vendor     account  operation  messages",
                        "    happytalk  default  send              2",
                        "    thulium    default  end               1",
                        "  the file would not be stopped");
    }

    @Test
    void aFaultInCsvIsNamedWithTheColumnOfItsCell() throws IOException {
        CheckReport report = report(
                "a.csv", HEADER + SEND + "happytalk,send,\"u\",\"방\n\",\"x\"\nacme,send,,,\nthulium,wave,,c,\na,b\n");
        String name = folder.resolve("a.csv").toString();
        assertThat(report.lines())
                .startsWith(
                        name + ":3:17 customerId minLength has 1 character, at least 5 are needed",
                        name + ":5:1 vendor enum is not a vendor (there are [happytalk, kakao, thulium])",
                        name
                                + ":6:9 operation enum is not an operation of Thulium (there are [end, send, start, subscribe, transcript])",
                        name + ":7:4 - cells the record has 2 cells, the header has 5");
        assertThat(report.clean()).isFalse();
        assertCounts(report, 1, 0, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "MS949"})
    void aFaultInJsonIsNamedWithTheColumnOfItsField(String charset) throws IOException {
        String content = END + "{\"labels\":{\"a\":\"안녕\"},\"vendor\":\"thulium\",\"operation\":\"end\",\"누구\":7}\n"
                + "{\"vendor\":\"thulium\",\"operation\":\"end\"}\n7\n{\"a\":\n";
        CheckReport report = report(
                "a.jsonl",
                content.getBytes(Charset.forName(charset)),
                Map.of("columns.누구", "conversationId", "charset", charset));
        String name = folder.resolve("a.jsonl").toString();
        assertThat(report.lines())
                .startsWith(
                        name + ":2:59 conversationId type must be of type \"string\"",
                        name + ":3:1 conversationId required is missing",
                        name + ":4:1 - json A message is a JSON object.",
                        name
                                + ":5:6 - json is not JSON: it ends before it is complete: a quote, a brace or a bracket is not"
                                + " closed");
        assertThat(report.json().at("/faults/rules").toString()).isEqualTo("{\"json\":2,\"required\":1,\"type\":1}");
    }

    @Test
    void anArrayNamesTheLineOfItsElement() throws IOException {
        CheckReport report = report("a.json", "[" + END + ",\n {\"vendor\":\"thulium\",\n \"operation\":\"no\"}]");
        assertThat(text(report)).contains("a.json:4:2 operation enum is not an operation of Thulium");
        assertCounts(report, 1, 0, 1);
    }

    @Test
    void aPackedFileIsReadAsWhatItHolds() throws IOException {
        CheckReport report = report("a.jsonl.gz", packed((END + END).getBytes(StandardCharsets.UTF_8)), Map.of());
        assertThat(report.clean()).isTrue();
        assertCounts(report, 2, 0, 0);
    }

    @Test
    void onlyTheFirstFaultsAreShownAndAllAreCounted() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "no\n".repeat(30));
        CheckReport report = dryRun(Map.of(), 100).read(file, "", 3);
        assertThat(report.lines().subList(2, 5))
                .containsExactly(
                        file + ":3:1 - json is not JSON: a word is not true, false or null; a text needs double quotes",
                        "… and 27 more faults (--faults N shows N)",
                        "");
        assertThat(report.json().at("/faults/rules/json").asInt()).isEqualTo(30);
        assertThat(report.json().at("/faults/first")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "a.csv, 'vendor,operation,conversationId\nthulium,end,c\nthulium,end,\"c\n', 'line 3: a quote', 1",
        "a.csv, 'vendor,operation,conversationId\nthulium,end,\"c\"d\n', 'line 2, column 16: <U+0064> is between', 0",
        "a.csv, 'vendor,colour\nthulium,red\n', 'line 1: cell 2 of the header is colour', 0",
        "a.json, '[{\"vendor\":\"thulium\",\"operation\":\"end\",\"conversationId\":\"c\"}', 'the file ends before', 1",
        "a.csv, 'PK\u0003\u0004', 'looks like a ZIP archive', 0",
        "a.json, '', 'this is not a JSON array', 0",
        "a.csv.gz, 'vendor\n', 'not gzip', 0",
        "a.xlsx, 'x', 'the name must end in', 0",
    })
    void whatStopsAFileIsAFaultAndTheVerdict(String name, String content, String why, int sent) throws IOException {
        CheckReport report = report(name, content);
        assertThat(report.clean()).isFalse();
        assertThat(report.json().path("stopped").asText()).contains(why);
        assertThat(text(report)).contains(" - stopped ", "the file would be stopped: ");
        assertThat(sent(report)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.jsonl"})
    void anEmptyFileHasNothingToSend(String name) throws IOException {
        CheckReport report = report(name, "");
        assertThat(report.clean()).isTrue();
        assertThat(text(report)).contains("0 records", "nothing would be sent");
    }

    @Test
    void aMissingTrailerStopsTheFileAndIsNoRecord() throws IOException {
        Map<String, String> trailer = Map.of("trailer", "#count=(\\d+)");
        assertThat(report("a.jsonl", END + "#count=1\n", trailer).clean()).isTrue();
        CheckReport cut = report("a.jsonl", END + END, trailer);
        assertThat(cut.json().path("stopped").asText()).startsWith("line 2: the last record is not a trailer");
        assertCounts(cut, 1, 0, 0);
    }

    @Test
    void tooManyInvalidRecordsStopTheFileWhereTheIntakeWouldStop() throws IOException {
        int stop = 2 * Chunks.RECORDS;
        String content = END.repeat(stop - 50) + "no\n".repeat(10) + END.repeat(200);
        CheckReport report = report("a.jsonl", content, Map.of("max-invalid", "9"));
        assertThat(report.json().path("stopped").asText())
                .isEqualTo("10 of " + stop + " records are invalid, 9 may be");
        assertThat(sent(report)).isEqualTo(stop - 10);
        assertCounts(report, stop + 150, 0, 10);
        assertThat(report("a.jsonl", content, Map.of("max-invalid", "10"))
                        .json()
                        .has("stopped"))
                .isFalse();
        Map<String, String> goOn = Map.of("max-invalid", "9", "on-too-many", "go-on");
        assertThat(sent(report("a.jsonl", content, goOn))).isEqualTo(stop + 150);
    }

    @Test
    void nothingIsSentOfAFileThatIsCheckedFirst() throws IOException {
        String content = END.repeat(150) + "no\n".repeat(10);
        CheckReport report = report("a.jsonl", content, Map.of("max-invalid", "5%", "check-first", "true"));
        assertThat(report.json().path("stopped").asText()).isEqualTo("10 of 160 records are invalid, 5% may be");
        assertThat(text(report)).contains("nothing would be sent");
        assertCounts(report, 150, 0, 10);
        CheckReport late = report("a.jsonl", content, Map.of("max-invalid", "5%"));
        assertThat(late.json().path("stopped").asText()).isEqualTo("10 of 160 records are invalid, 5% may be");
        assertThat(late.json().path("warning").asText()).contains("without check-first");
        assertThat(sent(late)).isEqualTo(150);
    }

    @Test
    void anIdThatComesAgainIsADuplicateOrAConflict() throws IOException {
        String first = "{\"id\":\"a\"," + END.substring(1);
        String other = first.replace("\"c\"", "\"other\"");
        CheckReport report = report("a.jsonl", first + END + END + first + other + first);
        assertCounts(report, 3, 2, 1);
        assertThat(text(report))
                .contains("a.jsonl:5:2 id conflict an earlier record has this id", "2 duplicate (the first on line 4)");
    }

    @Test
    void onlySoManyIdsAreRemembered() throws IOException {
        Path file = folder.resolve("a.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < 10_000; i++) {
                out.write("{\"id\":\"order-" + i % 6000 + "\"," + END.substring(1));
            }
        }
        CheckReport all = dryRun(Map.of(), 6000).read(file, "", 20);
        assertCounts(all, 6000, 4000, 0);
        assertThat(all.json().has("idsRemembered")).isFalse();
        CheckReport some = dryRun(Map.of(), 3000).read(file, "", 20);
        assertCounts(some, 7000, 3000, 0);
        assertThat(text(some)).contains("ids were only compared with the first 3000 of the file");
    }

    @Test
    void aProfileReadsAsItsFolderDoes() throws IOException {
        DryRun dryRun = dryRun(
                Map.of(
                        "profiles.nightly.charset", "MS949",
                        "profiles.nightly.columns.방", "conversationId",
                        "profiles.nightly.defaults.vendor", "thulium",
                        "profiles.nightly.defaults.operation", "end"),
                100);
        Path file = Files.write(folder.resolve("a.csv"), "방\n서울\n".getBytes(Charset.forName("MS949")));
        CheckReport report = dryRun.read(file, "nightly", 20);
        assertThat(text(report)).contains("CSV, MS949, profile nightly", "thulium  default  end");
        dryRun.requireProfile("nightly");
        assertThatThrownBy(() -> dryRun.requireProfile("daily"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no profile daily (there are [nightly])");
        assertThat(text(dryRun.read(file, "daily", 20))).contains("inbox/daily has no profile");
    }

    @Test
    void namesFromTheFileMoveNoCursorAndEndNoLine() throws IOException {
        String line = END.replace("}", ",\"\\u001b[2J a\\nb\\u202e\":1}");
        CheckReport report = report("a.jsonl", line);
        assertThat(report.lines().get(0)).contains(" <U+001B>[2J<U+0020>a<U+000A>b<U+202E> unknown is not a field");
    }
}
