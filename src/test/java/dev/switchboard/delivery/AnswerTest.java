package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {

    private static final int KEPT = 64 * 1024;

    private static Answer read(String body) throws IOException {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer read(byte[] body) throws IOException {
        return Answer.read(200, null, new ByteArrayInputStream(body));
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
        Answer answer = Answer.read(200, null, longText);
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
        Answer answer = Answer.read(204, null, null);
        assertThat(answer.text()).isEmpty();
        assertThat(answer.json().isMissingNode()).isTrue();
        assertThat(answer.ok()).isTrue();
    }

    @Test
    void aConnectionThatBreaksIsTold() throws IOException {
        var breaking = new BufferedInputStream(InputStream.nullInputStream());
        breaking.close();
        assertThatThrownBy(() -> Answer.read(200, null, breaking)).isInstanceOf(IOException.class);
    }
}
