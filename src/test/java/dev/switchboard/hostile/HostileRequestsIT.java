package dev.switchboard.hostile;

import static dev.switchboard.RestClient.encoded;
import static dev.switchboard.RestClient.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each known kind of attack that a program of this sort has to expect, against the packaged bus. */
class HostileRequestsIT {

    private static final String POST =
            "POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final String SECOND = "GET /lanes HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int SILENCE_MILLIS = 4_000;

    private static Path folder;
    private static RunningBus bus;
    private static RestClient rest;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        folder = RunningBus.newFolder("hostile");
        bus = RunningBus.start(
                folder,
                Map.of(
                        "switchboard.sandbox.enabled",
                        "true",
                        "quarkus.http.read-timeout",
                        "2s",
                        "quarkus.http.idle-timeout",
                        "3s"));
        rest = bus.rest();
        port = URI.create(rest.base()).getPort();
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    private static String talk(String bytes) throws IOException {
        return Wire.talk(port, bytes, SILENCE_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
                "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "Content-Length: 2, 2\r\n\r\n{}",
                "Content-Length: +2\r\n\r\n{}",
                "Content-Length : 2\r\n\r\n{}",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
                "Content-Length: 2\r\nX-A: b\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            })
    void aSecondRequestWithinOneThatIsFramedInTwoWaysIsNotAnswered(String framed) throws IOException {
        String said = talk(POST + framed + SECOND);
        assertThat(said).endsWith("[closed]").doesNotContain("\"lanes\"", "HTTP/1.1 200");
    }

    /** A proxy before the bus may take the first, and the bus the last. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nHost: localhost",
                "Host: localhost\r\nhost: 127.0.0.1",
                "X-A: 1",
                "Host:",
                "Host: local host",
                "Host: localhost\r\n evil.example",
                "Host: localhost\r\nContent-Length: 0\r\nContent-Length: 0",
                "Host: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Host: localhost\r\nContent-Type: application/json\r\nContent-Type: text/plain",
                "Host: localhost\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b",
                "Host: localhost\r\nIdempotency-Key: a\r\nIdempotency-Key: b",
                "Host: localhost\nHost: localhost",
                "Host: localhost\r\nX-A: a\rX-B: b",
            })
    void aRequestThatCanBeReadInTwoWaysIsRefused(String headers) throws IOException {
        for (int at : List.of(port, URI.create(bus.management().base()).getPort())) {
            String request = "GET /lanes HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n\r\n";
            assertThat(Wire.talk(at, request, SILENCE_MILLIS))
                    .containsPattern("^HTTP/1.1 4(00|21) ")
                    .endsWith("[closed]");
        }
    }

    @Test
    void theAddressOfARequestNamesItsHost() throws IOException {
        String other = "GET http://evil.example/lanes HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(talk(other)).startsWith("HTTP/1.1 400 ").contains("Host: differs");
        assertThat(talk("GET http://localhost/lanes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(talk("GET /lanes HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.0 200 ");
    }

    /** A web page's own name may lead to this machine: its requests would come from the operator's browser. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "notlocalhost",
                "0.0.0.0", "[::2]", "192.168.1.5", "a@localhost:80", ""
            })
    void aForeignHostNameIsRefusedWhileThereIsNoKey(String host) throws IOException {
        int management = URI.create(bus.management().base()).getPort();
        for (String path : List.of("/lanes", "/console", "/batches?name=a.csv")) {
            assertThat(talk("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .containsPattern("^HTTP/1.1 4(21|00) ");
        }
        assertThat(Wire.talk(
                        management,
                        "GET /q/metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n",
                        SILENCE_MILLIS))
                .containsPattern("^HTTP/1.1 4(21|00) ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:1", "127.0.0.1:99", "127.3.2.1", "[::1]", "[::1]:80", "bus.localhost"})
    void theNamesOfThisMachineAreAnswered(String host) throws IOException {
        assertThat(talk("GET /lanes HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void noAnswerAllowsAnotherOriginToReadIt() throws IOException {
        for (String call : List.of("GET", "OPTIONS")) {
            assertThat(talk(call + " /lanes HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                            + "Access-Control-Request-Method: GET\r\nConnection: close\r\n\r\n"))
                    .doesNotContainIgnoringCase("Access-Control-Allow");
        }
    }

    /** The bus is no proxy. */
    @Test
    void aRequestForAnotherHostsAddressIsNotPassedOn() throws IOException {
        try (FakeVendor elsewhere = FakeVendor.start()) {
            String address = elsewhere.url();
            for (String path : List.of("/lanes", "/messages/x", "/console")) {
                talk("GET " + address + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            }
            String authority = address.substring("http://".length());
            talk("CONNECT " + authority + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void lineBreaksInValuesMakeNoHeader() throws IOException {
        for (String call : List.of(
                "GET /start/kakao/default?extra=%0d%0aX-Forged:%20y&bot=%0d%0aX-Forged:%20y HTTP/1.1\r\nHost: localhost\r\n",
                "GET /messages/%0d%0aX-Forged:%20y HTTP/1.1\r\nHost: localhost\r\n",
                "GET /console/login?to=%0d%0aX-Forged:%20y HTTP/1.1\r\nHost: localhost\r\n",
                "GET /lanes HTTP/1.1\r\nHost: localhost\r\ntraceparent: a\rX-Forged: y\r\n",
                POST + "Idempotency-Key: a%0d%0aX-Forged: y\r\nContent-Length: 2\r\n")) {
            String body = call.contains("Content-Length") ? "{}" : "";
            String said = talk(call + "Connection: close\r\n\r\n" + body);
            assertThat(said.split("\r\n\r\n", 2)[0]).doesNotContain("\r\nX-Forged", "\nX-Forged");
        }
        for (String method : List.of("GET", "OPTIONS", "DELETE")) {
            String said = talk(method
                    + " /nothing?X-Forged=y&Set-Cookie=X-Forged%3Dy&state=%00&Content-Type=%0d%0a HTTP/1.1\r\n"
                    + "Host: localhost\r\nX-Forged: y\r\nConnection: close\r\n\r\n");
            assertThat(said).contains(" 40").doesNotContain("X-Forged");
        }
        var answer = rest.submit(send("r", "a").put("id", "a\r\nX-Forged: y"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("X-Forged")).isEmpty();
    }

    @Test
    void namesLeadOutOfNoFolder() throws IOException {
        for (String name : List.of("../../out.csv", "..\\out.csv", "/tmp/out.csv", ".out.csv", "a\u0000.csv", "..")) {
            var answer = rest.post("/batches?name=" + encoded(name), "id\n", "Content-Type", "text/csv");
            assertThat(answer.status()).as(name).isEqualTo(400);
        }
        for (String id : List.of("..", "../../config", "%2e%2e", "..%2f..%2fconfig")) {
            assertThat(talk("GET /batches/" + id + "/results HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .doesNotContain("quarkus.http.port", "HTTP/1.1 200");
        }
        assertThat(rest.submit(send("..", "a").put("vendor", "thulium").put("operation", "end"))
                        .status())
                .isEqualTo(422);
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains("out.csv"));
        }
    }

    @Test
    void lineBreaksInValuesMakeNoLineOfTheLog() throws IOException {
        String forged = "\r\n2026-11-21 00:00:00,000 ERROR [forged] nothing happened\u001b[2J\u2028forged";
        rest.submit(send("room" + forged, "text" + forged).put("customerId", "c" + forged));
        rest.submit(send("fail-700", "text").put("vendor", "v" + forged));
        rest.get("/messages/" + encoded("m" + forged));
        rest.post(
                "/lanes/happytalk/default/pause",
                "{\"reason\":\"" + forged.replace("\r\n", "\\r\\n").replace("\u001b", "") + "\"}");
        rest.post("/lanes/happytalk/default/resume", "");
        rest.post(
                "/batches?name=" + encoded("a.csv"), "id,vendor\n" + forged + "," + forged, "Content-Type", "text/csv");
        talk("GET /" + encoded(forged) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(bus.log().lines())
                .noneMatch(line -> line.startsWith("2026-11-21 00:00:00,000") || line.startsWith("forged"));
        assertThat(bus.log()).doesNotContain("\u001b[2J");
    }

    @Test
    void noCellOfAnExportIsAFormula() {
        for (String begin : List.of("=", "+", "-", "@", "\t=")) {
            assertThat(rest.submit(send(begin + "cmd|' /C calc'!A0", begin + "1+1"))
                            .status())
                    .isEqualTo(202);
        }
        String csv = rest.get("/messages?format=csv").text();
        assertThat(csv).contains("cmd|");
        assertThat(csv.lines().skip(1).flatMap(line -> Stream.of(line.split(","))))
                .noneMatch(cell -> cell.matches("\"?[=+@\t].*"));
        assertThat(csv).doesNotContain(",-cmd", ",\"-cmd");
    }

    @Test
    void noFieldOrHeaderOfAMessageChoosesAHost() {
        try (FakeVendor elsewhere = FakeVendor.start()) {
            String url = elsewhere.url();
            String authority = url.substring("http://".length());
            var headers = new String[] {
                "CamelHttpUri",
                url,
                "CamelHttpPath",
                url,
                "CamelHttpHost",
                authority,
                "CamelDestinationOverrideUrl",
                url,
                "X-Forwarded-Host",
                authority,
                "Forwarded",
                "host=" + authority
            };
            for (String room :
                    List.of("@" + authority + "/", "//" + authority + "/", url, "..//" + authority, "?x=" + url, "#")) {
                String id =
                        rest.submit(send(room, url), headers).json().path("id").asText();
                rest.finished(id);
                var end = send(room, "").put("vendor", "thulium").put("operation", "end");
                end.remove(List.of("text", "customerId"));
                var ended = rest.submit(end, headers);
                if (ended.status() == 202) {
                    rest.finished(ended.json().path("id").asText());
                }
            }
            assertThat(rest.get("/start/kakao/default?extra=" + encoded(url) + "&bot=true&event=" + encoded(url))
                            .header("Location"))
                    .doesNotStartWith(url);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/xml",
                "text/xml",
                "application/yaml",
                "text/yaml",
                "application/x-java-serialized-object"
            })
    void nothingReadsXmlOrYamlThatComesIn(String type) {
        String bomb = type.contains("xml")
                ? "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\"><!ENTITY d SYSTEM \"file:///etc/passwd\">]><a>&c;&d;</a>"
                : "a: &a [x]\nb: &b [*a,*a]\nc: !!java.net.URL [http://127.0.0.1]";
        assertThat(rest.post("/messages", bomb, "Content-Type", type).status()).isEqualTo(415);
        assertThat(rest.post(
                                "/batches?name=bomb." + (type.contains("xml") ? "xml" : "yaml"),
                                bomb,
                                "Content-Type",
                                type)
                        .status())
                .isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {";;;=\"", "application/json; charset=\"", "application/json; charset=nonsense", "=", "\""})
    void aTypeThatCannotBeReadIsRefused(String type) throws IOException {
        try (var wire = new Wire(port)) {
            var answer = wire.ask("POST /messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                    + "\r\nContent-Length: 2\r\n\r\n{}");
            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.isProblem()).isTrue();
        }
        assertThat(bus.log()).doesNotContain("\tat ");
    }

    /** The bus has nothing to say about it, and did nothing wrong. */
    @Test
    void aBodyThatBreaksOffIsNoErrorOfTheLog() throws IOException {
        talk(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
        try (var socket = new Socket("localhost", port)) {
            socket.getOutputStream().write((POST + "Content-Length: 20\r\n\r\n{").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(rest.submit(RestClient.send("room", "x"), "Prefer", "wait=10")
                        .status())
                .isEqualTo(200);
        assertThat(bus.log()).doesNotContain("HTTP Request to /messages failed");
    }

    @Test
    void whatIsTooDeepTooLongOrTooLargeIsRefusedAsAProblem() throws IOException {
        assertThat(rest.post("/messages", "[".repeat(100_000)).status()).isEqualTo(400);
        assertThat(rest.post("/messages", "{\"a\":1e9999999999}").status()).isEqualTo(400);
        try (var wire = new Wire(port)) {
            var declared = wire.ask(POST + "Content-Length: 300000\r\n\r\n" + "a".repeat(300_000));
            assertThat(declared.status()).isEqualTo(413);
            assertThat(declared.isProblem()).isTrue();
            String chunk = "10000\r\n" + "a".repeat(65_536) + "\r\n";
            var chunked = wire.ask(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5) + "0\r\n\r\n");
            assertThat(chunked.status()).isEqualTo(413);
            assertThat(chunked.isProblem()).isTrue();
        }
        assertThat(talk("GET /lanes HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
                .contains(" 431 ");
        assertThat(talk("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .contains(" 414 ");
    }

    @Test
    void aBodyThatDripsIsCut() throws IOException {
        long began = System.nanoTime();
        assertThat(talk(POST + "Content-Length: 5000\r\n\r\n{"))
                .contains(" 408 ")
                .endsWith("[closed]");
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }

    /** Bytes of a header are nothing yet to who counts the silence, so a header has to be whole in that time. */
    @Test
    void aHeaderThatDripsIsCut() throws IOException {
        long began = System.nanoTime();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(500);
            OutputStream out = socket.getOutputStream();
            out.write("GET /lanes HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> {
                        while (System.nanoTime() - began < 15_000_000_000L) {
                            out.write('a');
                            drip(socket);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    /** Half a second without an answer. */
    private static void drip(Socket socket) throws IOException {
        try {
            if (socket.getInputStream().read() < 0) {
                throw new IOException("closed");
            }
        } catch (SocketTimeoutException e) {
            return;
        }
    }
}
