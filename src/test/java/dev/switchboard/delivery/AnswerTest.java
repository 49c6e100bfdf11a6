package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static final int KEPT = 64 * 1024;

    static Answer.Head head(int status) {
        return new Answer.Head(status, null, null, null, 16 << 20);
    }

    private static Answer read(String body) throws IOException {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer read(byte[] body) throws IOException {
        return Answer.read(head(200), new ByteArrayInputStream(body));
    }

    @Test
    void ofALongAnswerAllIsReadAndTheBeginningKept() throws IOException {
        String filling = "x".repeat(KEPT);
        Answer answer = read("{\"a\":\"" + filling + "\",\"code\":0}");
        assertThat(answer.json().path("code").asInt(-1)).isZero();
        assertThat(answer.text()).hasSize(KEPT).startsWith("{\"a\":\"xxx");
    }

    @Test
    void ofALongTextOnlyTheBeginningIsRead() throws IOException {
        var longText = new ByteArrayInputStream("x".repeat(10 * KEPT).getBytes(StandardCharsets.UTF_8));
        Answer answer = Answer.read(head(200), longText);
        assertThat(answer.json().isMissingNode()).isTrue();
        assertThat(answer.text()).hasSize(KEPT);
        assertThat(longText.available()).isGreaterThan(8 * KEPT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{\"code\":0", "{\"code\":", "[{\"code\":0}", "nothing", "<html>", "{'code':0}"})
    void whatIsNoWholeJsonIsNoJson(String body) throws IOException {
        Answer answer = read(body);
        assertThat(answer.json().isMissingNode()).isTrue();
        assertThat(answer.text()).isEqualTo(body);
    }

    @Test
    void deepNestingIsNoJsonAndNoError() throws IOException {
        assertThat(read("[".repeat(100_000)).json().isMissingNode()).isTrue();
        assertThat(read("{\"a\":".repeat(100_000)).json().isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16BE", "UTF-16LE"})
    void aByteOrderMarkIsNoPartOfTheJson(String charset) throws IOException {
        assertThat(read("\uFEFF{\"code\":0}".getBytes(Charset.forName(charset)))
                        .json()
                        .path("code")
                        .asInt(-1))
                .isZero();
    }

    @Test
    void jsonInAnotherCharsetIsNoErrorOfOurs() throws IOException {
        Answer answer = read("{\"code\":0,\"message\":\"방\"}".getBytes(Charset.forName("MS949")));
        assertThat(answer.json().isMissingNode()).isTrue();
        assertThat(answer.text()).startsWith("{\"code\":0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "  <!DOCTYPE html>", "\n<HTML lang=ko>", "\uFEFF<!doctype html>"})
    void aWebPageIsRecognised(String page) throws IOException {
        assertThat(read(page).html()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "text <html>", "<?xml version='1.0'?>"})
    void whatIsNoWebPageIsNone(String text) throws IOException {
        assertThat(read(text).html()).isFalse();
    }

    @Test
    void withoutABodyThereIsNothing() throws IOException {
        Answer answer = Answer.read(head(204), null);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.json().isMissingNode()).isTrue();
        assertThat(answer.ok()).isTrue();
    }

    @Test
    void aConnectionThatBreaksIsTold() throws IOException {
        var breaking = new BufferedInputStream(InputStream.nullInputStream());
        breaking.close();
        assertThatThrownBy(() -> Answer.read(head(200), breaking)).isInstanceOf(IOException.class);
    }

    private static Answer read(@Nullable String type, @Nullable String encoding, byte[] body) throws IOException {
        return Answer.read(new Answer.Head(200, null, type, encoding, 1 << 20), new ByteArrayInputStream(body));
    }

    @ParameterizedTest
    @CsvSource({
        "EUC-KR, EUC-KR, 방",
        "euc-kr, MS949, 똠",
        "\"EUC-KR\", EUC-KR, 방",
        "windows-1250, windows-1250, żółć",
        "iso-8859-2, ISO-8859-2, żółć",
        "iso-8859-1, windows-1252, €",
        "Shift_JIS, Shift_JIS, 部屋",
        "utf8, UTF-8, 방",
        "UTF-16, UTF-16BE, 방",
        "nothing-known, UTF-8, 방",
        "?, UTF-8, 방",
        "ibm037, IBM037, x",
        "cp949, MS949, 똠",
        "shift_jis, windows-31j, ①",
        "gb2312, GB18030, 镕",
        "iso-8859-9, windows-1254, €",
        "utf-7, UTF-8, +rhQ-"
    })
    void theCharacterSetThatAnAnswerNamesIsRead(String named, String charset, String word) throws IOException {
        byte[] body = ("{\"code\":0,\"message\":\"" + word + "\"}").getBytes(Charset.forName(charset));
        for (String type : List.of("application/json; charset=" + named, "text/plain;CHARSET=" + named + ";x=y")) {
            Answer answer = read(type, null, body);
            assertThat(answer.json().path("message").asText()).as(type).isEqualTo(word);
            assertThat(answer.json().path("code").asInt(-1)).isZero();
        }
    }

    private static byte[] packed(byte[] body) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        }
        return packed.toByteArray();
    }

    @Test
    void whatIsPackedIsReadAsFarAsAnAnswerMayGo() throws IOException {
        byte[] good = packed("{\"code\":0}".getBytes(StandardCharsets.UTF_8));
        assertThat(read(null, "GZip", good).json().path("code").asInt(-1)).isZero();
        byte[] bomb = packed(new byte[20 << 20]);
        assertThatThrownBy(() -> read(null, "gzip", packed(" ".repeat(20 << 20).getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(AnswerTooLong.class);
        assertThat(read(null, "gzip", bomb).json().isMissingNode()).isTrue();
        for (byte[] broken :
                List.of("{\"code\":0}".getBytes(StandardCharsets.UTF_8), new byte[0], Arrays.copyOf(good, 14))) {
            Answer answer = read(null, "gzip", broken);
            assertThat(answer.json().isMissingNode()).isTrue();
            assertThat(answer.readable()).isFalse();
        }
    }

    @Test
    void manySmallValuesAreNoJson() throws IOException {
        assertThat(read("[" + "0,".repeat(500_000) + "0]").json().isMissingNode())
                .isTrue();
        assertThat(read("[" + "0,".repeat(100_000) + "0]").json()).hasSize(100_001);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e-999999999", "1e99999999999", "1e400"})
    void aNumberThatNoneCanHoldIsNoError(String number) throws IOException {
        assertThat(read("{\"code\":" + number + "}").text()).contains(number);
    }
}
