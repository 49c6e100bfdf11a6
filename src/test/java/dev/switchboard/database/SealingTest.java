package dev.switchboard.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, sealed texts, and which values of a statement are sealed. */
class SealingTest {

    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        Path file = folder.resolve("keys");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    @Test
    void aTextIsSealedDifferentlyEachTimeAndOpenedByItsKeyOnly() throws IOException {
        Sealing sealing =
                Sealing.of(file("new " + KEY + "\nold " + KEY.replace('A', 'B').replace("B=", "A=")));
        Sealing old = Sealing.of(file("old " + KEY.replace('A', 'B').replace("B=", "A=")));
        for (String text : List.of("x", "주문 🚀 zamówienie", "\u0001", "{\"a\":1}", "long ".repeat(20_000))) {
            String sealed = String.valueOf(sealing.seal(text));
            assertThat(sealed).startsWith("\u0001new\u0001").isNotEqualTo(sealing.seal(text));
            assertThat(sealing.open(sealed)).isEqualTo(text);
            assertThat(sealing.open(String.valueOf(old.seal(text)))).isEqualTo(text);
            assertThat(old.open(sealed)).isEqualTo(sealed);
        }
        assertThat(sealing.seal(null)).isNull();
        assertThat(sealing.seal("")).isEmpty();
        assertThat(sealing.seal("{}")).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0001",
                "\u0001new",
                "\u0001new\u0001",
                "\u0001new\u0001AAAA",
                "\u0001new\u0001?",
                "\u0001\u0001",
                "\u0001x\u0001AAAA"
            })
    void aTextThatOnlyLooksSealedStaysAsItIs(String text) throws IOException {
        assertThat(Sealing.of(file("new " + KEY)).open(text)).isEqualTo(text);
        assertThat(Sealing.of(null).open(text)).isEqualTo(text);
    }

    @Test
    void aKeyThatAnotherProcessHasPutIntoTheFileMeanwhileIsRead() throws IOException {
        Path file = folder.resolve("keys");
        KeyFile.add(file);
        Sealing before = Sealing.of(file);
        KeyFile.add(file);
        String sealed = String.valueOf(Sealing.of(file).seal("text"));
        assertThat(before.open(sealed)).isEqualTo("text");
    }

    @Test
    void whatIsChangedInASealedTextIsFound() throws IOException {
        Sealing sealing = Sealing.of(file("new " + KEY));
        String sealed = String.valueOf(sealing.seal("text"));
        int place = sealed.length() - 5;
        String changed =
                sealed.substring(0, place) + (sealed.charAt(place) == 'A' ? 'B' : 'A') + sealed.substring(place + 1);
        assertThat(sealing.open(changed)).isEqualTo(changed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                    | has no key",
                "'# nothing'           | has no key",
                "'a'                   | line 1: write an id",
                "'a b c'               | line 1: write an id",
                "'a AAAA'              | line 1: the key has 3 bytes instead of 32",
                "'a AAAAA'             | line 1: the key is not in Base64",
                "'a KEY\na KEY'        | line 2: the id is there twice",
                "'a KEY\n\n-/ KEY'     | line 3: write an id",
            })
    void aFileThatIsNotOneOfKeysIsRefusedWithItsLine(String text, String why) throws IOException {
        Path file = file(text.replace("KEY", KEY));
        assertThatThrownBy(() -> KeyFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("switchboard.store.key-file: " + file)
                .hasMessageContaining(why)
                .hasMessageNotContaining(KEY)
                .hasNoCause();
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        Path file = file("a " + KEY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> KeyFile.read(file)).hasMessageContaining("chmod 600");
    }

    @Test
    void aNewKeyComesBeforeTheOthersAndOnlyThisUserCanReadThem() throws IOException {
        Path file = folder.resolve("new-keys");
        String first = KeyFile.add(file);
        String second = KeyFile.add(file);
        String third = KeyFile.add(file);
        assertThat(KeyFile.read(file).keySet()).containsExactly(third, second, first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "insert into message (seq, body, lane) values (?, ?, ?),(?, ?, ?)                        | 1 4",
                "insert into batch (seq, state, header, reason) values (?, 'reading', ?, null)           | 1",
                "insert into outbox (seq, body) values ((select ? from a where b in (?, ?)), ?) on conflict (seq) do nothing | 3",
                "insert into identity (id, seq, hash) values (?, ?, ?) on conflict (id) do nothing       | ''",
                "update outcome set state = ?, result = coalesce(result, ?), late = 1 where seq = ?      | 1",
                "update work set stage = 'a, b', due = case when due > ? then ? end, failure = ? where lane = ? | 2",
                "update outcome set answer = null, failure = ? where seq = (select 1 where answer = ?)   | 0",
                "update replay set request = replace(request, ?, 'x') where request <> ?                 | ''",
                "select body from message where body = ?                                                 | ''",
            })
    void valuesOfContentAreSealed(String sql, String values) {
        var wanted = new BitSet();
        if (!values.isEmpty()) {
            List.of(values.split(" ")).forEach(each -> wanted.set(Integer.parseInt(each)));
        }
        assertThat(SealedColumns.in(sql)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update outcome set failure = replace(failure, ?, 'x')",
                "insert into outbox (seq, body) values (?, upper(?))"
            })
    void contentWithinAnExpressionIsRefused(String sql) {
        assertThatThrownBy(() -> SealedColumns.in(sql)).isInstanceOf(IllegalStateException.class);
    }

    /** A new column of text is either sealed or here, and then docs/security.md says so. */
    @Test
    void theColumnsThatStayReadableAreKnown() throws IOException {
        String schema = Files.readString(Path.of("src/main/resources/db/sqlite/V1__store.sql"));
        var readable = new TreeMap<String, String>();
        Pattern.compile("create table (\\w+) \\((.*?)\n\\)", Pattern.DOTALL)
                .matcher(schema)
                .results()
                .forEach(table -> readable.put(table.group(1), readable(table.group(1), table.group(2))));
        readable.values().removeIf(String::isEmpty);
        assertThat(readable)
                .containsOnly(
                        Map.entry("identity", "id hash"),
                        Map.entry(
                                "message",
                                "id lane api operation conversation conversation_of customer sender intake batch reply_to"
                                        + " correlation trace replaces"),
                        Map.entry("label", "value name"),
                        Map.entry("work", "lane api conversation conversation_of batch stage waits class code"),
                        Map.entry(
                                "outcome",
                                "lane state class code dead_letter batch disposition answer_code replaced_by reason"
                                        + " discarded_from"),
                        Map.entry("attempt", "disposition answer_code"),
                        Map.entry("outbox", "topic subject headers"),
                        Map.entry("batch", "id name path folder profile sender state"),
                        Map.entry("batch_row", "batch state id"),
                        Map.entry("lane", "name paused paused_by owner"),
                        Map.entry("stopped_circuit", "lane api settings"),
                        Map.entry("replay", "id action request state reason why"),
                        Map.entry("retention", "step"),
                        Map.entry("sealing_key", "id proof"),
                        Map.entry("api_key", "name roles lanes id_prefix transcripts salt hash"),
                        Map.entry("audit", "who address operation subject detail"));
    }

    private static String readable(String table, String columns) {
        List<String> sealed = SealedColumns.ALL.stream()
                .filter(each -> each.name().equals(table))
                .flatMap(each -> each.columns().stream())
                .toList();
        return Pattern.compile("(?m)^ +(\\w+) +text")
                .matcher(columns)
                .results()
                .map(column -> column.group(1))
                .filter(column -> !sealed.contains(column))
                .collect(Collectors.joining(" "));
    }
}
