package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.vendor.RouteFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailCodesTest {

    private static final String FILE = "vendors/acme/chat.fail-codes.yaml";
    private static final String HEAD =
            "code: /code\nmessage: /message\nreference: /id\nsuccess: { at: /code, is: ['0'] }\ncodes:\n";

    @TempDir
    Path folder;

    private FailCodes table(String text) {
        try {
            Path file = folder.resolve(FILE);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return FailCodes.read(RouteFolder.read(Optional.of(folder)), FILE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String row(String text) {
        return "- { disposition: dead-letter, meaning: M, " + text + " }\n";
    }

    private static Answer answer(int status, String body) throws IOException {
        return Answer.read(
                AnswerTest.head(status),
                new ByteArrayInputStream(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static String classOf(FailCodes table, int status, String body, String operation) throws IOException {
        return table.row(answer(status, body), operation)
                .map(FailCodes.Row::failureClass)
                .orElse("none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'code':-1}                        | send | gone",
                "{'code':'-1'}                      | send | gone",
                "{'code':' -1 '}                    | send | gone",
                "{'code':-1,'message':'room'}       | send | refused",
                "{'code':-1,'message':'Room'}       | send | gone",
                "{'code':-1}                        | end  | invalid",
                "{'code':-1,'message':'room'}       | end  | closed",
                "{'code':-1,'message':'room','x':1} | end  | unmapped",
                "{'code':-2}                        | send | none",
                "{'code':null}                      | send | none",
                "{'code':{}}                        | send | none",
                "[]                                 | send | none",
            })
    void theRowThatAsksForMoreWins(String body, String operation, String expected) throws IOException {
        FailCodes table = table(HEAD
                + row("code: '-1', class: gone")
                + row("code: '-1', class: refused, operations: [send], message: room")
                + row("code: '-1', class: invalid, operations: [end]")
                + row("code: '-1', class: closed, operations: [end], message: room")
                + row("code: '-1', class: unmapped, operations: [end], message: room, has: /x"));
        assertThat(classOf(table, 200, body.replace('\'', '"'), operation)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "404, '', gone",
        "410, '', refused",
        "418, '', invalid",
        "418, <html>, unavailable",
        "404, <html>, unavailable",
        "401, <html>, unauthorized",
        "41, '', none",
        "200, '', none",
    })
    void anExactStatusWinsOverAPatternAndAConditionOverBoth(int status, String body, String expected)
            throws IOException {
        FailCodes table = table("code: status\ncodes:\n"
                + row("code: 4xx, class: invalid")
                + row("code: 41x, class: refused")
                + row("code: '418', class: invalid")
                + row("code: '404', class: gone")
                + row("code: 4xx, html: true, class: unavailable")
                + row("code: '401', html: true, class: unauthorized"));
        assertThat(classOf(table, status, body, "send")).isEqualTo(expected);
    }

    @Test
    void successIsTheVendorsOwnWord() throws IOException {
        FailCodes body = table(HEAD + row("code: '-1', class: gone"));
        assertThat(body.success(answer(500, "{\"code\":\"0\"}"))).isTrue();
        assertThat(body.success(answer(200, "{\"code\":0.5}"))).isFalse();
        assertThat(body.success(answer(200, "{}"))).isFalse();
        FailCodes status = table("code: status\nsuccess: { at: status, is: [2xx] }\ncodes: []\n");
        assertThat(status.success(answer(204, ""))).isTrue();
        assertThat(status.success(answer(302, ""))).isFalse();
    }

    @Test
    void theVendorsWordsAreKeptWithItsReference() throws IOException {
        FailCodes table = table(HEAD + row("code: '-1', class: gone"));
        assertThat(table.wordsOf(answer(200, "{\"message\":\"room\",\"id\":7}")))
                .isEqualTo("room (id 7)");
        assertThat(table.wordsOf(answer(200, "{\"message\":[{\"message\":\"a\",\"code\":1},\"b\"]}")))
                .isEqualTo("1 a; b");
        assertThat(table.wordsOf(answer(200, "{\"message\":{}}"))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "code: '-1', class: gone  | code: '-1', class: refused",
                "code: '-1', class: gone, operations: [end, send] | code: '-1', class: refused, operations: [end]",
                "code: '-1', class: gone, message: a | code: '-1', class: refused, operations: [end]",
            })
    void rowsThatContradictStopTheStartWithFileAndRowNamed(String one, String other) {
        assertThatThrownBy(() -> table(HEAD.replace("/code\nmess", "status\nmess") + row(one) + row(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve(FILE) + ": row ")
                .hasMessageContaining("contradict");
    }

    @Test
    void rowsForDifferentCausesDoNotContradict() {
        assertThat(table(HEAD
                                + row("code: '-1', class: gone, message: a")
                                + row("code: '-1', class: refused, message: b")
                                + row("code: '-2', class: gone, operations: [end]")
                                + row("code: '-2', class: refused, operations: [send]"))
                        .rows())
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code: '0', class: gone",
                "code: '-1', class: nonsense",
                "code: '-1'",
                "code: '-1', class: gone, sent: perhaps",
                "code: '-1', class: gone, colour: red",
                "class: gone",
            })
    void aRowThatMakesNoSenseIsNamed(String wrong) {
        assertThatThrownBy(() -> table(HEAD + row(wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve(FILE) + ": ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "codes: []",
                "code: /code",
                "code: code\ncodes: []",
                "code: /code\ncodes:\n- { code: '1', class: gone, meaning: M }",
                "code: /code\ncodes:\n- { code: '1', class: gone, disposition: dead-letter }",
                "code: [",
            })
    void aTableThatMakesNoSenseIsNamed(String wrong) {
        assertThatThrownBy(() -> table(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(folder.resolve(FILE) + ": ");
    }

    @Test
    void everyPackagedTableIsRead() {
        RouteFolder packaged = RouteFolder.read(Optional.empty());
        List<String> files = packaged.names("http\\.fail-codes\\.yaml|vendors/[^/]+/[^/]+\\.fail-codes\\.yaml");
        assertThat(files).hasSizeGreaterThan(4);
        files.forEach(file -> assertThat(FailCodes.read(packaged, file).rows()).isNotEmpty());
    }

    private static final String NUMBERS = HEAD
            + row("code: '-700', class: gone")
            + row("code: '007', class: refused")
            + row("code: '5', message: A, class: invalid")
            + row("code: '5', class: closed");

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "0e0", "-0", "0E+5", "'0'", "' 0 '", "'0.00'", "'-0e3'", "'\\t0\\n'"})
    void aCodeIsComparedAsTheNumberThatItIs(String code) throws IOException {
        FailCodes table = table(NUMBERS);
        assertThat(table.success(answer(200, "{'code':" + code + "}"))).isTrue();
        assertThat(table.codeOf(answer(200, "{'code':" + code + "}"))).contains("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'00'",
                "'+0'",
                "'.0'",
                "'0.'",
                "'0x0'",
                "'0 0'",
                "'zero'",
                "''",
                "'０'",
                "false",
                "null",
                "[]",
                "{}",
                "1e-400",
                "0.0000000000000000000000000000001",
                "'1e-99999'"
            })
    void aTextThatIsNoJsonNumberIsNone(String code) throws IOException {
        assertThat(table(NUMBERS).success(answer(200, "{'code':" + code + "}"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-700     | gone",
                "-700.0   | gone",
                "-7e2     | gone",
                "'-7.0E2' | gone",
                "'007'    | refused",
                "7        | none",
                "'7'      | none",
                "-700.0000000000000000000000000001 | none",
                "1e99999  | none",
                "1e999999999 | none",
                "'1e999999999' | none"
            })
    void aRowIsFoundByTheNumberOfItsCode(String code, String failureClass) throws IOException {
        assertThat(classOf(table(NUMBERS), 200, "{'code':" + code + "}", "send"))
                .isEqualTo(failureClass);
    }

    @Test
    void rowsOfTheSameNumberContradictEachOther() {
        assertThatThrownBy(() -> table(HEAD + row("code: '1', class: gone") + row("code: '1.0', class: refused")))
                .hasMessageContaining("contradict");
        assertThatThrownBy(() -> table(HEAD + row("code: '0.0', class: gone"))).hasMessageContaining("success as well");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'code':0,'code':0}",
                "{'code':-700,'code':0}",
                "{'code':0,'message':'','code':-700}",
                "{'code':-700,'code':-700}",
                "{'code':{'a':1},'code':0}"
            })
    void aCodeThatStandsTwiceIsNone(String body) throws IOException {
        FailCodes table = table(NUMBERS);
        assertThat(table.success(answer(200, body))).isFalse();
        assertThat(table.codeOf(answer(200, body))).isEmpty();
        assertThat(classOf(table, 200, body, "send")).isEqualTo("none");
    }

    @Test
    void aPlaceWhoseObjectStandsTwiceIsNone() throws IOException {
        FailCodes table = table(NUMBERS.replace("/code", "/answer/code"));
        assertThat(table.success(answer(200, "{'answer':{'code':0}}"))).isTrue();
        assertThat(table.success(answer(200, "{'answer':{'code':1},'answer':{'code':0}}")))
                .isFalse();
        assertThat(table.success(answer(200, "{'answer':{'code':0,'code':0}}"))).isFalse();
        assertThat(table.success(answer(200, "{'answer':{'code':0},'code':1,'code':2}")))
                .isTrue();
    }

    @Test
    void wordsThatStandTwiceCountOnlyWhereTheyAreRead() throws IOException {
        FailCodes table = table(NUMBERS);
        assertThat(table.success(answer(200, "{'code':0,'message':'a','message':'b'}")))
                .isTrue();
        assertThat(classOf(table, 200, "{'code':-700,'message':'a','message':'b'}", "send"))
                .isEqualTo("gone");
        assertThat(classOf(table, 200, "{'code':5,'message':'A','message':'A'}", "send"))
                .isEqualTo("none");
        assertThat(classOf(table, 200, "{'code':5,'message':'A','x':1,'x':2}", "send"))
                .isEqualTo("invalid");
    }
}
