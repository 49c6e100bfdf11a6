package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port for those who have no key. It serves only what is registered with it, and never the API. */
public final class PublicPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PublicPort.class);
    private static final int LONGEST_LINE = 16 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<String, Handler<HttpServerRequest>> pages;
    private final HttpServer server;

    /**
     * Begins to listen.
     *
     * @param certificate of the server; none: plain HTTP
     * @param pages what it serves, by the first part of the path, such as {@code /start/}
     * @throws IllegalArgumentException when it cannot listen there
     */
    public PublicPort(
            Vertx vertx,
            PublicConfig settings,
            Optional<KeyCertOptions> certificate,
            Map<String, Handler<HttpServerRequest>> pages) {
        this.pages = pages;
        var options = new HttpServerOptions()
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHttp2ClearTextEnabled(false)
                .setHandle100ContinueAutomatically(true)
                .setIdleTimeout((int) PATIENCE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        certificate.ifPresent(own -> options.setSsl(true).setKeyCertOptions(own));
        this.server = vertx.createHttpServer(options).requestHandler(this::serve);
        try {
            server.listen(settings.port(), settings.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "switchboard.public.port: cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + e.getCause(),
                    e);
        }
        LOG.info(
                "The public port is {}://{}:{}, and serves {}",
                certificate.isPresent() ? "https" : "http",
                settings.host(),
                server.actualPort(),
                String.join(" and ", pages.keySet()));
    }

    /** Uses another certificate for new connections. */
    public void renew(KeyCertOptions certificate) {
        server.updateSSLOptions(new SSLOptions().setKeyCertOptions(certificate))
                .onFailure(e -> LOG.error("The public port keeps the certificate that it has", e));
    }

    private void serve(HttpServerRequest request) {
        HttpsOnly.tell(request);
        request.response().putHeader("X-Content-Type-Options", "nosniff").putHeader("Cache-Control", "no-store");
        String path = String.valueOf(request.path());
        pages.entrySet().stream()
                .filter(page -> path.startsWith(page.getKey()))
                .findFirst()
                .ifPresentOrElse(
                        page -> page.getValue().handle(request),
                        () -> Problem.answer(
                                request.response(), Refused.because(404, "This port serves no such path.")));
    }

    @Override
    public void close() {
        server.close();
    }
}
