package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.batch.RecordsTest.Read;
import dev.switchboard.charset.Encoding;
import dev.switchboard.records.Layout;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files as spreadsheets and other programs write them: each is read as it was meant, or stops with a reason that can be seen. */
class SpreadsheetTest {

    private static final String MEANT = "{\"id\":\"c-1\",\"customerId\":\"mina88\",\"text\":\"hello\"}";

    @TempDir
    Path folder;

    private Read read(String name, String content, Map<String, String> settings) throws IOException {
        return RecordsTest.read(Files.writeString(folder.resolve(name), content), settings);
    }

    private Read csv(String content) throws IOException {
        return read("a.csv", content, Map.of());
    }

    private static String field(Read read, String name) {
        return Objects.requireNonNull(read.records().get(0).json()).path(name).asText();
    }

    private static String unescaped(String text) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text)
                .replaceAll(found -> Character.toString(Integer.parseInt(found.group(1), 16)))
                .translateEscapes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "id, customerId, text\\n\"c-1\", \"mina88\", \"hello\"\\n",
                "id , customerId , text\\n c-1 , mina88 , hello \\n",
                "\"id\" ,\t\"customerId\", \"text\"\\n\"c-1\"\t, \"mina88\" ,hello\t\\n",
                "sep=;\\r\\nid;customerId;text\\r\\nc-1;mina88;hello\\r\\n",
                "SEP=,\\nid,customerId,text\\nc-1,mina88,hello",
                "\"sep=;\"\\nid;customerId;text\\nc-1;mina88;hello",
                "sep=;,,,\\rid;customerId;text\\rc-1;mina88;hello",
                "sep=\\t\\nid\\tcustomerId\\ttext\\nc-1\\tmina88\\thello",
                "sep=^\\nid^customerId^text\\nc-1^mina88^hello",
                "\\ufeffsep=|\\nid|customerId|text\\nc-1|mina88|hello",
                "id|customerId|text\\nc-1|mina88|hello\\n",
                "id,customerId,text\\r\\nc-1,mina88,hello\\r\\n,,\\r\\n,,,,,\\r\\n\"\",\"\",\"\"\\r\\n , ,\\t\\r\\n",
                ",,\\n,,\\nid,customerId,text\\n,,\\nc-1,mina88,hello",
                "id,customerId,text\\n=\"c-1\",\"=\"\"mina88\"\"\",hello",
                "id,customerId,text\\nc-1,mina88,hello\\n\\u001a",
                "id,customerId,text\\r\\nc-1,mina88,hello\\u001a",
                "id,customerId,text\\r\\nc-1,mina88,\"hello\"\\u001a\\u001a\\u001a",
                "id,customerId,text\\r\\nc-1,mina88,hello\\r\\n\\u001a\\r\\n\\0\\0\\0",
                "\\ufeff\\ufeff\"id\",customerId,text\\nc-1,mina88,hello",
                "\\u200bid,\\u00a0customerId\\u00a0,text\\u3000\\nc-1,mina88,hello"
            })
    void whatASpreadsheetAddsIsNoPartOfTheMessage(String content) throws IOException {
        Read read = csv(unescaped(content));
        assertThat(read.end()).isNull();
        assertThat(read.records())
                .extracting(record -> String.valueOf(record.json()))
                .containsExactly(MEANT);
    }

    @ParameterizedTest
    @CsvSource({
        "'mina\\u00a0', 'customerId is mina<U+00A0>'",
        "'\\u00a0mina', 'customerId is <U+00A0>mina'",
        "'\\u200bmina', '<U+200B>mina'",
        "'mi\\u200bna', 'mi<U+200B>na'",
        "'\\ufeffmina', '<U+FEFF>mina'",
        "'mi\\u00adna', 'mi<U+00AD>na'",
        "'mina\\u3000', 'mina<U+3000>'",
        "'mina\\u202e', '<U+202E>'",
        "'mi\\u2060na', '<U+2060>'",
        "'mina\\u3164', '<U+3164>'",
        "'mina\\u001a', '<U+001A>'",
        "'\\u00a0\"mina\"', '<U+00A0>\"mina\"'",
    })
    void aCharacterThatCannotBeSeenIsShownAndNotSent(String cell, String shown) throws IOException {
        Read read = csv("text,customerId\nhello," + unescaped(cell) + "\nhello,mina88\n");
        assertThat(read.records()).hasSize(2);
        assertThat(read.records().get(0).json()).isNull();
        assertThat(String.valueOf(read.records().get(0).fault()))
                .startsWith("line 2, ")
                .contains(shown);
        assertThat(read.records().get(1).json()).isNotNull();
    }

    /** Files that were joined, each with its header: the words of the header were sent to a customer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "id,customerId,text",
                "\"id\",\"customerId\",\"text\"",
                "\ufeffid,customerId,text",
                "id,customerId , text"
            })
    void aHeaderThatStandsAgainIsNoMessage(String again) throws IOException {
        Read read = csv("id,customerId,text\nc-1,mina88,hello\n" + again + "\nc-2,mina88,hello\n");
        assertThat(read.records()).hasSize(3);
        assertThat(read.records().get(1).json()).isNull();
        assertThat(String.valueOf(read.records().get(1).fault())).contains("line 3", "this is the header again");
        assertThat(read.records().get(2).json()).isNotNull();
    }

    @Test
    void textsKeepTheirFixedSpacesAndJoinedEmoji() throws IOException {
        String text = "10\u00a0000\u00a0zł 👩\u200d👩\u200d👧 \u200b";
        Read read = csv("customerId,labels.a,text\nAnna\u00a0Nowak,x\u00a0,\"" + text + "\"\n");
        assertThat(field(read, "text")).isEqualTo(text);
        assertThat(field(read, "customerId")).isEqualTo("Anna\u00a0Nowak");
    }

    @Test
    void aCellOfNothingVisibleIsEmpty() throws IOException {
        assertThat(csv("customerId,text\n\u00a0,\u200b\nmina88,\u00a0\n").shown())
                .containsExactly("2 {}", "3 {\"customerId\":\"mina88\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'id:customerId:text\\nc', 'id:customerId:text', 'sep=^'",
        "'cust\\u200bomerId,text\\nc,d', 'cust<U+200B>omerId', 'not a field'",
        "'id,te\\u0000xt\\nc,d', 'NUL', 'line 1'",
        "'id,text,\\nc,d,', 'cell 3', 'needs a name'",
        "'text\\n\"a\"\\u00a0\\n', '<U+00A0> is between', 'line 2, column 4'",
        "'text\\n\"a\"b\\n', '<U+0062> is between', 'line 2, column 4'",
        "'sep=；\\nid；text', 'sep=；', 'line 1'",
    })
    void whatCannotBeMeantStopsTheFileWithAReason(String content, String one, String other) throws IOException {
        Read read = csv(unescaped(content));
        assertThat(read.records()).isEmpty();
        assertThat(read.end()).contains(one, other);
    }

    @Test
    void aFormulaThatIsMoreThanANumberIsTheTextThatItIs() throws IOException {
        assertThat(csv("customerId,text\n=\"00123\",\"=A1&\"\"x\"\"\"\n=\"a\"&\"b\",=\n")
                        .shown())
                .containsExactly(
                        "2 {\"customerId\":\"00123\",\"text\":\"=A1&\\\"x\\\"\"}",
                        "3 {\"customerId\":\"=\\\"a\\\"&\\\"b\\\"\",\"text\":\"=\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.jsonl"})
    void namesInDecomposedHangulAreTheSameNames(String name) throws IOException {
        String decomposed = java.text.Normalizer.normalize("고객번호", java.text.Normalizer.Form.NFD);
        String content = name.endsWith("csv") ? decomposed + "\nmina88\n" : "{\"" + decomposed + "\":\"mina88\"}";
        for (String setting : new String[] {"고객번호", decomposed}) {
            Read read = read(name, content, Map.of("switchboard.files.columns." + setting, "customerId"));
            assertThat(read.end()).isNull();
            assertThat(read.records().get(0).json()).hasToString("{\"customerId\":\"mina88\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void jsonLinesEndAsAnySystemEndsThem(String end) throws IOException {
        Read read =
                read("a.jsonl", "\ufeff\ufeff{\"id\":\"1\"}" + end + end + "{\"id\":\"2\"}" + end + "\u001a", Map.of());
        assertThat(read.shown()).containsExactly("1 {\"id\":\"1\"}", "3 {\"id\":\"2\"}");
        assertThat(read.layout()).extracting(Layout::lineEnd).isEqualTo(end);
        assertThat(read("a.json", "[{\"id\":\"1\"}" + end + "]" + end + "\u001a" + end, Map.of())
                        .end())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"a\":1', 7, 'not closed'",
        "'{\"a\":\"b', 8, 'not closed'",
        "'{\"a\":1},', 8, 'behind its end'",
        "'{\"a\":1} {}', 9, 'behind its end'",
        "'{\"a\":1,}', 8, 'a name in double quotes is expected, found <U+007D>'",
        "'{\"a\":1 \"b\":2}', 8, 'a comma or the end is expected, found <U+0022>'",
        "'{\"a\" 1}', 6, 'a colon is expected, found <U+0031>'",
        "'{''a'':1}', 2, 'a name in double quotes is expected, found <U+0027>'",
        "'{a:1}', 2, 'a name in double quotes is expected, found <U+0061>'",
        "'{“a”:1}', 2, 'a name in double quotes is expected, found <U+201C>'",
        "'\\u00a0{\"a\":1}', 1, 'a value is expected, found <U+00A0>'",
        "'{\"a\":\\u00a01}', 6, 'a value is expected, found <U+00A0>'",
        "'{\"a\":None}', 6, 'not true, false or null'",
        "'{\"a\":NaN}', 9, 'NaN'",
        "'{\"a\":\"b\\tc\"}', 8, 'escape such as \\n, found <U+0009>'",
        "'{\"a\":\"\\\\x\"}', 8, 'escape is unknown'",
        "'{\"a\":007}', 7, 'number'",
        "'{\"a\":1]', 7, 'closed by another kind'",
        "'{\"a\":1,\"a\":2}', 11, 'the same field twice'",
        "'// note', 1, 'comments'",
        "'\\u001e{\"a\":1}', 1, 'control character is outside a text, found <U+001E>'",
    })
    void whatIsNoJsonSaysWhatAndWhere(String line, int column, String what) throws IOException {
        for (String charset : new String[] {"UTF-8", "MS949"}) {
            String content = "{}\n" + unescaped(line) + "\n{}";
            if (!Charset.forName(charset).newEncoder().canEncode(content)) {
                continue;
            }
            Read read = RecordsTest.read(
                    Files.write(folder.resolve("a.jsonl"), content.getBytes(Charset.forName(charset))),
                    Map.of("switchboard.files.charset", charset));
            assertThat(read.records()).hasSize(3);
            assertThat(String.valueOf(read.records().get(1).fault()))
                    .startsWith("line 2, column " + column + ": ")
                    .contains(what);
        }
    }

    @Test
    void nestingThatIsTooDeepIsSaidSo() throws IOException {
        Read read = read("a.jsonl", "[".repeat(5_000), Map.of());
        assertThat(String.valueOf(read.records().get(0).fault())).contains("nested too deeply");
    }

    @ParameterizedTest
    @ValueSource(strings = {"뷁", "똠방각하", "펲시맨을 봤다", "쓩", "햏햏", "안녕 뷁", "갂둘째, 쾅"})
    void aSmallFileWithRareSyllablesIsReadAsKorean(String text) throws IOException {
        Path file = Files.write(
                folder.resolve("a.csv"),
                ("id,text\n1," + text + "\n").replace(", ", " ").getBytes(Charset.forName("MS949")));
        Read read = RecordsTest.read(file, Map.of());
        assertThat(read.layout()).extracting(Layout::encoding).isEqualTo(Encoding.MS949);
        assertThat(field(read, "text")).isEqualTo(text.replace(", ", " "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "żółw",
                "łódź",
                "Źródło",
                "świeżość",
                "Łąka",
                "ść",
                "żaba",
                "ślad",
                "ćma i śledź",
                "Żółć „gęś”",
                "ąę",
                "KÄSE",
                "Äpfel",
                "Übung",
                "café",
                "Ångström",
                "Česko",
                "šála",
                "naïve",
                "Ñandú"
            })
    void otherAlphabetsAreNotTakenForKorean(String text) throws IOException {
        for (String charset : new String[] {"windows-1250", "windows-1252"}) {
            if (!Charset.forName(charset).newEncoder().canEncode(text)) {
                continue;
            }
            Path file = Files.write(
                    folder.resolve("a.csv"), ("id,text\n1," + text + " x\n").getBytes(Charset.forName(charset)));
            Read read = RecordsTest.read(file, Map.of());
            assertThat(read.records().get(0).json()).as(charset).isNull();
            assertThat(String.valueOf(read.records().get(0).fault()))
                    .contains("no UTF-8", "as which the file is read", "switchboard.files.charset");
        }
    }

    @Test
    void utf32IsNamed() throws IOException {
        Path file = Files.write(folder.resolve("a.csv"), "\ufeffid\n1\n".getBytes(Charset.forName("UTF-32LE")));
        assertThat(RecordsTest.read(file, Map.of()).end()).contains("UTF-32");
    }

    @Test
    void rejectedRecordsOfANamedDelimiterCanBeDroppedAgain() throws IOException {
        Read read = csv("sep=^\r\nid^text\r\n1^a\r\n");
        assertThat(read.layout()).extracting(Layout::header).isEqualTo("sep=^\r\nid^text");
        assertThat(read.records().get(0).line()).isEqualTo(3);
    }

    @Test
    void aCtrlZWithinAFileIsNoEnd() throws IOException {
        for (int length : new int[] {1, 4_060, 4_080, 4_084, 4_085, 4_090, 65_500, 70_000}) {
            String text = "x".repeat(length);
            Read read = csv("text,id\n" + text + "\u001a\r\n,2\n" + "\u001a".repeat(3));
            assertThat(read.end()).isNull();
            assertThat(read.records()).hasSize(2);
            assertThat(read.records().get(1).json()).hasToString("{\"id\":\"2\"}");
        }
    }
}
