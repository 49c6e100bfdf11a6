package dev.switchboard;

import io.quarkus.vertx.http.HttpServer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells once the bus listens: logs the addresses of the API and the console, and systemd knows that its service is ready. */
@Singleton
final class ReadyLog {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyLog.class);

    private final HttpServer server;

    ReadyLog(HttpServer server) {
        this.server = server;
    }

    void http(@ObservesAsync HttpServerStart start) {
        log(address("http", start.options(), server.getPort()));
    }

    void https(@ObservesAsync HttpsServerStart start) {
        log(address("https", start.options(), server.getSecurePort()));
    }

    private static void log(String address) {
        LOG.info("Switchboard is ready: API {}, console {}/console", address, address);
        if (System.getenv("NOTIFY_SOCKET") != null) {
            tellSystemd();
        }
    }

    /** Java cannot write to systemd's kind of socket. Without the notice systemd ends the service after its TimeoutStartSec. */
    private static void tellSystemd() {
        try {
            new ProcessBuilder("systemd-notify", "--ready").inheritIO().start();
        } catch (IOException e) {
            LOG.error("systemd was not told that the bus is ready: {}", e.getMessage());
        }
    }

    /** Returns the address to open in a browser; {@code port} is the real one, where the options may have 0. */
    static String address(String scheme, HttpServerOptions options, int port) {
        String host = options.getHost();
        if (host.equals("0.0.0.0") || host.equals("::")) {
            host = "localhost";
        }
        return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
