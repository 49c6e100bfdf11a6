package dev.switchboard.vendor;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/**
 * A vendor over real sockets: it gives the answers that were enqueued, in order, and keeps every request as it was on
 * the wire. The last answer is given again and again, so that a request too many shows as one and not as a vendor that
 * hangs.
 */
public final class FakeVendor implements AutoCloseable {

    /** Ports that are taken and not listened on; kept, as a socket without a reference is closed. */
    private static final Queue<Socket> REFUSING = new ConcurrentLinkedQueue<>();

    /** How many connections may wait to be accepted. */
    private static final int MOST_WAITING = 1_024;

    private final ServerSocketFactory sockets;
    private volatile ServerSocket door;
    private volatile int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final BlockingDeque<Answer> answers = new LinkedBlockingDeque<>();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private volatile Function<Request, Answer> byRequest = request -> Answer.of(404);
    private volatile BooleanSupplier dropUnread = () -> false;
    private volatile int idleMillis;
    private volatile boolean forgetful;

    private FakeVendor(ServerSocketFactory sockets) throws IOException {
        this.sockets = sockets;
        this.door = sockets.createServerSocket();
    }

    /** Returns the address of a vendor that refuses each connection. */
    public static String refusingUrl() {
        try {
            var taken = new Socket();
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            REFUSING.add(taken);
            return "http://127.0.0.1:" + taken.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a vendor on a free port of the loopback address. */
    public static FakeVendor start() {
        return start(ServerSocketFactory.getDefault());
    }

    /** Starts a vendor on a port of the loopback address. */
    public static FakeVendor at(int port) {
        try {
            var vendor = new FakeVendor(ServerSocketFactory.getDefault());
            vendor.port = port;
            vendor.listen();
            return vendor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a vendor that listens by sockets of a kind, such as TLS. */
    public static FakeVendor start(ServerSocketFactory sockets) {
        try {
            var vendor = new FakeVendor(sockets);
            vendor.listen();
            return vendor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() throws IOException {
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MOST_WAITING);
        port = door.getLocalPort();
        ServerSocket listening = door;
        var thread = new Thread(() -> acceptConnections(listening), "fake-vendor-" + port);
        thread.setDaemon(true);
        thread.start();
    }

    /** Cuts every connection and refuses further ones, until what is returned is closed. */
    public AutoCloseable refuse() throws IOException {
        close();
        var taken = new Socket();
        taken.setReuseAddress(true);
        // the port is free when the thread that accepted, and the connections that were cut, have let go of it
        await("the port " + port).ignoreException(BindException.class).until(() -> {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        });
        return () -> {
            taken.close();
            door = sockets.createServerSocket();
            listen();
        };
    }

    /** Returns where it listens. */
    public int port() {
        return port;
    }

    /** Returns the address without a slash at its end. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Adds an answer behind those that are waiting. */
    public FakeVendor enqueue(Answer answer) {
        answers.add(answer);
        return this;
    }

    /** Adds an answer behind those that are waiting. */
    public FakeVendor enqueue(int status, Map<String, String> headers, String body) {
        return enqueue(new Answer(status, headers, body, Answer.Fault.NONE));
    }

    /** Says what is answered while no answer is enqueued. */
    public FakeVendor answerBy(Function<Request, Answer> answer) {
        byRequest = answer;
        return this;
    }

    /** Returns whether the connection of the next request is closed with the request unread. */
    public FakeVendor dropUnreadWhen(BooleanSupplier drop) {
        dropUnread = drop;
        return this;
    }

    /** Closes connections that no request has come on for so long, as many vendors do. */
    public FakeVendor closeIdleAfter(Duration idle) {
        idleMillis = Math.toIntExact(idle.toMillis());
        return this;
    }

    /** Keeps no request: the code that answers keeps what it needs of them. */
    public FakeVendor forgetful() {
        forgetful = true;
        return this;
    }

    /** Returns the requests that were read whole, in the order in which they came. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Stops listening and cuts every connection; after that, the port refuses connections. */
    @Override
    public void close() {
        try {
            door.close();
            for (Socket connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void acceptConnections(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket connection = listening.accept();
                connections.add(connection);
                if (listening.isClosed()) {
                    connection.close();
                }
                var thread = new Thread(() -> serve(connection), "fake-vendor-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // The door was closed.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var reader = new RequestReader(connection.getInputStream());
            boolean open = true;
            while (open && somethingComes(connection, reader)) {
                open = serveOne(connection, reader);
            }
        } catch (IOException e) {
            // The caller went away in the middle: what it had sent whole is in the record.
            return;
        } finally {
            connections.remove(connection);
        }
    }

    private boolean somethingComes(Socket connection, RequestReader reader) throws IOException {
        connection.setSoTimeout(idleMillis);
        try {
            return reader.comes();
        } catch (SocketTimeoutException e) {
            return false;
        } finally {
            connection.setSoTimeout(0);
        }
    }

    /** Returns whether the connection stays open. */
    private boolean serveOne(Socket connection, RequestReader reader) throws IOException {
        Answer next = answers.peek();
        if (next != null && next.fault() == Answer.Fault.DROP_BEFORE) {
            takeAnswer(next);
            return false;
        }
        if (dropUnread.getAsBoolean()) {
            return false;
        }
        Request request = reader.read();
        if (!forgetful) {
            requests.add(request);
        }
        Answer answer = answers.isEmpty() ? byRequest.apply(request) : takeAnswer(answers.element());
        return answer.give(connection.getInputStream(), connection.getOutputStream());
    }

    private synchronized Answer takeAnswer(Answer last) {
        return answers.size() > 1 ? answers.remove() : last;
    }
}
