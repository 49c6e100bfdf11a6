package dev.switchboard.vendor;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a {@link FakeVendor} does with one request.
 *
 * @param status the HTTP status
 * @param headers further headers; Content-Length is added
 * @param body the body, sent as UTF-8
 * @param fault what goes wrong
 */
public record Answer(int status, Map<String, String> headers, String body, Fault fault) {

    /** What can go wrong on a connection. */
    public enum Fault {
        NONE,
        /** The connection closes as the request begins to arrive, unread. */
        DROP_BEFORE,
        /** The request is read, then the connection closes. */
        DROP_AFTER,
        /** The request is read and nothing more happens until the caller closes. */
        HANG,
        /** The status, the headers and one byte of the body every 50 ms, until the caller closes. */
        DRIP,
        /** The connection closes in the middle of the body. */
        HALF,
        /** Bytes that are not HTTP. */
        GARBAGE,
        /** The body alone, byte by byte as ISO-8859-1 has its characters; the connection stays open. */
        RAW,
        /** As above, and the connection closes. */
        RAW_CLOSED,
        /** The body up to a bar, and the rest of it again and again, until the caller closes. */
        ENDLESS,
        /** Connections to the address are refused. */
        REFUSE
    }

    /** Makes an answer without a body. */
    public static Answer of(int status) {
        return of(status, "");
    }

    /** Makes an answer of JSON, or of whatever the text is. */
    public static Answer of(int status, String body) {
        return new Answer(status, Map.of("Content-Type", "application/json"), body, Fault.NONE);
    }

    /** Makes a fault. */
    public static Answer failing(Fault fault) {
        return of(200, "{\"code\":0,\"message\":\"\"}").with(fault);
    }

    /** Makes an answer of bytes, head and all. */
    public static Answer raw(byte[] bytes) {
        return new Answer(0, Map.of(), new String(bytes, StandardCharsets.ISO_8859_1), Fault.RAW);
    }

    /** Returns this answer, going wrong. */
    public Answer with(Fault other) {
        return new Answer(status, headers, body, other);
    }

    /** Returns whether the connection stays open. */
    boolean give(InputStream in, OutputStream out) throws IOException {
        switch (fault) {
            case NONE -> {
                byte[] whole = bytes();
                send(out, whole, whole.length);
                return !"close".equals(headers.get("Connection"));
            }
            case HALF -> {
                byte[] whole = bytes();
                send(out, whole, whole.length / 2);
            }
            case HANG -> untilTheCallerCloses(in);
            case DRIP -> drip(out);
            case GARBAGE -> write(out, "\u0001\u0002 this is not HTTP\n\n".getBytes(StandardCharsets.ISO_8859_1));
            case RAW -> {
                write(out, body.getBytes(StandardCharsets.ISO_8859_1));
                return true;
            }
            case RAW_CLOSED -> write(out, body.getBytes(StandardCharsets.ISO_8859_1));
            case ENDLESS -> endless(out);
            case DROP_BEFORE, DROP_AFTER, REFUSE -> {
                return false;
            }
        }
        return false;
    }

    private byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    /** Announces the whole body and sends so much of it, in one piece: each piece wakes the caller. */
    private void send(OutputStream out, byte[] whole, int length) throws IOException {
        var head = new StringBuilder("HTTP/1.1 " + status + " \r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        boolean bodiless = status == 204 || status == 304;
        if (!bodiless) {
            head.append("Content-Length: " + whole.length + "\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        int sent = bodiless ? 0 : length;
        byte[] piece = Arrays.copyOf(start, start.length + sent);
        System.arraycopy(whole, 0, piece, start.length, sent);
        write(out, piece);
    }

    /** What is before the bar once, and the rest again and again. */
    private void endless(OutputStream out) throws IOException {
        int once = body.indexOf('|');
        write(out, body.substring(0, once).getBytes(StandardCharsets.ISO_8859_1));
        byte[] rest = body.substring(once + 1).getBytes(StandardCharsets.ISO_8859_1);
        while (true) {
            out.write(rest);
        }
    }

    private void drip(OutputStream out) throws IOException {
        byte[] whole = bytes();
        send(out, whole, 0);
        var never = new CountDownLatch(1);
        for (byte one : whole) {
            if (awaited(never)) {
                return;
            }
            write(out, new byte[] {one});
        }
    }

    private static boolean awaited(CountDownLatch latch) throws IOException {
        try {
            return latch.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void untilTheCallerCloses(InputStream in) throws IOException {
        while (in.read() >= 0) {
            // Whatever still comes belongs to no request that is answered.
        }
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }
}
