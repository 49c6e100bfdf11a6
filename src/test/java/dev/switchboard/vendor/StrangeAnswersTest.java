package dev.switchboard.vendor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.vendor.Answer.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What vendors answer that no documentation shows, over real sockets. */
class StrangeAnswersTest {

    private static final String MESSAGE = "{'text':'a','conversationId':'r','customerId':'u','type':'text'}";
    private static final String GOOD = "{\"code\":0,\"room_id\":\"r1\",\"message\":\"\"}";

    private static DefaultCamelContext camel = new DefaultCamelContext();
    private static FakeVendor vendor = FakeVendor.start();
    private static @Nullable VendorRoutes routes;

    @BeforeAll
    static void start() throws Exception {
        call("http", Map.of());
    }

    private static void call(String scheme, Map<String, String> network) throws Exception {
        camel = new DefaultCamelContext();
        camel.start();
        var account = Map.of(
                "biz-url", scheme + "://localhost:" + vendor.port(), "client-id", "id-1", "client-secret", "secret-1");
        routes = new VendorRoutes(camel, VendorRoutes.account("happytalk", account), network);
    }

    @AfterAll
    static void stop() throws IOException {
        camel.close();
        vendor.close();
    }

    private static Answer raw(String type, String body, Charset charset) {
        byte[] bytes = body.getBytes(charset);
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(
                ("HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + bytes.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        whole.writeBytes(bytes);
        return Answer.raw(whole.toByteArray());
    }

    private Exchange send(Answer answer) throws Exception {
        vendor.answerBy(request -> answer);
        return requireNonNull(routes).exchange("send", MESSAGE);
    }

    private void assertDelivered(Answer answer) throws Exception {
        Exchange done = send(answer);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(String.class)).contains("r1");
    }

    private void assertFails(Answer answer, String failureClass) throws Exception {
        long began = System.nanoTime();
        assertThat(send(answer).getException())
                .isInstanceOfSatisfying(
                        DeliveryFailed.class,
                        failed -> assertThat(failed.getFailureClass())
                                .as("%s of %.40s: %s", failed, answer.body(), failed.meaning())
                                .asString()
                                .matches(failureClass));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0", "0e0", "\"0\"", "\" 0.0 \""})
    void aSuccessIsANumberHoweverItIsWritten(String code) throws Exception {
        assertDelivered(raw(
                "application/json",
                "{\"code\":" + code + ",\"room_id\":\"r1\",\"message\":\"\"}",
                StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"EUC-KR, 성공", "windows-1250, żółć", "UTF-16, 성공"})
    void theCharacterSetThatAnAnswerNamesIsRead(String charset, String word) throws Exception {
        assertDelivered(raw(
                "application/json; charset=" + charset,
                "{\"code\":0,\"room_id\":\"r1\",\"message\":\"" + word + "\"}",
                Charset.forName(charset)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=none",
                "application/json; charset=",
                ";;;",
                "a b c",
                "json;charset=\"utf-8"
            })
    void aTypeThatIsNoneDoesNotMatter(String type) throws Exception {
        assertDelivered(raw(type, GOOD, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"302, unmapped", "404, unavailable", "500, uncertain", "501, unmapped", "504, uncertain"})
    void aCodeOfSuccessUnderAnotherStatusIsNoSuccess(int status, String failureClass) throws Exception {
        assertFails(Answer.of(status, GOOD), failureClass);
    }

    @ParameterizedTest
    @CsvSource({"200, true", "302, false", "418, false", "501, true", "505, true"})
    void whatNoTableExplainsMayHaveBeenSentUnlessTheStatusSaysNo(int status, boolean maybe) throws Exception {
        assertThat(send(Answer.of(status, "{}")).getException())
                .isInstanceOfSatisfying(
                        DeliveryFailed.class,
                        failed -> assertThat(failed.mayHaveBeenSent()).isEqualTo(maybe));
    }

    @Test
    void aCodeThatStandsTwiceIsUnmapped() throws Exception {
        assertFails(
                raw("application/json", "{\"code\":-700,\"room_id\":\"r1\",\"code\":0}", StandardCharsets.UTF_8),
                "unmapped");
    }

    private static Answer packed(String head, byte[] body) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(body);
        }
        byte[] packed = bytes.toByteArray();
        bytes.reset();
        bytes.writeBytes(
                ("HTTP/1.1 200 OK\r\nContent-Encoding: " + head + "\r\nContent-Length: " + packed.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(packed);
        return Answer.raw(bytes.toByteArray());
    }

    @Test
    void whatIsPackedIsReadWithinTheLimitOfAnAnswer() throws Exception {
        assertDelivered(packed("gzip", GOOD.getBytes(StandardCharsets.UTF_8)));
        byte[] longer = (GOOD + " ".repeat(40 << 20)).getBytes(StandardCharsets.UTF_8);
        assertFails(packed("gzip", longer), "unmapped");
        assertFails(packed("br", GOOD.getBytes(StandardCharsets.UTF_8)), "unmapped");
        assertFails(new Answer(200, Map.of("Content-Encoding", "gzip"), GOOD, Fault.NONE), "unmapped");
    }

    private static Answer raw(String all) {
        return Answer.raw(all.getBytes(StandardCharsets.UTF_8));
    }

    /** It would be read as the answer to the next message, which the vendor has not even seen. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 304 Same\r\nContent-Length: 2\r\n\r\n",
            })
    void whatComesBehindAnAnswerIsNotTheNextAnswer(String first) throws Exception {
        String second = "HTTP/1.1 200 OK\r\nContent-Length: " + GOOD.length() + "\r\n\r\n" + GOOD;
        assertFails(raw(first + second), "unmapped|unavailable");
        assertFails(raw("application/json", "{\"code\":-700}", StandardCharsets.UTF_8), "gone|unavailable");
        assertDelivered(raw("application/json", GOOD, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: LENGTH\r\n\r\nGOOD",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nCHUNK;a=b;c=\"d\"\r\nGOOD\r\n0\r\nX-Trailer: y\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Encoding: identity\r\nContent-Length: LENGTH\r\n\r\nGOOD",
                "HTTP/1.1 200\r\nContent-Length:LENGTH\r\n\r\n GOOD",
            })
    void whatHttpAllowsIsRead(String answer) throws Exception {
        String good = answer.contains(" GOOD") ? " " + GOOD : GOOD;
        assertDelivered(raw(answer.replace("LENGTH", "" + good.length())
                .replace("CHUNK", Integer.toHexString(good.length()))
                .replace(" GOOD", " " + GOOD)
                .replace("GOOD", GOOD)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"code\":0,\"room_id\":\"r1\"}{\"code\":0}",
                "{\"code\":0,\"room_id\":NaN}",
                "[{\"code\":0}]",
                "{\"code\":[0]}",
                "{\"code\":{\"code\":0}}",
                "{\"code\":0,",
                "\"code\"",
                "null",
                "{\"code\":1e400}",
                "{\"Code\":0}",
                "/**/{\"code\":0}",
                "{code:0}",
                "{'code':0}",
                "{\"code\":00}",
                ")]}',\n{\"code\":0}",
                "callback({\"code\":0})"
            })
    void whatIsNotOneJsonWithOneCodeIsUnmapped(String body) throws Exception {
        assertFails(raw("application/json", body, StandardCharsets.UTF_8), "unmapped");
    }

    private static Answer endless(String first, String rest) {
        return new Answer(0, Map.of(), first + "|" + rest, Fault.ENDLESS);
    }

    private void assertBounded() throws Exception {
        Answer good = raw("application/json", GOOD, StandardCharsets.UTF_8);
        String head = "HTTP/1.1 200 OK\r\n";
        String chunks = head + "Transfer-Encoding: chunked\r\n\r\n";
        for (Answer bad : List.of(
                endless(head, "X-Line: y\r\n"),
                endless(head, "endless"),
                endless(head, " folded\r\n"),
                endless("", "HTTP/1.1 200 endless "),
                endless("", "\r\n"),
                endless(chunks + "1;x=", "endless"),
                endless(chunks + "1\r\n{\r\n0\r\n", "X-Line: y\r\n"),
                endless(chunks + "2\r\n{}\r\n0\r\nX-Line: ", "endless"),
                new Answer(200, Map.of("X-Long", "y".repeat(16 << 10)), GOOD, Fault.NONE),
                many(201))) {
            assertThat(send(good).getException()).isNull();
            assertFails(bad, "uncertain|unmapped");
        }
        assertThat(send(many(190)).getException()).isNull();
        assertThat(send(new Answer(200, Map.of("X-Long", "y".repeat(15 << 10)), GOOD, Fault.NONE))
                        .getException())
                .isNull();
    }

    private static Answer many(int headers) {
        return Answer.raw(("HTTP/1.1 200 OK\r\n" + "X-Line: y\r\n".repeat(headers - 1) + "Content-Length: "
                        + GOOD.length() + "\r\n\r\n" + GOOD)
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theHeadOfAnAnswerIsBounded() throws Exception {
        assertBounded();
    }

    @Test
    void theHeadOfAnAnswerIsBoundedWithTlsToo(@TempDir Path folder) throws Exception {
        Certificates certificate = Certificates.selfSigned(folder, "dns:localhost");
        stop();
        vendor = FakeVendor.start(certificate.server().getServerSocketFactory());
        call(
                "https",
                Map.of("switchboard.vendors.trust-store", certificate.pem().toString()));
        assertBounded();
        stop();
        vendor = FakeVendor.start();
        start();
    }
}
