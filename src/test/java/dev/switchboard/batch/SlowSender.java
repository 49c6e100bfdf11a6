package dev.switchboard.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends a request byte by byte as a test says, which no client would. */
final class SlowSender implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final OutputStream out;

    SlowSender(URI bus, String path, String... headers) throws IOException {
        this.socket = new Socket(bus.getHost(), bus.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        this.out = socket.getOutputStream();
        text("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    }

    SlowSender text(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return this;
    }

    /** Sends chunks until the bus says something, or so many have been sent; returns how many bytes it were. */
    long chunks(int size, int most) throws IOException {
        String chunk = Integer.toHexString(size) + "\r\n" + "x".repeat(size) + "\r\n";
        for (int i = 0; i < most; i++) {
            if (socket.getInputStream().available() > 0) {
                return (long) i * size;
            }
            text(chunk);
        }
        text("0\r\n\r\n");
        return (long) most * size;
    }

    /** Returns what the bus says, as long as nothing but it can end the connection. */
    String answer() throws IOException {
        InputStream in = socket.getInputStream();
        var said = new StringBuilder();
        try {
            while (!said.toString().contains("\r\n\r\n") || in.available() > 0) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                said.append((char) next);
            }
        } catch (SocketException e) {
            said.append(e.getMessage());
        }
        return said.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
