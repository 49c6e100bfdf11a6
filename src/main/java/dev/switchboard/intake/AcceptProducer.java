package dev.switchboard.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.security.Caller;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Accepted;
import dev.switchboard.store.BatchChunk;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.tracing.Spans;
import dev.switchboard.vendor.MessageCheck;
import io.opentelemetry.api.trace.Span;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Checks and keeps one message and leaves its view in the body, with the status and {@code Location} that REST answers: for REST as JSON text,
 * which is written once and at once; a stream would go to and fro between threads.
 */
final class AcceptProducer extends DefaultAsyncProducer {

    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final ObjectMapper JSON = MessageCheck.strictJson();

    private record Offer(Incoming incoming, Span span) {}

    private final Store store;
    private final Lifetime lifetime;
    private final Spans spans;
    private final SenderLimits limits;
    private final MessageCheck check;
    private final String intake;

    AcceptProducer(
            Endpoint endpoint,
            Store store,
            MessageCheck check,
            Lifetime lifetime,
            Spans spans,
            SenderLimits limits,
            String intake) {
        super(endpoint);
        this.store = store;
        this.check = check;
        this.lifetime = lifetime;
        this.spans = spans;
        this.limits = limits;
        this.intake = intake;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            if (exchange.getMessage().getBody() instanceof Chunk chunk) {
                accept(chunk, exchange.getProperty(WriteBehind.PROPERTY, WriteBehind.class));
                callback.done(true);
                return true;
            }
            Offer offer = offer(exchange);
            CommitGroup group = CommitGroup.current();
            if (group != null) {
                CompletableFuture<Accepted> kept = group.accept(offer.incoming);
                kept.whenComplete((accepted, failure) -> goOn(exchange, offer, kept, callback));
                return false;
            }
            ObjectNode view = view(
                    exchange,
                    offer,
                    store.messages().accept(List.of(offer.incoming)).thenApply(accepted -> accepted.get(0)));
            answer(exchange, view);
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            exchange.getMessage().setBody(view.toString());
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    /** Goes on behind {@code accept:} when the messages that came together are on disk, or are not. */
    private void goOn(Exchange exchange, Offer offer, CompletableFuture<Accepted> kept, AsyncCallback callback) {
        try {
            answer(exchange, view(exchange, offer, kept));
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(false);
    }

    private Offer offer(Exchange exchange) {
        Message message = read(exchange.getMessage().getBody(), exchange);
        Caller caller = exchange.getProperty(Caller.PROPERTY, Caller.class);
        identify(message, key(exchange), exchange);
        if (caller != null) {
            limits.check(message, caller);
        }
        if (message.id().equals(message.conversationOf())) {
            throw Refused.invalid("conversationOf", "other", "is the message itself");
        }
        String expiresAt = exchange.getProperty(QueueRequest.EXPIRES_AT, String.class);
        if (expiresAt != null && message.expiresAt() == null) {
            message.json().put("expiresAt", expiresAt);
        }
        String traceparent = exchange.getProperty(AcceptComponent.TRACE, String.class);
        Span span = spans.acceptance(message, intake, traceparent);
        var source = new Incoming.Source(
                intake,
                null,
                null,
                exchange.getProperty(AcceptComponent.REPLY_TO, String.class),
                exchange.getProperty(AcceptComponent.CORRELATION, String.class),
                Spans.traceparent(span, traceparent),
                caller == null ? null : caller.sender());
        return new Offer(lifetime.incoming(message, source), span);
    }

    /** Checks what a route brings: JSON as a tree, as text or bytes, or fields by their names as data formats make them. */
    private Message read(@Nullable Object body, Exchange exchange) {
        if (body instanceof JsonNode tree) {
            return check.check(tree);
        }
        if (body instanceof Message checked) {
            return checked;
        }
        if (body instanceof Map<?, ?> fields) {
            return check.check(JSON.valueToTree(fields));
        }
        String text = exchange.getMessage().getBody(String.class);
        if (text == null) {
            throw Refused.because(400, "There is no message: the body before accept:" + intake + " is empty.");
        }
        return check.check(MessageCheck.parse(JSON, text));
    }

    /** Returns the view of what was kept, when it is on disk. */
    private ObjectNode view(Exchange exchange, Offer offer, CompletableFuture<Accepted> kept) {
        Accepted accepted;
        try {
            accepted = Store.written(kept);
        } finally {
            offer.span.end();
        }
        Caller caller = exchange.getProperty(Caller.PROPERTY, Caller.class);
        if (accepted.kind() == Accepted.Kind.CONFLICT
                || (accepted.kind() == Accepted.Kind.DUPLICATE && !sees(caller, accepted.id()))) {
            throw Refused.because(409, "There is already another message with the id " + accepted.id() + ".");
        }
        boolean known =
                accepted.kind() == Accepted.Kind.NEW && offer.incoming.message().conversationOf() == null;
        return known ? accepted.view(offer.incoming) : found(accepted.id());
    }

    private ObjectNode found(String id) {
        return store.messages().find(id).orElseThrow();
    }

    private boolean sees(@Nullable Caller caller, String id) {
        return caller == null
                || caller.seesOthers()
                || store.messages().find(id).filter(caller::sees).isPresent();
    }

    /** Keeps a chunk in one commit, with the checkpoint behind it. */
    private void accept(Chunk chunk, WriteBehind behind) {
        List<Incoming> incoming = chunk.messages().stream()
                .map(line -> lifetime.incoming(
                        line.message(),
                        new Incoming.Source(intake, chunk.batch(), line.number(), null, null, null, chunk.sender())))
                .toList();
        behind.write(() -> store.batches()
                .accept(new BatchChunk(
                        chunk.batch(),
                        chunk.records(),
                        incoming,
                        i -> chunk.messages().get(i).raw().get(),
                        chunk.invalid(),
                        chunk.further())));
    }

    /** Reads the key, which the IETF's draft puts in quotes and most senders do not; null where none was given. */
    private static @Nullable String key(Exchange exchange) {
        String given = exchange.getProperty(AcceptComponent.IDEMPOTENCY_KEY, String.class);
        if (given == null) {
            return null;
        }
        Matcher quoted = QUOTED.matcher(given.strip());
        String key = quoted.matches() ? quoted.group(1) : given.strip();
        if (!MessageId.FORM.matcher(key).matches()) {
            String wrong = key.isEmpty() ? "is empty" : "must match [A-Za-z0-9._:-]{1,128} and not be . or ..";
            throw Refused.invalid("Idempotency-Key", "pattern", wrong);
        }
        return key;
    }

    private static void identify(Message message, @Nullable String key, Exchange exchange) {
        if (message.text("id") == null) {
            message.json().put("id", key == null ? derived(exchange) : key);
        } else if (key != null && !key.equals(message.id())) {
            throw Refused.invalid("Idempotency-Key", "const", "differs from the message's id");
        }
    }

    /** A message from a queue is recognised by the broker's id when it comes again; one without any id would not be. */
    private static String derived(Exchange exchange) {
        String jmsId = exchange.getProperty(QueueRequest.JMS_ID, String.class);
        if (jmsId != null && jmsId.isEmpty()) {
            throw Refused.invalid("id", "required", "is missing, and the JMS message has no id either");
        }
        return jmsId == null ? MessageId.next() : jmsId;
    }

    private static void answer(Exchange exchange, ObjectNode view) {
        boolean finished = State.of(view.path("state").asText()).finished();
        exchange.getMessage().setBody(view);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, finished ? 200 : 202);
        exchange.getMessage()
                .setHeader("Location", "/messages/" + view.path("id").asText());
    }
}
