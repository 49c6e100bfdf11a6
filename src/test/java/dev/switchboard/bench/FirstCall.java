package dev.switchboard.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A vendor that takes every message, and notes when the first one came. */
final class FirstCall implements AutoCloseable {

    private static final byte[] ANSWER =
            "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}".getBytes(StandardCharsets.US_ASCII);

    private final CompletableFuture<Long> first = new CompletableFuture<>();
    private final HttpServer server;

    FirstCall() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        first.complete(System.nanoTime());
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Waits for the first call, and returns when it came, by the clock that counts nanoseconds. */
    long nanos() {
        return first.join();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
