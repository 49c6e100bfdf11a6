package dev.switchboard.vendor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A proxy that knows {@code CONNECT} alone, and leads every name to one port of this machine. */
final class TunnelProxy implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final int to;
    private final String login;

    /** Starts a proxy; with a login (as Basic has it) it asks for that. */
    TunnelProxy(int to, String login) throws IOException {
        this.to = to;
        this.login = login;
        inBackground(this::acceptAll);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Returns the first line of each request. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one end closed: so does the other
                        return;
                    }
                },
                "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() throws IOException {
        while (true) {
            Socket client = door.accept();
            inBackground(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            String head = head(client.getInputStream());
            asked.add(head.substring(0, head.indexOf("\r\n")));
            boolean known = login.isEmpty() || head.contains("Proxy-Authorization: Basic " + login);
            if (!head.startsWith("CONNECT ") || !known) {
                String refusal = known ? "405 Method Not Allowed" : "407 Who Are You";
                answer(
                        client,
                        refusal
                                + "\r\nProxy-Authenticate: Basic realm=\"p\"\r\nConnection: close\r\nContent-Length: 0");
                return;
            }
            try (var server = new Socket(InetAddress.getLoopbackAddress(), to)) {
                answer(client, "200 Connected");
                inBackground(() -> copy(client, server));
                copy(server, client);
            }
        }
    }

    private static void answer(Socket client, String status) throws IOException {
        client.getOutputStream().write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static void copy(Socket from, Socket to) throws IOException {
        from.getInputStream().transferTo(to.getOutputStream());
        to.shutdownOutput();
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client left");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
