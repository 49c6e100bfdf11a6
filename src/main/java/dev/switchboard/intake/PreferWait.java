package dev.switchboard.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.State;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Store;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back the answer of {@code POST /messages} until the outcome is there, where the sender prefers that (RFC 7240,
 * {@code Prefer: wait=10}). Camel's HTTP server keeps a worker thread until a route has ended, so some dozens of waiters would
 * stop all other calls: here the route only takes the message in, and no thread waits.
 */
public final class PreferWait {

    private static final Logger LOG = LoggerFactory.getLogger(PreferWait.class);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String WAIT = PreferWait.class.getName();
    private static final int ACCEPTED = 202;
    private static final int FINISHED = 200;
    /** After it is known who asks, and before Camel. */
    private static final int ORDER = -2;

    private static final List<String> GIVEN = List.of("Content-Type", "Idempotency-Key", "traceparent");
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final String TOKEN = "[^\\s\",;=]++";
    /** One preference: its name, its value, and parameters that are passed over. */
    private static final Pattern PREFERENCE = Pattern.compile("\\G[\\s,]*+(" + TOKEN + ")(?:\\s*+=\\s*+(" + TOKEN + "|"
            + QUOTED + ")?)?+\\s*+(?:;(?:[^\",]|" + QUOTED + ")*+)?+(?=,|$)");

    private static final Executor WAITERS = ForkJoinPool.commonPool();

    private final Supplier<Store> store;
    private final Supplier<ProducerTemplate> routes;
    private final ObjectMapper json;

    /** Takes messages in by their route, and looks in the store for their outcome. */
    public PreferWait(Supplier<Store> store, Supplier<ProducerTemplate> routes, ObjectMapper json) {
        this.store = store;
        this.routes = routes;
        this.json = json;
    }

    /**
     * Takes its place among those who handle requests.
     *
     * @param largest how many bytes a body may have
     */
    public void register(Router router, long largest) {
        BodyHandler body = BodyHandler.create(false).setBodyLimit(largest);
        router.post("/messages").order(ORDER).handler(http -> {
            Duration wait = of(String.join(",", http.request().headers().getAll("Prefer")));
            http.put(WAIT, wait);
            if (wait.isZero()) {
                http.next();
            } else {
                body.handle(http);
            }
        });
        router.post("/messages").order(ORDER + 1).handler(http -> {
            Duration wait = http.get(WAIT);
            if (wait.isZero()) {
                http.next();
            } else {
                take(http, wait);
            }
        });
    }

    /** Reads {@code Prefer}: how long to wait, at most a minute; zero where that is not asked for, or not in whole seconds. */
    static Duration of(String prefer) {
        Matcher preference = PREFERENCE.matcher(prefer);
        while (preference.find()) {
            if (preference.group(1).equalsIgnoreCase("wait")) {
                return seconds(
                        preference.group(2) == null ? "" : preference.group(2).replace("\"", ""));
            }
        }
        return Duration.ZERO;
    }

    private static Duration seconds(String value) {
        if (!value.matches("\\d{1,100}")) {
            return Duration.ZERO;
        }
        Duration asked = Duration.ofSeconds(value.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(value));
        return asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    private void take(RoutingContext http, Duration wait) {
        Caller caller = Caller.of(http.user(), http.request().remoteAddress());
        http.vertx()
                .executeBlocking(() -> accept(http, caller), false)
                .compose(answer -> whenFinished(http, answer, wait))
                .onSuccess(answer -> end(http.response(), answer))
                .onFailure(http::fail);
    }

    private Message accept(RoutingContext http, @Nullable Caller caller) {
        Exchange done = routes.get().request("direct:submitMessage", exchange -> {
            exchange.setProperty(Caller.PROPERTY, caller);
            for (String name : GIVEN) {
                List<String> values = http.request().headers().getAll(name);
                if (!values.isEmpty()) {
                    exchange.getMessage().setHeader(name, String.join(", ", values));
                }
            }
            Buffer body = http.body().buffer();
            exchange.getMessage().setBody(body == null || body.length() == 0 ? null : body.getBytes());
        });
        if (done.getException() != null) {
            throw new IllegalStateException("submitMessage failed", done.getException());
        }
        return done.getMessage();
    }

    private Future<Message> whenFinished(RoutingContext http, Message answer, Duration wait) {
        if (status(answer) != ACCEPTED) {
            return Future.succeededFuture(answer);
        }
        String location = answer.getHeader("Location", String.class);
        String id = location.substring(location.lastIndexOf('/') + 1);
        var finished = new CompletableFuture<Boolean>().orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS);
        http.response().closeHandler(gone -> finished.complete(false));
        listen(id, finished);
        return Future.fromCompletionStage(
                finished.handleAsync((outcome, late) -> show(id, answer), WAITERS),
                http.vertx().getOrCreateContext());
    }

    private void listen(String id, CompletableFuture<Boolean> finished) {
        Runnable look = () -> WAITERS.execute(() -> {
            if (store.get().messages().state(id).map(State::finished).orElse(true)) {
                finished.complete(true);
            }
        });
        AutoCloseable registration = store.get().onWork(id, look);
        finished.whenComplete((outcome, late) -> close(registration));
        look.run();
    }

    /** A message that has been taken in is answered as that, where nothing more can be read. */
    private Message show(String id, Message answer) {
        try {
            ObjectNode view = store.get().messages().find(id).orElseThrow();
            if (State.of(view.path("state").asText()).finished()) {
                answer.setHeader(Exchange.HTTP_RESPONSE_CODE, FINISHED);
            }
            answer.setBody(json.writeValueAsString(view));
        } catch (RuntimeException | JsonProcessingException e) {
            LOG.warn("The outcome of {} cannot be read for its sender, who waits for it: {}", id, e.getMessage());
        }
        return answer;
    }

    private static int status(Message answer) {
        return answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class);
    }

    private static void end(HttpServerResponse response, Message answer) {
        if (response.closed()) {
            return;
        }
        response.setStatusCode(status(answer));
        answer.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                response.putHeader(name, String.valueOf(value));
            }
        });
        response.end(answer.getBody(String.class));
    }

    private static void close(AutoCloseable registration) {
        try {
            registration.close();
        } catch (Exception e) {
            LOG.warn("A waiter could not be removed.", e);
        }
    }
}
