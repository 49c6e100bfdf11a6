package dev.switchboard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A vendor that takes every message, and answers at once or after a time that can be set. */
final class StandIn {

    private static final byte[] BODY =
            "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWER = answer();

    private final Loop loop;
    private final Journey journey;
    private final ServerSocketChannel server;
    private final Map<SocketChannel, Object> held = new ConcurrentHashMap<>();
    private volatile long latency;

    /** Listens on a free port. */
    StandIn(Loop loop, Journey journey) throws IOException {
        this.loop = loop;
        this.journey = journey;
        this.server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0), 1_024);
        loop.execute(this::serve);
    }

    private void serve() {
        try {
            loop.serve(server, SelectionKey.OP_ACCEPT, key -> {
                SocketChannel channel = server.accept();
                channel.socket().setTcpNoDelay(true);
                loop.serve(channel, SelectionKey.OP_READ, new Caller());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() throws IOException {
        return "http://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Lets it take its time from now on. */
    void answerAfter(Duration time) {
        latency = time.toNanos();
    }

    /** Returns how many calls wait for their answer. */
    int holds() {
        return held.size();
    }

    /** Lets it answer at once from now on, and answers those who wait. */
    void recover() {
        latency = 0;
        loop.execute(() -> List.copyOf(held.keySet()).forEach(channel -> {
            held.remove(channel);
            write(channel);
        }));
    }

    private static void write(SocketChannel channel) {
        try {
            channel.write(ByteBuffer.wrap(ANSWER));
        } catch (IOException e) {
            // The caller has gone; it will say so itself.
            return;
        }
    }

    private static byte[] answer() {
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + BODY.length)
                .put(head)
                .put(BODY)
                .array();
    }

    private final class Caller implements Loop.Served {
        private final HttpReader reader = new HttpReader();

        @Override
        public void ready(SelectionKey key) throws IOException {
            SocketChannel channel = (SocketChannel) key.channel();
            if (!goesOn(channel)) {
                held.remove(channel);
                key.cancel();
                channel.close();
                return;
            }
            String request = reader.next();
            if (!request.isEmpty()) {
                journey.arrives(number(request));
                answer(channel);
            }
        }

        private boolean goesOn(SocketChannel channel) {
            try {
                return reader.read(channel);
            } catch (IOException e) {
                return false;
            }
        }

        private void answer(SocketChannel channel) {
            if (latency == 0) {
                write(channel);
            } else {
                hold(channel, new Object());
            }
        }

        /** The channel may have had its answer by then, and wait for another. */
        private void hold(SocketChannel channel, Object call) {
            held.put(channel, call);
            loop.at(System.nanoTime() + latency, () -> {
                if (held.remove(channel, call)) {
                    write(channel);
                }
            });
        }

        /** The text begins with the message's number. */
        private static int number(String request) {
            int from = request.indexOf(Load.MARK) + Load.MARK.length();
            return Integer.parseInt(request, from, request.indexOf(' ', from), 10);
        }
    }
}
