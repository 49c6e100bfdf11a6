package dev.switchboard.charset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Turns UTF-16 with a byte order mark into UTF-8. Half of a surrogate pair becomes a byte that is not UTF-8, so that the check of UTF-8 finds it. */
public final class Utf16 extends InputStream {

    private static final byte[] HALF = {(byte) 0xff};
    private static final byte[] NONE = {};

    private final InputStream in;
    private final boolean bigEndian;
    private byte[] character = NONE;
    private int at;
    private int ahead;

    /** Returns whether a file begins with its byte order mark. */
    public static boolean isMarked(byte[] head) {
        boolean is32 = head.length >= 4 && head[2] == 0 && head[3] == 0;
        return head.length >= 2
                && !is32
                && ((head[0] == (byte) 0xff && head[1] == (byte) 0xfe)
                        || (head[0] == (byte) 0xfe && head[1] == (byte) 0xff));
    }

    /** Reads from after the byte order mark. */
    public Utf16(InputStream marked) throws IOException {
        this.in = marked;
        this.bigEndian = in.read() == 0xfe;
        in.read();
        this.ahead = unit();
    }

    /** Returns the next unit, or -1 at the end; a single byte at the end is half a unit and not a character. */
    private int unit() throws IOException {
        int first = in.read();
        if (first < 0) {
            return -1;
        }
        int second = in.read();
        if (second < 0) {
            return Character.MIN_LOW_SURROGATE;
        }
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    private byte[] character() throws IOException {
        int unit = ahead;
        if (unit < 0) {
            return NONE;
        }
        ahead = unit();
        if (!Character.isSurrogate((char) unit)) {
            return Character.toString(unit).getBytes(StandardCharsets.UTF_8);
        }
        if (!Character.isHighSurrogate((char) unit) || ahead < 0 || !Character.isLowSurrogate((char) ahead)) {
            return HALF;
        }
        int whole = Character.toCodePoint((char) unit, (char) ahead);
        ahead = unit();
        return Character.toString(whole).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
        if (at == character.length) {
            character = character();
            at = 0;
        }
        return character.length == 0 ? -1 : character[at++] & 0xff;
    }

    /** Returns what precedes damage; the next read fails again. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = 0;
        try {
            int octet = length == 0 ? -1 : read();
            while (octet >= 0) {
                bytes[offset + count++] = (byte) octet;
                octet = count < length ? read() : -1;
            }
        } catch (IOException e) {
            if (count == 0) {
                throw e;
            }
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
