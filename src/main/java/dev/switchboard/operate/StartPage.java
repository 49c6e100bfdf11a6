package dev.switchboard.operate;

import dev.switchboard.intake.HttpsOnly;
import dev.switchboard.intake.Problem;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.security.RateLimiter;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /start/…} without a key, on a port that serves nothing else: it redirects a visitor to the checked start link. */
public final class StartPage implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StartPage.class);
    private static final Pattern PATH = Pattern.compile("/start/([^/]+)/([^/]+)");
    private static final List<String> PARAMETERS = List.of("extra", "bot", "event", "channel");
    private static final String VISITOR = "a visitor";
    private static final int LONGEST_LINE = 16 << 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final StartConfig settings;
    private final Supplier<ProducerTemplate> routes;
    private final RateLimiter limiter = new RateLimiter(System::nanoTime);
    private final HttpServer server;

    /**
     * Begins to listen.
     *
     * @param certificate of the server; none: plain HTTP
     * @throws IllegalArgumentException when it cannot listen there
     */
    public StartPage(
            Vertx vertx,
            StartConfig settings,
            Optional<KeyCertOptions> certificate,
            Supplier<ProducerTemplate> routes) {
        this.settings = settings;
        this.routes = routes;
        var options = new HttpServerOptions()
                .setMaxInitialLineLength(LONGEST_LINE)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout((int) PATIENCE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        certificate.ifPresent(own -> options.setSsl(true).setKeyCertOptions(own));
        this.server = vertx.createHttpServer(options).requestHandler(request -> visit(vertx, request));
        try {
            server.listen(settings.port(), settings.host())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "switchboard.start.port: cannot listen on " + settings.host() + ":" + settings.port() + ": "
                            + e.getCause(),
                    e);
        }
        LOG.info(
                "The start page listens on {}://{}:{}/start/",
                certificate.isPresent() ? "https" : "http",
                settings.host(),
                server.actualPort());
    }

    /** Uses another certificate for new connections. */
    public void renew(KeyCertOptions certificate) {
        server.updateSSLOptions(new SSLOptions().setKeyCertOptions(certificate))
                .onFailure(e -> LOG.error("The start page keeps the certificate that it has", e));
    }

    private void visit(Vertx vertx, HttpServerRequest request) {
        HttpsOnly.tell(request);
        request.response().putHeader("X-Content-Type-Options", "nosniff");
        Matcher path = PATH.matcher(String.valueOf(request.path()));
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!path.matches()) {
            Problem.answer(request.response(), Refused.because(404, "This port serves only /start/VENDOR/ACCOUNT."));
        } else if (!reading) {
            Problem.answer(request.response(), Refused.because(405, "Call a start page with GET."));
        } else if (!passes(request)) {
            Problem.answer(request.response(), Refused.tooOften("Too many visits; try again in a second."));
        } else {
            MultiMap given = request.params();
            vertx.executeBlocking(() -> ask(path, given, request), false)
                    .onSuccess(done -> answer(request.response(), done))
                    .onFailure(e -> fail(request.response(), e));
        }
    }

    private boolean passes(HttpServerRequest request) {
        return limiter.pass(request.remoteAddress().hostAddress(), settings.perSecondOfOne())
                && limiter.pass(VISITOR, settings.perSecond());
    }

    private Message ask(Matcher path, MultiMap given, HttpServerRequest request) {
        Exchange done = routes.get().send("direct:getStart", exchange -> {
            exchange.setProperty(
                    Caller.PROPERTY,
                    new Caller(
                            VISITOR,
                            Set.of("sender"),
                            null,
                            request.remoteAddress().hostAddress()));
            exchange.getMessage().setHeader("vendor", path.group(1));
            exchange.getMessage().setHeader("account", path.group(2));
            PARAMETERS.stream()
                    .filter(given::contains)
                    .forEach(name -> exchange.getMessage().setHeader(name, given.get(name)));
        });
        if (done.getException() != null) {
            throw new IllegalStateException("getStart failed", done.getException());
        }
        return done.getMessage();
    }

    private static void answer(HttpServerResponse response, Message message) {
        response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class));
        List.of("Location", Exchange.CONTENT_TYPE).forEach(name -> {
            String value = message.getHeader(name, String.class);
            if (value != null) {
                response.putHeader(name, value);
            }
        });
        response.putHeader("Cache-Control", "no-store").putHeader("Referrer-Policy", "no-referrer");
        response.end(message.getBody(String.class));
    }

    private static void fail(HttpServerResponse response, Throwable e) {
        LOG.error("A start page failed", e);
        Problem.answer(response, Refused.because(500, "The bus failed; its log says more."));
    }

    @Override
    public void close() {
        server.close();
    }
}
