package dev.switchboard.hostile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Makes up requests, the same ones for the same seed. Each is whole, so that it has an answer or an end. */
final class Hostility {

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO", "get", "M-SEARCH");
    private static final List<String> PATHS = List.of(
            "/messages",
            "/messages/%s",
            "/messages/%s/replay",
            "/messages/%s/discard",
            "/messages/%s/resolve",
            "/messages/%s/undiscard",
            "/messages?state=%s",
            "/messages?q=%s&limit=%s",
            "/messages?label=%s:%s",
            "/messages?format=%s",
            "/messages?after=%s",
            "/dead-letters",
            "/dead-letters/groups?vendor=%s",
            "/dead-letters/replay",
            "/replays/%s",
            "/replays/%s/cancel",
            "/batches",
            "/batches/%s",
            "/batches/%s/results",
            "/batches/%s/pause",
            "/batches?name=%s",
            "/lanes",
            "/lanes/history?from=%s",
            "/lanes/%s/%s/pause",
            "/lanes/%s/%s/resume",
            "/start/kakao/default?extra=%s&bot=%s&event=%s",
            "/routes",
            "/console",
            "/console/%s",
            "/console/messages?q=%s",
            "/console/messages/%s",
            "/%s",
            "/q/health/%s");
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "..",
            "../../etc/passwd",
            "%2e%2e%2f",
            "%00",
            "%zz",
            "%ff%fe",
            "%0d%0aX: y",
            "${body}",
            "{{x}}",
            "#{1+1}",
            "<script>alert(1)</script>",
            "' or 1=1 --",
            "%27%20or%201=1",
            "1e9999999999",
            "-1",
            "99999999999999999999",
            "null",
            "true",
            "dead",
            "csv",
            "happytalk",
            "default",
            "bean:x",
            "file:///etc/passwd",
            "http://127.0.0.1:1/",
            "jndi:ldap://127.0.0.1:1/a",
            "%F0%9F%98%80",
            "2026-11-21T00:00:00Z",
            "=1+1",
            "\\u0000");
    private static final List<String> FIELDS = List.of(
            "id",
            "vendor",
            "account",
            "operation",
            "conversationId",
            "customerId",
            "type",
            "text",
            "url",
            "extra",
            "bot",
            "event",
            "channel",
            "notBefore",
            "expiresAt",
            "conversationOf",
            "labels",
            "ids",
            "rate",
            "ramp",
            "stopAt",
            "reason",
            "until",
            "outcome",
            "dryRun",
            "CamelHttpUri",
            "__proto__",
            "@class");
    private static final List<String> HEADERS = List.of(
            "Idempotency-Key",
            "Prefer",
            "Accept",
            "Content-Type",
            "traceparent",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "Cookie",
            "Origin",
            "Range",
            "CamelHttpUri",
            "CamelHttpPath",
            "CamelBeanMethodName",
            "Expect-Not",
            "Authorization");

    private final Random random;

    Hostility(long seed) {
        random = new Random(seed);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    byte[] next() {
        if (oneIn(12)) {
            return upload();
        }
        String body = oneIn(3) ? "" : oneIn(8) ? noise(2_000) : json(0);
        String type = oneIn(10)
                ? any(List.of("application/xml", "text/yaml", "application/json;charset=utf-7", "x"))
                : "application/json";
        return request(any(METHODS.subList(0, oneIn(4) ? METHODS.size() : 2)), path(), type, body);
    }

    private byte[] request(String method, String path, String type, String body) {
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        if (!method.equals("HEAD") && oneIn(30)) {
            head.append("Connection: close\r\n");
        }
        head.append("Content-Type: ").append(type).append("\r\n");
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append(any(HEADERS))
                    .append(": ")
                    .append(any(TEXTS))
                    .append(any(TEXTS))
                    .append("\r\n");
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        if (oneIn(6) && bytes.length > 0) {
            String chunk = Integer.toHexString(bytes.length) + "\r\n" + body + "\r\n0\r\n\r\n";
            return (head + "Transfer-Encoding: chunked\r\n\r\n" + chunk).getBytes(StandardCharsets.UTF_8);
        }
        return (head + "Content-Length: " + bytes.length + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8);
    }

    private String path() {
        String path = any(PATHS);
        while (path.contains("%s")) {
            String text = oneIn(4)
                    ? noise(30).replaceAll("[^!-~]", "%25")
                    : any(TEXTS).replace(' ', '+');
            path = path.replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(text.replace("%s", "%25s")));
        }
        return oneIn(200) ? path + "a".repeat(random.nextInt(20_000)) : path;
    }

    private String json(int depth) {
        if (oneIn(60)) {
            return "[".repeat(random.nextInt(5_000));
        }
        var object =
                new StringBuilder(depth == 0 && oneIn(2) ? "{\"vendor\":\"happytalk\",\"operation\":\"end\"," : "{");
        for (int i = random.nextInt(6); i > 0; i--) {
            object.append('"')
                    .append(any(FIELDS))
                    .append("\":")
                    .append(value(depth))
                    .append(',');
        }
        object.append("\"conversationId\":").append(value(depth));
        String whole = object.append('}').toString();
        return oneIn(10) ? whole.substring(0, random.nextInt(whole.length())) : whole;
    }

    private String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 5 : 7)) {
            case 0 ->
                any(List.of(
                        "null", "true", "-0", "1e400", "1e9999999999", "NaN", "0x1", "123456789012345678901234567890"));
            case 1 -> '"' + "x".repeat(random.nextInt(4_000)) + '"';
            case 2 -> '"' + noise(40).replace("\\", "").replace("\"", "") + '"';
            case 3, 4 -> '"' + any(TEXTS) + '"';
            case 5 -> json(depth + 1);
            default -> "[" + value(depth + 1) + "," + value(depth + 1) + "]";
        };
    }

    private byte[] upload() {
        var csv = new StringBuilder(oneIn(5) ? noise(100) : "id,vendor,operation,conversationId,text\r\n");
        for (int i = random.nextInt(20); i > 0; i--) {
            csv.append(any(TEXTS))
                    .append(',')
                    .append(oneIn(3) ? "happytalk,end" : noise(20))
                    .append(",\"")
                    .append(any(TEXTS));
            csv.append(oneIn(9) ? "\n" : "\",\n");
        }
        String name = any(List.of("a.csv", "b.jsonl", "c.json", "d.csv.gz", "e.xml", "..%2f..%2fx.csv", "%00.csv", ""));
        return request("POST", "/batches?name=" + random.nextInt(1 << 30) + name, "text/csv", csv.toString());
    }

    private String noise(int most) {
        var noise = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            noise.append((char) (oneIn(4) ? random.nextInt(0x800) : ' ' + random.nextInt(95)));
        }
        return noise.toString();
    }
}
