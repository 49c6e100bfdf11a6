package dev.switchboard.hostile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A connection on which anything at all can be sent; a new one is made where the bus closed the last. */
final class Wire implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)\\s*$");
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    Wire(int port) {
        this.port = port;
    }

    /** What came back; status 0 stands for a connection that was closed without a word. */
    record Answer(int status, String head, String body) {

        boolean isProblem() {
            return head.toLowerCase(Locale.ROOT).contains("application/problem+json");
        }
    }

    /** Sends one whole request and reads its answer. */
    Answer ask(String request) throws IOException {
        return ask(request.getBytes(StandardCharsets.UTF_8));
    }

    Answer ask(byte[] request) throws IOException {
        for (int again = 0; ; again++) {
            boolean used = socket != null;
            try {
                connection().getOutputStream().write(request);
                Answer answer = read(isHead(request));
                if (answer.status() != 0 || !used || again > 0) {
                    return answer;
                }
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                if (again > 0) {
                    return new Answer(0, "", "");
                }
            }
            drop();
        }
    }

    /** Sends bytes on a connection of their own, and returns all that comes until the bus closes it, or is silent. */
    static String talk(int port, String bytes, int silenceMillis) throws IOException {
        try (var wire = new Wire(port)) {
            Socket socket = wire.connection();
            socket.setSoTimeout(silenceMillis);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            var all = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    all.append((char) next);
                }
                return all + "[closed]";
            } catch (SocketTimeoutException e) {
                return all + "[open]";
            } catch (IOException e) {
                return all + "[closed]";
            }
        }
    }

    private Socket connection() throws IOException {
        if (socket == null || in == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        }
        return socket;
    }

    private static boolean isHead(byte[] request) {
        return new String(request, 0, Math.min(5, request.length), StandardCharsets.ISO_8859_1).equals("HEAD ");
    }

    /** The answer to a HEAD has the length of a body, and none. */
    private Answer read(boolean head) throws IOException {
        String lines = upTo("\r\n\r\n");
        if (!lines.startsWith("HTTP/1.")) {
            drop();
            return new Answer(0, lines, "");
        }
        int status = Integer.parseInt(lines.substring(9, 12));
        String body = head ? "" : body(lines);
        if (lines.toLowerCase(Locale.ROOT).contains("connection: close") || lines.startsWith("HTTP/1.0")) {
            drop();
        }
        return new Answer(status, lines, body);
    }

    private String body(String head) throws IOException {
        if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            return chunks();
        }
        Matcher length = LENGTH.matcher(head);
        return length.find() ? exactly(Integer.parseInt(length.group(1))) : "";
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(upTo("\r\n").strip(), 16);
            body.append(exactly(size));
            exactly(2);
            if (size == 0) {
                return body.toString();
            }
        }
    }

    private InputStream in() throws IOException {
        if (in == null) {
            throw new IOException("there is no connection");
        }
        return in;
    }

    private String exactly(int length) throws IOException {
        return new String(in().readNBytes(length), StandardCharsets.UTF_8);
    }

    private String upTo(String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in().read();
            if (next < 0) {
                return "";
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        drop();
    }

    /** Gives up the connection; the next request makes another. */
    void drop() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = null;
        in = null;
    }
}
