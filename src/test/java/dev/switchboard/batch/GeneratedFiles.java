package dev.switchboard.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Files as no one should write them, the same ones for the same seed. */
final class GeneratedFiles {

    private static final String[] ENDINGS = {
        ".csv",
        ".jsonl",
        ".json",
        ".ndjson",
        ".csv",
        ".jsonl",
        ".CSV",
        ".csv.gz",
        ".jsonl.gz",
        ".xlsx",
        "",
        ".txt",
        ".csv.x7"
    };
    private static final String[] STEMS = {
        "orders",
        "주문",
        "zamówienia",
        "a b",
        "a'b",
        "a\"b",
        "a\\b",
        "50%",
        "%2e%2e",
        "a;b",
        "$(x)",
        "🙂",
        "a\u202eb",
        "-rf",
        "a|b",
        "a\nFORGED line",
        "a\rb",
        "a\u0085b",
        "a\u2028b",
        "a\u001b[2Jb",
        "a\tb",
        "CON",
        "a:b",
        "{{x}}",
        "${body}",
        "y".repeat(200),
        "긴".repeat(68)
    };
    private static final String[] TEMPORARY = {
        ".part", ".filepart", ".tmp", ".crdownload", "~", ".swp", ":Zone.Identifier"
    };
    private static final String[] ODD = {
        "\"",
        "\"\"",
        "'",
        ",",
        ";",
        "\t",
        "|",
        "\n",
        "\r",
        "\r\n",
        "\ufeff",
        "\u200b",
        "\u00a0",
        "\u0000",
        "\u001a",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ":",
        "=\"001\"",
        "sep=;\n",
        "\u202e",
        "🙂",
        "\u1100\u1169",
        "null",
        "NaN",
        "1e999",
        "\\u0000",
        "\\ud800",
        "//",
        ",,,,,,",
        " ",
        "<html>",
        "PK\u0003\u0004",
        "switchboard.reason",
        "labels.a",
        "__proto__",
        "\u2028"
    };
    private static final String[] CHARSETS = {
        "UTF-8", "UTF-8", "UTF-8", "MS949", "windows-1250", "UTF-16", "UTF-16LE", "UTF-32", "ISO-8859-2"
    };
    private static final int LONG = 300_000;

    private final Random random;
    private int count;

    GeneratedFiles(long seed) {
        this.random = new Random(seed);
    }

    int count() {
        return count;
    }

    boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }

    private String any(String... all) {
        return all[random.nextInt(all.length)];
    }

    /** Returns a name that no other file has. */
    String name() {
        count++;
        String name = any(STEMS) + "-" + count + any(ENDINGS);
        return oneIn(12) ? name + any(TEMPORARY) : oneIn(40) ? "." + name : name;
    }

    byte[] content() {
        if (oneIn(60)) {
            return new byte[0];
        }
        if (oneIn(20)) {
            var noise = new byte[random.nextInt(3_000)];
            random.nextBytes(noise);
            return noise;
        }
        byte[] bytes = odd(text()).getBytes(Charset.forName(any(CHARSETS)));
        bytes = oneIn(6) ? damaged(bytes) : bytes;
        return oneIn(8) ? packed(bytes) : bytes;
    }

    private String text() {
        int rows = random.nextInt(6);
        var text = new StringBuilder();
        switch (random.nextInt(3)) {
            case 0 -> {
                String delimiter = any(",", ";", "\t", "|");
                text.append(String.join(delimiter, "vendor", "operation", "customerId", "conversationId", "text"))
                        .append('\n');
                for (int i = 0; i < rows; i++) {
                    text.append(String.join(delimiter, "happytalk", "send", "mina88", "g-" + count, "안녕 zażółć " + i))
                            .append('\n');
                }
            }
            case 1 -> {
                text.append('[');
                for (int i = 0; i < rows; i++) {
                    text.append(i == 0 ? "" : ",").append(json(i));
                }
                text.append(']');
            }
            default -> {
                for (int i = 0; i < rows; i++) {
                    text.append(json(i)).append(any("\n", "\r\n", "\r"));
                }
            }
        }
        return text.toString();
    }

    private String json(int row) {
        return "{\"vendor\":\"happytalk\",\"operation\":\"send\",\"customerId\":\"mina88\",\"conversationId\":\"g-"
                + count + "\",\"text\":\"안녕 " + row + "\"}";
    }

    private String odd(String text) {
        var odd = new StringBuilder(text);
        for (int i = random.nextInt(5); i > 0; i--) {
            int at = random.nextInt(odd.length() + 1);
            switch (random.nextInt(8)) {
                case 0 -> odd.delete(at, Math.min(odd.length(), at + random.nextInt(30)));
                case 1 -> odd.setLength(at);
                case 2 -> odd.insert(at, odd.substring(random.nextInt(at + 1), at));
                case 3 -> odd.insert(at, oneIn(30) ? "x".repeat(LONG) : any(ODD).repeat(random.nextInt(50)));
                case 4 -> odd.insert(0, any(ODD));
                case 5 -> odd.append(any(ODD));
                default -> odd.insert(at, any(ODD));
            }
        }
        return odd.toString();
    }

    private byte[] damaged(byte[] bytes) {
        byte[] damaged = Arrays.copyOf(bytes, bytes.length + 1);
        for (int i = random.nextInt(4); i >= 0; i--) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        return damaged;
    }

    private byte[] packed(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(oneIn(50) ? new byte[40 << 20] : bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] all = packed.toByteArray();
        return oneIn(3) ? Arrays.copyOf(all, random.nextInt(all.length)) : oneIn(3) ? damaged(all) : all;
    }

    static boolean fits(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length <= 250;
    }
}
