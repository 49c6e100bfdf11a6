package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings {@code POST /messages} from the HTTP server straight to its route. Camel's own way there looks the operation up in the
 * OpenAPI document and copies all headers twice at each call, which costs as much as to check the message.
 */
public final class RestIntake {

    private static final Logger LOG = LoggerFactory.getLogger(RestIntake.class);
    private static final String PATH = "/messages";
    private static final String ROUTE = "direct:submitMessage";
    /** After all handlers that refuse a call, and before Camel. */
    private static final int ORDER = UnknownCalls.ORDER + 1;

    private static final List<String> GIVEN = List.of("Content-Type", "Idempotency-Key", "traceparent");

    private final Supplier<CamelContext> camel;
    private final PreferWait waiting;
    private final Executor workers;
    private volatile @Nullable Producer producer;

    /**
     * Takes messages in by their route.
     *
     * @param waiting holds back answers of senders who prefer that
     * @param workers run the route, which waits for the store
     */
    public RestIntake(Supplier<CamelContext> camel, PreferWait waiting, Executor workers) {
        this.camel = camel;
        this.waiting = waiting;
        this.workers = workers;
    }

    /**
     * Takes its place among those who handle requests.
     *
     * @param largest how many bytes a body may have
     */
    public void register(Router router, long largest) {
        router.post(PATH)
                .order(ORDER)
                .handler(BodyHandler.create(false).setBodyLimit(largest))
                .handler(this::take);
    }

    private void take(RoutingContext http) {
        Context context = http.vertx().getOrCreateContext();
        workers.execute(() -> {
            try {
                Message answer = accept(http);
                context.runOnContext(done -> answer(http, answer));
            } catch (Exception | Error e) {
                Refused why = refusal(e);
                context.runOnContext(done -> refuse(http, why));
            }
        });
    }

    private static void refuse(RoutingContext http, Refused why) {
        why.headers().forEach((name, value) -> http.response().putHeader(name, value));
        WebLimits.answer(http, why);
    }

    private static Refused refusal(Throwable e) {
        if (e instanceof DirectConsumerNotAvailableException) {
            return Refused.forNow("The route submitMessage does not run: resume or start it, or restart the bus.", 5);
        }
        LOG.error("submitMessage failed", e);
        return Refused.because(500, Problem.OURS);
    }

    private Message accept(RoutingContext http) throws Exception {
        Producer route = producer();
        Exchange exchange = route.getEndpoint().createExchange(ExchangePattern.InOut);
        exchange.setProperty(
                Caller.PROPERTY, Caller.of(http.user(), http.request().remoteAddress()));
        for (String name : GIVEN) {
            List<String> values = http.request().headers().getAll(name);
            if (!values.isEmpty()) {
                exchange.getMessage().setHeader(name, String.join(", ", values));
            }
        }
        Buffer body = http.body().buffer();
        exchange.getMessage().setBody(body == null || body.length() == 0 ? null : body.getBytes());
        route.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange.getMessage();
    }

    private Producer producer() throws Exception {
        Producer started = producer;
        if (started == null) {
            Endpoint route = camel.get().getEndpoint(ROUTE);
            started = route.createProducer();
            ServiceHelper.startService(started);
            producer = started;
        }
        return started;
    }

    private void answer(RoutingContext http, Message answer) {
        Duration wait = PreferWait.of(String.join(",", http.request().headers().getAll("Prefer")));
        if (wait.isZero()) {
            end(http.response(), answer);
        } else {
            waiting.whenFinished(http, answer, wait)
                    .onSuccess(message -> end(http.response(), message))
                    .onFailure(http::fail);
        }
    }

    private static void end(HttpServerResponse response, Message answer) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(PreferWait.status(answer));
        answer.getHeaders().forEach((name, value) -> {
            if (AnswerHeaders.isOurs(name, value)) {
                response.putHeader(name, String.valueOf(value));
            }
        });
        response.end(answer.getBody(String.class));
    }
}
