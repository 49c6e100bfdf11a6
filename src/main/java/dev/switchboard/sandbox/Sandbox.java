package dev.switchboard.sandbox;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stand-ins for all vendors on one port, each under {@code /<vendor>}. They check what a careful vendor checks, and
 * answer a conversation that has a magic id (see {@link Magic}) with the failure that it names.
 */
public final class Sandbox implements AutoCloseable {

    private static final int MAX_BODY = 1024 * 1024;
    private static final int BACKLOG = 1024;

    static {
        // Without it each answer waits 40 ms for the peer's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // A vendor does not close idle connections because there are more than 200 of them.
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    private final HttpServer server;
    private final ExecutorService workers = Executors.newCachedThreadPool(Sandbox::thread);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Sandbox::thread);
    private final Map<String, StandIn> standIns = new TreeMap<>();
    private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();

    private Sandbox(HttpServer server) {
        this.server = server;
    }

    /**
     * Starts the stand-ins of all vendors whose files describe one.
     *
     * @param port where they listen on the loopback address; 0 takes a free one
     * @throws IllegalArgumentException when a description is wrong; the text names the file
     * @throws UncheckedIOException when the port is taken
     */
    public static Sandbox start(Collection<Vendor> vendors, int port) {
        var sandbox = new Sandbox(listen(port));
        try {
            vendors.stream()
                    .filter(vendor -> StandIn.isDescribed(vendor.sandbox()))
                    .forEach(vendor -> sandbox.standIns.put(
                            vendor.name(), StandIn.read(vendor, address(vendor.name(), sandbox.port()))));
        } catch (IllegalArgumentException e) {
            sandbox.close();
            throw e;
        }
        sandbox.server.setExecutor(sandbox.workers);
        sandbox.server.createContext("/", sandbox::handle);
        sandbox.server.start();
        return sandbox;
    }

    /**
     * Returns the settings that make the accounts {@code default} of all vendors talk to a sandbox, by their full names.
     *
     * @param port the sandbox's
     */
    public static SortedMap<String, String> settings(Collection<Vendor> vendors, int port) {
        var settings = new TreeMap<String, String>();
        vendors.stream()
                .filter(vendor -> StandIn.isDescribed(vendor.sandbox()))
                .forEach(vendor -> StandIn.read(vendor, address(vendor.name(), port))
                        .settings()
                        .forEach((name, value) -> settings.put(
                                "switchboard.vendors." + vendor.name() + ".accounts.default." + name, value)));
        return settings;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Returns how many requests came for each call, as {@code POST /acme/rooms/{room}/close}; all those for nothing
     * that is offered are one entry, {@code other}.
     */
    public SortedMap<String, Long> requests() {
        var counts = new TreeMap<String, Long>();
        requests.forEach((call, count) -> counts.put(call, count.sum()));
        return counts;
    }

    /** Stops at once; requests in flight get no answer. */
    @Override
    public void close() {
        server.stop(0);
        clock.shutdownNow();
        workers.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        int slash = path.indexOf('/', 1);
        String vendor = slash < 0 ? path.substring(1) : path.substring(1, slash);
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        StandIn standIn = standIns.get(vendor);
        if (standIn == null || body.length > MAX_BODY) {
            count("other");
            send(exchange, Answer.of(standIn == null ? 404 : 413, Map.of("Connection", "close"), ""));
            return;
        }
        var request = new Request(
                exchange.getRequestMethod(),
                slash < 0 ? "/" : path.substring(slash),
                exchange.getRequestURI().getRawQuery(),
                exchange.getRequestHeaders(),
                body);
        count(standIn.call(request)
                .map(call -> request.method() + " /" + vendor + call)
                .orElse("other"));
        answer(exchange, standIn.answer(request));
    }

    /** Answers later without holding a thread. */
    private void answer(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.delay().isZero()) {
            send(exchange, answer);
            return;
        }
        var unused = clock.schedule(
                () -> workers.execute(() -> sendLate(exchange, answer)),
                answer.delay().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static void sendLate(HttpExchange exchange, Answer answer) {
        try {
            send(exchange, answer);
        } catch (IOException e) {
            // The caller has gone in the meantime, as callers of a slow vendor do.
            exchange.close();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (!answer.isDropped()) {
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
        // Before an answer has begun this cuts the connection.
        exchange.close();
    }

    private void count(String call) {
        requests.computeIfAbsent(call, name -> new LongAdder()).increment();
    }

    private static String address(String vendor, int port) {
        return "http://127.0.0.1:" + port + "/" + vendor;
    }

    private static HttpServer listen(int port) {
        try {
            return HttpServer.create(
                    new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox cannot listen on port " + port, e);
        }
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "sandbox");
        thread.setDaemon(true);
        return thread;
    }
}
