package dev.switchboard.charset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes that are not strictly UTF-8, or are U+0000; as fast as memory allows where all is ASCII. */
final class Utf8 {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private Utf8() {}

    /** Returns the place of the first byte that is not ASCII or is zero; the end if there is none. */
    static int plain(byte[] bytes, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            long eight = (long) LONGS.get(bytes, i);
            if ((((eight - ONES) | eight) & HIGH) != 0) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && bytes[i] > 0) {
            i++;
        }
        return i;
    }

    /** Returns the place of the first byte that is not ASCII; the end if there is none. */
    static int ascii(byte[] bytes, int from, int to) {
        int i = plain(bytes, from, to);
        while (i < to && bytes[i] == 0) {
            i = plain(bytes, i + 1, to);
        }
        return i;
    }

    /** Returns the place of the first byte that begins no character or is zero; -1 if there is none. */
    static int fault(byte[] bytes, int from, int to) {
        int i = plain(bytes, from, to);
        while (i < to) {
            int length = length(bytes, i, to);
            if (length == 0) {
                return i;
            }
            i += length;
            if (i < to && bytes[i] > 0) {
                i = plain(bytes, i, to);
            }
        }
        return -1;
    }

    /** Returns how many bytes the character has that begins here; 0 where none does. */
    static int length(byte[] bytes, int at, int to) {
        int first = bytes[at] & 0xff;
        int length = lengthBy(first);
        if (length < 2 || at + length > to) {
            return length < 2 ? length : 0;
        }
        int second = bytes[at + 1] & 0xff;
        if (second < lowest(first) || second > highest(first)) {
            return 0;
        }
        for (int i = at + 2; i < at + length; i++) {
            if ((bytes[i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    /** Returns the length of a character by its first byte; 0 if no character begins with it. */
    static int lengthBy(int first) {
        if (first < 0x80) {
            return first == 0 ? 0 : 1;
        }
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    /** Refuses a character that is written longer than it needs to be. */
    static int lowest(int first) {
        return first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    }

    /** Refuses halves of surrogate pairs, and what is beyond U+10FFFF. */
    static int highest(int first) {
        return first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    }
}
