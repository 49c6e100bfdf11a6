package dev.switchboard.hostile;

import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.Answer.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Makes up answers of a vendor, the same ones for the same seed. None of them says that credentials are wrong. */
final class Strangeness {

    private static final List<String> STATUS = List.of(
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200",
            "HTTP/1.1 200 ",
            "HTTP/1.0 200 OK",
            "HTTP/1.1 201 Created",
            "HTTP/1.1 204 No Content",
            "HTTP/1.1 301 Moved",
            "HTTP/1.1 302 Found",
            "HTTP/1.1 304 Not Modified",
            "HTTP/1.1 400 Bad",
            "HTTP/1.1 403 No",
            "HTTP/1.1 404 None",
            "HTTP/1.1 409 Conflict",
            "HTTP/1.1 418 Teapot",
            "HTTP/1.1 500 Broken",
            "HTTP/1.1 502 Bad",
            "HTTP/1.1 504 Late",
            "HTTP/1.1 599 x",
            "HTTP/1.1 999 x",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
            "HTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK",
            "HTTP/1.1 20 x",
            "HTTP/1.1 -200 x",
            "HTTP/1.1 abc x",
            "HTTP/2 200 OK",
            "HTTP/9.9 200 OK",
            "ICY 200 OK",
            "",
            "\r\n\r\nHTTP/1.1 200 OK",
            "<html>",
            "\u0000\u0001\u0002");
    private static final List<String> HEADERS = List.of(
            "Content-Type: application/json",
            "Content-Type: application/json; charset=EUC-KR",
            "Content-Type: text/html; charset=\"",
            "Content-Type: ; charset=none",
            "Content-Type:",
            "Content-Type: application/x-java-serialized-object",
            "Content-Type: multipart/mixed; boundary=x",
            "Content-Encoding: gzip",
            "Content-Encoding: br",
            "Content-Encoding: gzip, gzip",
            "Location: http://127.0.0.1:1/",
            "Location: file:///etc/passwd",
            "Retry-After: x",
            "Retry-After: -1",
            "Set-Cookie: a=b",
            "Connection: close",
            "Keep-Alive: timeout=99999999999999999999",
            "Keep-Alive: timeout=-1",
            "Upgrade: h2c",
            "no colon",
            ": no name",
            " folded",
            "X-\u0000: \u0001",
            "X-Bytes: \u00ff\u00fe",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: x",
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 1, 2",
            "Content-Length: x",
            "CamelHttpUri: http://127.0.0.1:1/",
            "CamelHttpResponseCode: 200",
            "Date: yesterday");
    private static final List<String> CODES = List.of(
            "0",
            "0.0",
            "0e0",
            "-0",
            "\"0\"",
            "\" 0 \"",
            "\"007\"",
            "-700",
            "-700.0",
            "\"-7e2\"",
            "-704",
            "1",
            "1e400",
            "1e999999999",
            "-1e-999999999",
            "true",
            "null",
            "[]",
            "{}",
            "[0]",
            "{\"code\":0}",
            "\"\"",
            "\"zero\"",
            "0,\"code\":0",
            "-700,\"code\":0",
            "NaN",
            "00",
            "0x0",
            "'0'",
            "");
    private static final List<String> CHARSETS =
            List.of("UTF-8", "UTF-8", "UTF-8", "UTF-16", "UTF-32", "EUC-KR", "IBM037");

    private final Random random;

    Strangeness(long seed) {
        random = new Random(seed);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    synchronized Answer next() {
        if (oneIn(60)) {
            return Answer.failing(any(List.of(Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.HALF, Fault.GARBAGE)));
        }
        if (oneIn(60)) {
            return endless();
        }
        byte[] body = body();
        boolean closed = oneIn(3);
        var head = new StringBuilder(oneIn(3) ? any(STATUS) : STATUS.get(0)).append("\r\n");
        int headers = oneIn(40) ? 300 : random.nextInt(5);
        for (int i = 0; i < headers; i++) {
            head.append(oneIn(80) ? "X-Long: " + "y".repeat(20_000) : any(HEADERS))
                    .append("\r\n");
        }
        if (!oneIn(8)) {
            // else the next request meets a connection that is closed already
            head.append("Connection: close\r\n");
        }
        byte[] framed = framed(head, body, closed);
        int length = oneIn(10) ? random.nextInt(framed.length + 1) : framed.length;
        String whole = new String(framed, 0, length, StandardCharsets.ISO_8859_1);
        return new Answer(0, Map.of(), whole, Fault.RAW_CLOSED);
    }

    private Answer endless() {
        String head = "HTTP/1.1 200 OK\r\n";
        String chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
        String whole = any(List.of(
                head + "|X-Line: y\r\n",
                head + "|endless",
                head + "| folded\r\n",
                "|HTTP/1.1 200 ",
                "|\r\n",
                "|HTTP/1.1 100 Continue\r\n\r\n",
                chunked + "1;x=|endless",
                chunked + "2\r\n{}\r\n0\r\n|X-Line: y\r\n",
                chunked + "|1\r\n[\r\n",
                chunked + "1\r\n[\r\n|3\r\n[],\r\n",
                head + "\r\n|{\"a\":0}",
                head + "\r\n[|0,"));
        return new Answer(0, Map.of(), whole, Fault.ENDLESS);
    }

    private byte[] framed(StringBuilder head, byte[] body, boolean closed) {
        var whole = new ByteArrayOutputStream();
        if (oneIn(3)) {
            whole.writeBytes(bytes(head + "Transfer-Encoding: chunked\r\n\r\n"));
            whole.writeBytes(bytes(Integer.toHexString(oneIn(8) ? random.nextInt() : body.length) + "\r\n"));
            whole.writeBytes(body);
            whole.writeBytes(bytes("\r\n0\r\n" + (oneIn(8) ? any(HEADERS) + "\r\n" : "") + "\r\n"));
        } else {
            int length = oneIn(8) ? random.nextInt(2 * body.length + 2) : body.length;
            whole.writeBytes(bytes(head + (closed && oneIn(3) ? "" : "Content-Length: " + length + "\r\n") + "\r\n"));
            whole.writeBytes(body);
        }
        return whole.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] body() {
        String text = "{\"code\":" + any(CODES) + ",\"room_id\":" + any(List.of("\"r\"", "null", "[]", "1"))
                + ",\"message\":\"" + any(List.of("", "성공", "\\u0000", "\\ud800", "x".repeat(70_000))) + "\"}";
        String body = oneIn(4)
                ? any(List.of(
                        "",
                        "[",
                        "[".repeat(100_000),
                        "[" + "[],".repeat(100_000) + "0]",
                        "<!DOCTYPE html><html>점검 중</html>",
                        "null",
                        "0",
                        "\"",
                        "{\"code\":0",
                        "code=0",
                        "\uFEFF" + text,
                        text + text,
                        "{" + "\"a\":0,".repeat(50_000) + "\"code\":0}",
                        "\"" + "9".repeat(5_000) + "\"",
                        "9".repeat(5_000)))
                : text;
        byte[] encoded = body.getBytes(Charset.forName(any(CHARSETS)));
        return oneIn(10) ? packed(oneIn(4) ? new byte[40 << 20] : encoded) : encoded;
    }

    private static byte[] packed(byte[] body) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
