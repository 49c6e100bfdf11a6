package dev.switchboard.operate;

import dev.switchboard.intake.Problem;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.security.RateLimiter;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /start/…} without a key, on the public port: it redirects a visitor to the checked start link. */
public final class StartPage implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(StartPage.class);
    private static final Pattern PATH = Pattern.compile("/start/([^/]+)/([^/]+)");
    private static final List<String> PARAMETERS = List.of("extra", "bot", "event", "channel");
    private static final String VISITOR = "a visitor";

    private final Vertx vertx;
    private final StartConfig settings;
    private final Supplier<ProducerTemplate> routes;
    private final RateLimiter limiter = new RateLimiter(System::nanoTime);

    /** Asks the routes for links. */
    public StartPage(Vertx vertx, StartConfig settings, Supplier<ProducerTemplate> routes) {
        this.vertx = vertx;
        this.settings = settings;
        this.routes = routes;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Matcher path = PATH.matcher(String.valueOf(request.path()));
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!path.matches()) {
            Problem.answer(request.response(), Refused.because(404, "A start page is /start/VENDOR/ACCOUNT."));
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
        response.putHeader("Referrer-Policy", "no-referrer");
        response.end(message.getBody(String.class));
    }

    private static void fail(HttpServerResponse response, Throwable e) {
        LOG.error("A start page failed", e);
        Problem.answer(response, Refused.because(500, "The bus failed; its log says more."));
    }
}
