package dev.switchboard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Posts messages: as many as are taken while not too many are on their way, or so many a second. */
final class Load implements Feed {

    /** What the number of a message stands behind in its text. */
    private static final String MARK = "order ";

    private static final int CONNECTIONS = 64;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SHORTEST_WAIT = TimeUnit.MICROSECONDS.toNanos(100);

    private final Loop loop;
    private final Journey journey;
    private final int port;
    private final List<String> accounts;
    private final int conversations;
    private final List<Poster> posters = new ArrayList<>();
    private final ArrayDeque<Poster> idle = new ArrayDeque<>();
    private volatile String header = "";
    private volatile int window;
    private long interval;
    private long next;

    /** Makes connections; posts nothing yet. */
    Load(Loop loop, Journey journey, int port, List<String> accounts, int conversations) {
        this.loop = loop;
        this.journey = journey;
        this.port = port;
        this.accounts = accounts;
        this.conversations = conversations;
        loop.execute(() -> {
            for (int i = 0; i < CONNECTIONS; i++) {
                posters.add(new Poster());
            }
            idle.addAll(posters);
        });
    }

    /** Adds a header to each request. */
    Load with(String line) {
        header = line;
        return this;
    }

    @Override
    public void flood(int most) {
        loop.execute(() -> {
            window = most;
            look();
        });
    }

    /** Posts at even distances, whether answers come or not. */
    void pace(int perSecond) {
        loop.execute(() -> {
            window = Integer.MAX_VALUE;
            interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
            next = System.nanoTime();
            tick();
        });
    }

    @Override
    public void stop() {
        window = 0;
        loop.execute(() -> interval = 0);
    }

    @Override
    public void close() {
        stop();
        loop.execute(() -> posters.forEach(Poster::close));
    }

    /** The vendor's calls make room; they come on other threads, which would have to wake this one for each. */
    private void look() {
        go();
        if (window > 0) {
            loop.at(System.nanoTime() + PAUSE, this::look);
        }
    }

    private void go() {
        while (interval == 0 && !idle.isEmpty() && journey.posted() - journey.arrived() < window) {
            idle.remove().post(System.nanoTime());
        }
    }

    private void tick() {
        while (interval > 0 && !idle.isEmpty() && next - System.nanoTime() <= 0) {
            idle.remove().post(next);
            next += interval;
        }
        if (interval > 0) {
            loop.at(Math.max(next, System.nanoTime() + SHORTEST_WAIT), this::tick);
        }
    }

    /** Returns a message that says its number. */
    static String message(int number, String account, int conversations) {
        int conversation = number % conversations;
        return "{\"vendor\":\"happytalk\",\"operation\":\"send\",\"account\":\"" + account
                + "\",\"conversationId\":\"room-" + conversation + "\",\"customerId\":\"user-" + conversation
                + "\",\"text\":\"" + MARK + number + " is on its way, and will be with you tomorrow before noon\"}";
    }

    /** Returns the number of a message that the vendor got. */
    static int number(String text) {
        int from = text.indexOf(MARK) + MARK.length();
        return Integer.parseInt(text, from, text.indexOf(' ', from), 10);
    }

    private ByteBuffer request(int number) {
        String body = message(number, accounts.get(number % accounts.size()), conversations);
        return ByteBuffer.wrap(("POST /messages HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + header
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII));
    }

    private final class Poster implements Loop.Served {
        private HttpReader reader = new HttpReader();
        private SocketChannel channel = connect();
        private int number;

        private SocketChannel connect() {
            try {
                SocketChannel connected = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                connected.socket().setTcpNoDelay(true);
                loop.serve(connected, SelectionKey.OP_READ, this);
                return connected;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A party may have closed a connection that was idle while another was measured. */
        private void post(long due) {
            try {
                if (!channel.isOpen()) {
                    reader = new HttpReader();
                    channel = connect();
                }
                number = journey.posts(due);
                channel.write(request(number));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            if (!reader.read(channel)) {
                channel.close();
                if (!idle.contains(this)) {
                    throw new IOException("port " + port + " was closed instead of an answer");
                }
                return;
            }
            String answer = reader.next();
            if (answer.isEmpty()) {
                return;
            }
            if (answer.startsWith("HTTP/1.1 20")) {
                journey.accepts(number);
            } else {
                journey.refuses(answer);
            }
            idle.add(this);
            go();
        }
    }
}
