package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.charset.Encoding;
import dev.switchboard.records.FileRecord;
import dev.switchboard.records.Format;
import dev.switchboard.records.Layout;
import dev.switchboard.records.Records;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of well-formed files. */
class RecordsTest {

    private static final String HEADER = "vendor,text,labels.shop\n";

    @TempDir
    Path folder;

    /** What was read of a file, and why it went no further. */
    record Read(
            List<FileRecord> records,
            @Nullable String end,
            @Nullable Layout layout) {

        List<String> shown() {
            return records.stream()
                    .map(record -> record.line() + " " + (record.json() == null ? record.fault() : record.json()))
                    .toList();
        }
    }

    static Read read(Path file, Map<String, String> settings) {
        var records = new ArrayList<FileRecord>();
        try (Records all = Records.open(file, ProfilesTest.profile("", settings))) {
            try {
                all.forEachRemaining(records::add);
            } catch (Records.Unreadable e) {
                return new Read(records, e.getMessage(), all.layout());
            }
            return new Read(records, null, all.layout());
        } catch (Records.Unreadable e) {
            return new Read(records, e.getMessage(), null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Read read(String name, byte[] content, Map<String, String> settings) throws IOException {
        return read(Files.write(folder.resolve(name), content), settings);
    }

    private Read read(String name, String content) throws IOException {
        return read(name, content.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    static byte[] packed(byte[] content) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void aJsonLineIsARecord() throws IOException {
        Read read = read("a.jsonl", "{\"text\":\"첫 🙂\"}\r\n\n  \n{\"text\":\"b\"}");
        assertThat(read.shown()).containsExactly("1 {\"text\":\"첫 🙂\"}", "4 {\"text\":\"b\"}");
        assertThat(read.end()).isNull();
        assertThat(read.records().get(0).bytes()).isEqualTo("{\"text\":\"첫 🙂\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anElementOfAnArrayIsARecordOnTheLineWhereItBegins() throws IOException {
        Read read = read(
                "a.json", " [ {\"text\":\"a]},\\\"{\"},\n\n  {\n \"text\": [\"b\"]\n}, 7, \"x\" ,{\"text\":\"c\"}]\n ");
        assertThat(read.shown())
                .containsExactly(
                        "1 {\"text\":\"a]},\\\"{\"}", "3 {\"text\":[\"b\"]}", "5 7", "5 \"x\"", "5 {\"text\":\"c\"}");
        assertThat(read.end()).isNull();
        assertThat(read.records().get(1).raw()).isEqualTo("{\n \"text\": [\"b\"]\n}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", " [ \n ] \n"})
    void anArrayMayBeEmpty(String content) throws IOException {
        Read read = read("a.json", content);
        assertThat(read.records()).isEmpty();
        assertThat(read.end()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void aCsvRecordIsAMessage(String lineEnd) throws IOException {
        Read read = read(
                "a.csv",
                (HEADER + "\nhappytalk,\"a \"\"b\"\", c\",서울\n\"kakao\" ,5\" pipe,\nlast,,x").replace("\n", lineEnd));
        assertThat(read.shown())
                .containsExactly(
                        "3 {\"vendor\":\"happytalk\",\"text\":\"a \\\"b\\\", c\",\"labels\":{\"shop\":\"서울\"}}",
                        "4 {\"vendor\":\"kakao\",\"text\":\"5\\\" pipe\"}",
                        "5 {\"vendor\":\"last\",\"labels\":{\"shop\":\"x\"}}");
        assertThat(read.end()).isNull();
        assertThat(read.layout())
                .isEqualTo(new Layout(Format.CSV, Encoding.UTF_8, false, HEADER.strip(), ',', lineEnd));
    }

    @Test
    void aCellMayGoOverLines() throws IOException {
        Read read = read("a.csv", HEADER + "a,\"b\r\n\nc\",\nd,e,f\n");
        assertThat(read.shown())
                .containsExactly(
                        "2 {\"vendor\":\"a\",\"text\":\"b\\r\\n\\nc\"}",
                        "5 {\"vendor\":\"d\",\"text\":\"e\",\"labels\":{\"shop\":\"f\"}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void theHeaderTellsTheDelimiter(String delimiter) throws IOException {
        Read read =
                read("a.csv", "\n\"te,x;t\"" + delimiter + "vendor\n\"a" + delimiter + "b\"" + delimiter + "c,;\td\n");
        assertThat(read.end()).contains("te,x;t");
        read = read("b.csv", "text" + delimiter + "vendor\n\"a" + delimiter + "b\"" + delimiter + "c\n");
        assertThat(read.shown()).hasSize(1).allMatch(record -> record.contains("\"vendor\":\"c\""));
        assertThat(read.layout()).extracting(Layout::delimiter).isEqualTo(delimiter.charAt(0));
    }

    @ParameterizedTest
    @CsvSource({"a.csv", "b.CSV"})
    void aByteOrderMarkIsNoPartOfTheFirstName(String name) throws IOException {
        Read read = read(name, "\ufeff" + HEADER + "a,b,c\n");
        assertThat(read.shown()).hasSize(1);
        assertThat(read.layout()).extracting(Layout::mark).isEqualTo(true);
        assertThat(read.records().get(0).offset()).isEqualTo(3 + HEADER.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.ndjson", "a.json", "a.csv"})
    void aFileMayBePacked(String name) throws IOException {
        String json = "{\"vendor\":\"happytalk\",\"text\":\"안녕\"}";
        String content = switch (Format.of(Path.of(name))) {
            case JSON_LINES -> json + "\n" + json;
            case JSON_ARRAY -> "[" + json + ",\n" + json + "]";
            case CSV -> "vendor,text\nhappytalk,안녕\nhappytalk,안녕";
        };
        byte[] plain = content.getBytes(StandardCharsets.UTF_8);
        Read read = read(name + ".gz", packed(plain), Map.of());
        assertThat(read.end()).isNull();
        assertThat(read.shown()).isEqualTo(read(name, plain, Map.of()).shown()).hasSize(2);
    }

    @Test
    void aPackedFileMayHaveSeveralMembers() throws IOException {
        var content = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            String line = "{\"text\":\"" + i + "\"}\n";
            content.write(packed(line.getBytes(StandardCharsets.UTF_8)));
        }
        content.write(new byte[512]);
        Read read = read("a.jsonl.gz", content.toByteArray(), Map.of());
        assertThat(read.shown()).containsExactly("1 {\"text\":\"0\"}", "2 {\"text\":\"1\"}", "3 {\"text\":\"2\"}");
        assertThat(read.end()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE", "UTF-16BE"})
    void utf16IsReadWhereAByteOrderMarkSaysIt(String charset) throws IOException {
        Read read = read("a.csv", "\ufeffvendor\ttext\na\t안녕 🙂\n".getBytes(Charset.forName(charset)), Map.of());
        assertThat(read.shown()).containsExactly("2 {\"vendor\":\"a\",\"text\":\"안녕 🙂\"}");
    }

    @Test
    void whatARecordIsCutAtIsNoMatterOfTheBuffer() throws IOException {
        var content = new StringBuilder("text,vendor\n");
        var expected = new ArrayList<String>();
        for (int i = 0; i < 5000; i++) {
            String text = "가\"".repeat(i % 97) + "\n" + i;
            content.append('"').append(text.replace("\"", "\"\"")).append("\",v\r\n");
            expected.add(text);
        }
        Read read = read("a.csv", content.toString());
        assertThat(read.end()).isNull();
        assertThat(read.records())
                .extracting(record ->
                        record.json() == null ? "" : record.json().path("text").asText())
                .isEqualTo(expected);
        byte[] bytes = content.toString().getBytes(StandardCharsets.UTF_8);
        assertThat(read.records())
                .allSatisfy(record -> assertThat(record.bytes())
                        .isEqualTo(java.util.Arrays.copyOfRange(
                                bytes, (int) record.offset(), (int) (record.offset() + record.length()))));
    }

    @Test
    void namesAreMappedAndDefaultsFilledIn() throws IOException {
        var settings = Map.of(
                "switchboard.files.columns.고객 번호", "customerId",
                "switchboard.files.columns.note", "-",
                "switchboard.files.columns.shop", "labels.shop",
                "switchboard.files.defaults.vendor", "happytalk",
                "switchboard.files.defaults.labels.source", "nightly");
        String message =
                "{\"customerId\":\"17\",\"labels\":{\"shop\":\"x\",\"source\":\"nightly\"},\"vendor\":\"happytalk\"}";
        Read csv = read("a.csv", "고객 번호,note,shop\n17,n,x\n".getBytes(StandardCharsets.UTF_8), settings);
        Read json = read(
                "a.jsonl", "{\"고객 번호\":\"17\",\"note\":{},\"shop\":\"x\"}".getBytes(StandardCharsets.UTF_8), settings);
        var mapper = new com.fasterxml.jackson.databind.ObjectMapper();
        assertThat(csv.records().get(0).json()).isEqualTo(mapper.readTree(message));
        assertThat(json.records().get(0).json()).isEqualTo(mapper.readTree(message));
    }

    @Test
    void aMappedValueKeepsItsType() throws IOException {
        Read read = read(
                "a.jsonl",
                "{\"robot\":false,\"tags\":{\"a\":\"b\"}}".getBytes(StandardCharsets.UTF_8),
                Map.of("switchboard.files.columns.robot", "bot", "switchboard.files.columns.tags", "labels.tags"));
        assertThat(read.shown()).containsExactly("1 {\"bot\":false,\"labels\":{\"tags\":{\"a\":\"b\"}}}");
    }

    @Test
    void aNameMayStandForWhatAnotherWas() throws IOException {
        var settings = Map.of("switchboard.files.columns.body", "text", "switchboard.files.columns.text", "labels.old");
        Read read = read("a.jsonl", "{\"text\":\"a\",\"body\":\"b\"}".getBytes(StandardCharsets.UTF_8), settings);
        assertThat(read.shown()).containsExactly("1 {\"text\":\"b\",\"labels\":{\"old\":\"a\"}}");
        read = read("a.csv", "text,body\na,b\n".getBytes(StandardCharsets.UTF_8), settings);
        assertThat(read.shown()).containsExactly("2 {\"labels\":{\"old\":\"a\"},\"text\":\"b\"}");
    }

    @Test
    void aFieldUnderBothItsNamesIsInvalid() throws IOException {
        var settings = Map.of("switchboard.files.columns.body", "text");
        Read read = read("a.jsonl", "{\"text\":\"a\",\"body\":\"b\"}".getBytes(StandardCharsets.UTF_8), settings);
        assertThat(read.shown()).containsExactly("1 line 1, column 1: has both body and text");
    }

    @Test
    void aNameThatIsNoFormatIsRefused() throws IOException {
        assertThatThrownBy(() -> Records.open(folder.resolve("a.xlsx"), ProfilesTest.profile("", Map.of())))
                .isInstanceOf(Records.Unreadable.class)
                .hasMessageContaining(".jsonl");
        Files.createDirectory(folder.resolve("x.csv"));
        assertThat(read(folder.resolve("x.csv"), Map.of()).end()).contains("folder");
        assertThat(read(folder.resolve("gone.csv"), Map.of()).end()).contains("does not exist");
    }
}
