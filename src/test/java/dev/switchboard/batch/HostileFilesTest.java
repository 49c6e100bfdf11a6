package dev.switchboard.batch;

import static dev.switchboard.batch.RecordsTest.packed;
import static dev.switchboard.batch.RecordsTest.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.switchboard.batch.RecordsTest.Read;
import dev.switchboard.charset.Encoding;
import dev.switchboard.records.FileRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Torn and hostile files: each says what is wrong, and where. */
class HostileFilesTest {

    private static final String GOOD = "{\"text\":\"good\"}";

    @TempDir
    Path folder;

    private Read file(String name, byte[] content, String... settings) throws IOException {
        var set = new java.util.HashMap<String, String>();
        for (int i = 0; i < settings.length; i += 2) {
            set.put("switchboard.files." + settings[i], settings[i + 1]);
        }
        return read(Files.write(folder.resolve(name), content), set);
    }

    private Read file(String name, String content, String... settings) throws IOException {
        return file(name, content.getBytes(StandardCharsets.UTF_8), settings);
    }

    private static byte[] bytes(String text) {
        return text.replace("~", "\u00ff").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] joined(byte[]... parts) {
        var all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "a.jsonl, '{\"text\":\"good\"}\n', '{\"text\":\"x~\"}', '\n{\"text\":\"good\"}', 'line 2, column 11: '",
        "a.json, '[{\"text\":\"good\"},\n', ' {\n\"text\":\"x~\"}', ',{\"text\":\"good\"}]', 'line 3, column 10: '",
        "a.csv, 'text,vendor\ngood,\n', '\"a\nbc~\",', '\ngood,\n', 'line 4, column 3: '",
    })
    void halfACharacterMakesItsRecordInvalid(String name, String before, String broken, String after, String where)
            throws IOException {
        for (byte[] half : new byte[][] {{(byte) 0xec}, {(byte) 0xec, (byte) 0x95}, {(byte) 0xc0, (byte) 0x80}}) {
            int at = broken.indexOf('~');
            byte[] content = joined(
                    bytes(before), bytes(broken.substring(0, at)), half, bytes(broken.substring(at + 1)), bytes(after));
            Read read = file(name, content);
            assertThat(read.records()).hasSize(3);
            assertThat(read.end()).isNull();
            FileRecord record = read.records().get(1);
            assertThat(record.json()).isNull();
            assertThat(String.valueOf(record.fault())).startsWith(where).contains("UTF-8", Encoding.hex(half[0]));
            assertThat(record.raw()).contains(Encoding.hex(half[0])).doesNotContain("\ufffd");
            assertThat(record.bytes()).contains(half);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a.jsonl, '{\"text\":\"a\"}\n{\"text\":\"~\"}\n{\"text\":\"b\"}', 'line 2, column 10: '",
        "a.json, '[{\"text\":\"a\"},\n{\"text\":\"~\"},{\"text\":\"b\"}]', 'line 2, column 10: '",
        "a.csv, 'text\na\n~\nb\n', 'line 3, column 1: '"
    })
    void aNulByteMakesItsRecordInvalid(String name, String content, String where) throws IOException {
        for (String charset : new String[] {"UTF-8", "MS949", "windows-1250"}) {
            Read read = file(name, content.replace('~', '\0'), "charset", charset);
            assertThat(read.records())
                    .extracting(record -> record.json() == null)
                    .containsExactly(false, true, false);
            assertThat(String.valueOf(read.records().get(1).fault()))
                    .startsWith(where)
                    .contains("NUL");
            assertThat(read.records().get(1).raw()).contains("\\x00");
        }
    }

    @ParameterizedTest
    @CsvSource({"MS949, a\u00e9", "windows-1250, a\u0083"})
    void bytesThatTheCharacterSetLacksMakeTheirRecordInvalid(String charset, String text) throws IOException {
        Read read =
                file("a.csv", ("text\n" + text + "\nwell\n").getBytes(StandardCharsets.ISO_8859_1), "charset", charset);
        assertThat(read.records()).extracting(record -> record.json() == null).containsExactly(true, false);
        assertThat(String.valueOf(read.records().get(0).fault()))
                .startsWith("line 2, column 2: ")
                .contains(charset);
    }

    @ParameterizedTest
    @CsvSource({"ISO-2022-KR, auto, UTF-8", "UTF-8, MS949, MS949", "MS949, windows-1250, windows-1250"})
    void aFileThatWouldShowWrongLettersIsStopped(String charset, String set, String read) throws IOException {
        Read found = file("a.csv", "text\n안녕하세요\n".getBytes(Charset.forName(charset)), "charset", set);
        assertThat(found.records()).isEmpty();
        assertThat(found.end())
                .startsWith("line 1, column 1: this looks like " + charset.replace("-KR", ""))
                .contains("would be read as " + read, "switchboard.files.charset");
    }

    /** One such syllable might be of any double-byte character set. */
    @Test
    void whatMayBeOfManyCharacterSetsIsInvalidWithTheCharacterSetItWasReadIn() throws IOException {
        for (String text : new String[] {"믜", "金哲洙"}) {
            Read read = file("a.csv", ("text\n" + text + "\nwell\n").getBytes(Charset.forName("MS949")));
            assertThat(read.records())
                    .extracting(record -> record.json() == null)
                    .containsExactly(true, false);
            assertThat(String.valueOf(read.records().get(0).fault())).contains("UTF-8", "switchboard.files.charset");
        }
    }

    @Test
    void aQuoteThatIsNeverClosedIsNamedWithItsRecord() throws IOException {
        Read read = file("a.csv", "text,vendor\na,b\nc,\"d\ne,f\n");
        assertThat(read.records()).hasSize(1);
        assertThat(read.end()).startsWith("line 3: ").contains("never closed");
    }

    @Test
    void aQuoteThatIsClosedByAnothersStopsTheFileThere() throws IOException {
        Read read = file("a.csv", "text,vendor\na,b\nc,\"d\ne,\"f\"\ng,h\n");
        assertThat(read.records()).hasSize(1);
        assertThat(read.end()).startsWith("line 4, column 4: ").contains("begins on line 3");
    }

    @Test
    void aQuoteThatIsNeverClosedInALargeFileTakesLittleMemory() throws IOException {
        Path file = folder.resolve("a.csv");
        byte[] line = "some more text, more of it\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            out.write("text\nwell\n\"never".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 1000; i++) {
                out.write(line);
            }
        }
        long before = allocated();
        Read read = read(file, Map.of());
        assertThat(read.records()).hasSize(1);
        assertThat(read.end()).startsWith("line 3: ");
        assertThat(allocated() - before).isLessThan(16 << 20);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @ParameterizedTest
    @CsvSource({
        "a.jsonl, '{\"text\":\"', '\"}\n{\"text\":\"good\"}\n', 1",
        "a.json, '[{\"text\":\"', '\"}\n, {\"text\":\"good\"}]', 1",
        "a.csv, 'text\n\"', '\"\ngood', 2"
    })
    void aRecordOfAHundredMegabytesIsRefusedAlone(String name, String before, String after, int line)
            throws IOException {
        Path file = folder.resolve(name);
        byte[] mebibyte = new byte[1 << 20];
        Arrays.fill(mebibyte, (byte) 'x');
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(bytes(before));
            for (int i = 0; i < 100; i++) {
                out.write(mebibyte);
            }
            out.write(bytes(after));
        }
        long begun = allocated();
        Read read = read(file, Map.of());
        assertThat(allocated() - begun).isLessThan(32 << 20);
        assertThat(read.end()).isNull();
        assertThat(read.records()).hasSize(2);
        FileRecord refused = read.records().get(0);
        assertThat(String.valueOf(refused.fault()))
                .startsWith("line " + line + ", ")
                .contains("longer than 262144 bytes");
        assertThat(refused.whole()).isFalse();
        assertThat(refused.bytes()).hasSize(1024);
        assertThat(refused.length()).isGreaterThan(100 << 20);
        assertThat(read.records().get(1).json()).hasToString(GOOD);
    }

    @Test
    void aRecordOfTheLimitIsReadAndOneByteMoreIsNot() throws IOException {
        String fits = "{\"text\":\"" + "x".repeat(89) + "\"}";
        Read read = file("a.jsonl", fits + "\n" + fits.replace("x\"", "xx\"") + "\n", "max-record", "100B");
        assertThat(read.records()).extracting(record -> record.json() == null).containsExactly(false, true);
        assertThat(String.valueOf(read.records().get(1).fault())).contains("line 2", "100 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "'vendor,text,vendor', vendor, 'cell 3'",
        "'vendor,who,customerId', customerId, 'cell 3'",
        "'vendor,labels.a,labels.a', labels.a, 'cell 3'",
        "'vendor,colour', colour, 'cell 2'",
        "'vendor,Text', Text, 'cell 2'",
        "'vendor,labels', labels, 'cell 2'",
        "'vendor,,text', 'needs a name', 'cell 2'",
        "'vendor,text,', 'needs a name', 'cell 3'",
    })
    void aWrongHeaderStopsTheFile(String header, String named, String where) throws IOException {
        Read read = file("a.csv", header + "\na,b,c\n", "columns.who", "customerId");
        assertThat(read.records()).isEmpty();
        assertThat(read.end()).startsWith("line 1: ").contains(named, where);
    }

    @ParameterizedTest
    @CsvSource({"'a,b,c\n', 'line 2, column 4: ', '3 cells'", "'a\n', 'line 2, column 2: ', '1 cells'"})
    void aRecordOfOtherLengthIsInvalid(String record, String where, String what) throws IOException {
        Read read = file("a.csv", "text,vendor\n" + record + "x,y\n");
        assertThat(read.records()).hasSize(2);
        assertThat(String.valueOf(read.records().get(0).fault()))
                .startsWith(where)
                .contains(what);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "a.csv"})
    void anEmptyFileHasNoRecords(String name) throws IOException {
        for (String content : new String[] {"", "\n\r\n", "\ufeff"}) {
            Read read = file(name, content);
            assertThat(read.records()).isEmpty();
            assertThat(read.end()).isNull();
        }
        assertThat(file("a.json", "").end()).startsWith("line 1, column 1: ").contains("not a JSON array");
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"a\":1}', 0, 'line 1, column 1: this is not a JSON array'",
        "'[{},\n {}', 2, 'line 2, column 4: the file ends before the array does'",
        "'[{}\n,{\"a\":', 1, 'line 2, column 2: the file ends in the middle'",
        "'[{}\n,{\"a', 1, 'line 2, column 2: the file ends in the middle'",
        "'[{},]', 1, 'line 1, column 5: an element was expected'",
        "'[,{}]', 0, 'line 1, column 2: an element was expected'",
        "'[{} {}]', 1, 'line 1, column 5: a comma'",
        "'[{}] x', 1, 'line 1, column 6: something stands behind'",
        "'[', 0, 'line 1, column 2: the file ends'",
    })
    void aTornArraySaysWhere(String content, int records, String end) throws IOException {
        Read read = file("a.json", content);
        assertThat(read.records()).hasSize(records);
        assertThat(read.end()).startsWith(end);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"text\":}', 'column 9: is not JSON'",
        "'{\"text\":\"안녕\" 1}', 'column 14: is not JSON'",
        "'{\"text\":\"a\",\"text\":\"b\"}', 'has the same field twice'",
        "'{} {}', 'is not JSON'",
    })
    void whatIsNoJsonSaysWhereAndNotWhat(String line, String fault) throws IOException {
        for (String charset : new String[] {"UTF-8", "MS949"}) {
            byte[] content = (GOOD + "\n" + line + "\n" + GOOD).getBytes(java.nio.charset.Charset.forName(charset));
            Read read = file("a.jsonl", content, "charset", charset);
            assertThat(read.records()).hasSize(3);
            FileRecord record = read.records().get(1);
            assertThat(String.valueOf(record.fault()))
                    .startsWith("line 2, ")
                    .contains(fault)
                    .doesNotContain("안녕");
            assertThat(record.raw()).isEqualTo(line);
        }
    }

    @Test
    void anElementThatIsNoJsonIsRefusedAlone() throws IOException {
        Read read = file("a.json", "[" + GOOD + ",\n  {\"text\": no},\n" + GOOD + "]");
        assertThat(read.records()).hasSize(3);
        assertThat(String.valueOf(read.records().get(1).fault()))
                .startsWith("line 2, column ")
                .contains("is not JSON");
        assertThat(read.records().get(1).raw()).isEqualTo("{\"text\": no}");
        assertThat(read.end()).isNull();
    }

    @Test
    void aPackedBombStopsAtTheRatio() throws IOException {
        Path file = folder.resolve("a.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes(GOOD + "\n"));
            byte[] zeros = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        Read read = read(file, Map.of());
        assertThat(read.records()).hasSize(1);
        assertThat(read.end()).startsWith("line 2: ").contains("200 times", "switchboard.files.max-ratio");
        assertThat(read(file, Map.of("switchboard.files.max-ratio", "2000")).end())
                .isNull();
    }

    @Test
    void theRatioHoldsFromTheFirstMegabyte() throws IOException {
        Read read = file("a.jsonl.gz", packed(bytes(GOOD + "\n" + " ".repeat(2 << 20))));
        assertThat(read.end()).contains("200 times", "switchboard.files.max-ratio");
    }

    @Test
    void aPackedFileStopsAtTheLimit() throws IOException {
        byte[] content = packed(bytes((GOOD + "\n").repeat(100_000)));
        Read read = file("a.jsonl.gz", content, "max-unpacked", "1MiB");
        assertThat(read.records()).hasSizeBetween(60_000, 1 << 16);
        assertThat(read.end())
                .startsWith("line " + (read.records().size() + 1) + ": ")
                .contains("1048576 bytes", "switchboard.files.max-unpacked");
    }

    @ParameterizedTest
    @CsvSource({"a.jsonl.gz, 0", "a.csv.gz, 1", "a.json.gz, 0"})
    void aPackedFileThatWasCutOffNamesTheLineThatItCameTo(String name, int header) throws IOException {
        var content = new StringBuilder(header == 1 ? "text\n" : name.contains("json.") ? "[\n" : "");
        var random = new java.util.Random(7);
        for (int i = 0; i < 20_000; i++) {
            String text = Long.toHexString(random.nextLong());
            content.append(header == 1 ? text : "{\"text\":\"" + text + "\"}")
                    .append(name.contains("json.") ? ",\n" : "\n");
        }
        byte[] whole = packed(bytes(content.toString()));
        for (int length : new int[] {whole.length / 2, whole.length - 4, 200}) {
            Read read = file(name, Arrays.copyOf(whole, length));
            assertThat(read.end()).contains("cut off").startsWith("line ");
            long line = read.records().isEmpty()
                    ? 1
                    : read.records().get(read.records().size() - 1).line();
            assertThat(Long.parseLong(String.valueOf(read.end()).replaceAll("line (\\d+).*", "$1")))
                    .isBetween(line, line + 1);
        }
        assertThat(file(name, Arrays.copyOf(whole, whole.length / 2)).records()).hasSizeGreaterThan(5000);
    }

    @Test
    void aSecondMemberThatWasCutOffIsNotOverlooked() throws IOException {
        byte[] one = packed(bytes(GOOD + "\n"));
        for (int length : new int[] {1, 5, 12, one.length - 1}) {
            Read read = file("a.jsonl.gz", joined(one, Arrays.copyOf(one, length)));
            assertThat(read.records()).isNotEmpty();
            assertThat(read.end()).contains("cut off");
        }
        assertThat(file("a.jsonl.gz", joined(one, bytes("more"))).end()).contains("behind the GZIP data");
    }

    @Test
    void damagedGzipIsFound() throws IOException {
        byte[] content = packed(bytes((GOOD + "\n").repeat(10)));
        content[content.length - 6] ^= 1;
        assertThat(file("a.jsonl.gz", content).end()).contains("checksum");
        assertThat(file("b.jsonl.gz", bytes(GOOD)).end()).contains("line 1", "not gzip");
        assertThat(file("c.csv.gz", new byte[0]).end()).contains("line 1", "GZIP");
    }

    @ParameterizedTest
    @CsvSource({
        "504b030414000600, ZIP",
        "1f8b080000000000, packed once end in .gz",
        "1b2429430e3b7a3c, ISO-2022",
        "d0cf11e0a1b11ae1, Office",
        "255044462d312e37, PDF",
        "89504e470d0a1a0a, PNG",
        "53514c69746520666f726d6174203300, SQLite",
        "28b52ffd00000000, Zstandard",
        "3c21444f43545950452068746d6c3e, HTML",
        "3c3f786d6c2076657273696f6e, XML",
        "efbbbf7b007b007b007b007b007b007b007b007b007b00, UTF-16",
    })
    void whatIsNoTextSaysWhatItLooksLike(String hex, String named) throws IOException {
        for (String name : new String[] {"a.csv", "a.jsonl", "a.json"}) {
            Read read = file(name, HexFormat.of().parseHex(hex));
            assertThat(read.records()).isEmpty();
            assertThat(read.end()).startsWith("line 1, column 1: ").contains("looks like", named);
        }
    }

    @Test
    void halfACharacterOfUtf16IsNamedSo() throws IOException {
        byte[] marked = joined(
                new byte[] {(byte) 0xff, (byte) 0xfe}, "text\na\n".getBytes(StandardCharsets.UTF_16LE), new byte[] {'x'
                });
        assertThat(String.valueOf(file("a.csv", marked).records().get(1).fault()))
                .contains("UTF-16, half of a character");
    }

    @Test
    void whatIsNotPackedThoughItsNameSaysSoIsTold() throws IOException {
        for (String content : new String[] {"text\na\n", "PK\u0003\u0004", "x\u009c"}) {
            assertThat(file("a.csv.gz", content.getBytes(StandardCharsets.ISO_8859_1))
                            .end())
                    .contains("not gzip", "leave .gz out of its name");
        }
    }

    @Test
    void aFileWithoutPermissionIsNamedSo() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "text\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("a superuser can read it anyway").isFalse();
        assertThat(read(file, Map.of()).end()).contains("permission");
    }

    @ParameterizedTest
    @CsvSource({
        "a.jsonl, '{}\n{}\n#count=2\n', '#count=(\\d+)', 2,",
        "a.jsonl, '{}\n{}\n#count=0002\r\n\n', '#count=(\\d+)', 2,",
        "a.csv, 'text,vendor\na,b\nTRAILER,1', 'TRAILER,(\\d+)', 1,",
        "a.json, '[{}, {\"count\":1}]', '\\{\"count\":(\\d+)\\}', 1,",
        "a.jsonl, '#count=0', '#count=(\\d+)', 0,",
        "a.jsonl, '{}\n{}\n#count=3\n', '#count=(\\d+)', 2, 'line 3: the trailer says 3 records, the file has 2'",
        "a.jsonl, '{}\n{}\n', '#count=(\\d+)', 1, 'line 2: the last record is not a trailer'",
        "a.jsonl, '', '#count=(\\d+)', 0, 'line 1: the file is empty'",
        "a.csv, 'text,vendor\na,b\nTRAILER,99999999999999999999', 'TRAILER,(\\d+)', 1, 'line 3: the trailer says'",
    })
    void aTrailerIsHeldAgainstTheRecords(String name, String content, String trailer, int records, String end)
            throws IOException {
        Read read = file(name, content, "trailer", trailer);
        assertThat(read.records()).hasSize(records);
        if (end == null) {
            assertThat(read.end()).isNull();
        } else {
            assertThat(read.end()).startsWith(end);
        }
    }

    @Test
    void aTornFileWithATrailerSaysWhereItIsTorn() throws IOException {
        Read read = file("a.json", "[{},\n{},\n{", "trailer", "#count=(\\d+)");
        assertThat(read.records()).hasSize(2);
        assertThat(read.end()).startsWith("line 3, column 1: ").contains("middle");
    }
}
