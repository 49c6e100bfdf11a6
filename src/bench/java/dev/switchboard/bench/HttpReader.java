package dev.switchboard.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts HTTP/1.1 messages out of what a socket brings, one at a time: with a length, or in chunks that end what has come. */
final class HttpReader {

    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END_OF_CHUNKS = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ByteBuffer buffer = ByteBuffer.allocate(32 * 1024);

    /** Reads what has come; returns whether the other side goes on. */
    boolean read(SocketChannel channel) throws IOException {
        return channel.read(buffer) >= 0;
    }

    /** Returns the next whole message as text, or an empty one. */
    String next() {
        byte[] bytes = buffer.array();
        int end = buffer.position();
        int body = body(bytes, end);
        if (body < 0) {
            return "";
        }
        int length = length(bytes, body);
        int whole = length >= 0 ? body + length : endsInChunks(bytes, end) ? end : Integer.MAX_VALUE;
        if (whole > end) {
            return "";
        }
        String message = new String(bytes, 0, whole, StandardCharsets.ISO_8859_1);
        buffer.flip().position(whole);
        buffer.compact();
        return message;
    }

    private static int body(byte[] bytes, int end) {
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean endsInChunks(byte[] bytes, int end) {
        return end >= END_OF_CHUNKS.length
                && Arrays.equals(bytes, end - END_OF_CHUNKS.length, end, END_OF_CHUNKS, 0, END_OF_CHUNKS.length);
    }

    private static int length(byte[] bytes, int body) {
        for (int i = 0; i + LENGTH.length < body; i++) {
            if (bytes[i] == '\n' && named(bytes, i + 1)) {
                int length = 0;
                for (int at = i + 1 + LENGTH.length; bytes[at] != '\r'; at++) {
                    length = bytes[at] == ' ' ? length : length * 10 + bytes[at] - '0';
                }
                return length;
            }
        }
        return -1;
    }

    private static boolean named(byte[] bytes, int from) {
        for (int i = 0; i < LENGTH.length; i++) {
            if ((bytes[from + i] | 0x20) != LENGTH[i] && bytes[from + i] != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }
}
