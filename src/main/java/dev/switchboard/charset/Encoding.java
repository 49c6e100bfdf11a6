package dev.switchboard.charset;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A character set that files may have. In each of them quotes, delimiters and ends of lines are bytes of their own, never
 * a part of another character, so that records are found in the bytes and turned into text one by one.
 */
public enum Encoding {
    UTF_8("UTF-8", StandardCharsets.UTF_8),
    MS949("MS949", Charset.forName("MS949")),
    WINDOWS_1250("windows-1250", Charset.forName("windows-1250"));

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final String title;
    private final Charset charset;

    Encoding(String title, Charset charset) {
        this.title = title;
        this.charset = charset;
    }

    /**
     * Reads the setting.
     *
     * @return none for {@code auto}
     * @throws IllegalArgumentException when it is not a known name
     */
    public static Optional<Encoding> setting(String text) {
        for (Encoding each : values()) {
            if (each.title.equalsIgnoreCase(text)) {
                return Optional.of(each);
            }
        }
        if (text.equals("auto")) {
            return Optional.empty();
        }
        throw new IllegalArgumentException("must be auto, UTF-8, MS949 or windows-1250");
    }

    /** Returns its name in settings and reasons. */
    public String title() {
        return title;
    }

    /** Returns what decodes it. */
    public Charset charset() {
        return charset;
    }

    /** Returns the place of the first bytes that are not a character of a text, or are U+0000; -1 if there are none. */
    public int fault(byte[] bytes, int from, int to) {
        int plain = Utf8.plain(bytes, from, to);
        if (plain == to) {
            return -1;
        }
        return this == UTF_8 ? Utf8.fault(bytes, plain, to) : decoded(bytes, plain, to);
    }

    private int decoded(byte[] bytes, int from, int to) {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        CoderResult end = charset.newDecoder().decode(in, out, true);
        int zero = zero(bytes, from, in.position());
        return zero < in.position() || end.isError() ? zero : -1;
    }

    private static int zero(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != 0) {
            i++;
        }
        return i;
    }

    /** Returns bytes without a fault as text. */
    public String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, charset);
    }

    /** Returns bytes as text for people and stores; a byte that is not a character becomes {@code \xEC}. */
    public String shown(byte[] bytes, int from, int to) {
        var text = new StringBuilder();
        int start = from;
        int fault = fault(bytes, start, to);
        while (fault >= 0) {
            text.append(text(bytes, start, fault)).append(hex(bytes[fault]));
            start = fault + 1;
            fault = fault(bytes, start, to);
        }
        return text.append(text(bytes, start, to)).toString();
    }

    /** Returns a byte as reasons show it. */
    public static String hex(byte octet) {
        return "\\x" + HEX[(octet >> 4) & 0xf] + HEX[octet & 0xf];
    }

    /** Returns how many characters a person would count in the bytes; approximate if they have a fault. */
    public long count(byte[] bytes, int from, int to) {
        if (this != UTF_8) {
            return text(bytes, from, to).length();
        }
        long count = 0;
        for (int i = from; i < to; i++) {
            count += (bytes[i] & 0xc0) == 0x80 ? 0 : 1;
        }
        return count;
    }
}
