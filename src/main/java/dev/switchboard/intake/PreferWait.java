package dev.switchboard.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.State;
import dev.switchboard.store.Store;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back the answer of {@code POST /messages} until the outcome is there, where the sender prefers that (RFC 7240,
 * {@code Prefer: wait=10}). No thread waits, so that thousands of senders can.
 */
public final class PreferWait {

    private static final Logger LOG = LoggerFactory.getLogger(PreferWait.class);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int ACCEPTED = 202;
    private static final int FINISHED = 200;
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final String TOKEN = "[^\\s\",;=]++";
    /** One preference: its name, its value, and parameters that are passed over. */
    private static final Pattern PREFERENCE = Pattern.compile("\\G[\\s,]*+(" + TOKEN + ")(?:\\s*+=\\s*+(" + TOKEN + "|"
            + QUOTED + ")?)?+\\s*+(?:;(?:[^\",]|" + QUOTED + ")*+)?+(?=,|$)");

    private static final Executor WAITERS = ForkJoinPool.commonPool();

    private final Supplier<Store> store;
    private final ObjectMapper json;

    /** Looks in a store for the outcome. */
    public PreferWait(Supplier<Store> store, ObjectMapper json) {
        this.store = store;
        this.json = json;
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

    /** Returns the answer with the outcome, or without one when the time is over. */
    Future<Message> whenFinished(RoutingContext http, Message answer, Duration wait) {
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

    static int status(Message answer) {
        return answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class);
    }

    private static void close(AutoCloseable registration) {
        try {
            registration.close();
        } catch (Exception e) {
            LOG.warn("A waiter could not be removed.", e);
        }
    }
}
