package dev.switchboard.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Visible;
import dev.switchboard.store.Accepted;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Inbound;
import dev.switchboard.vendor.Vendors;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes of a vendor's call one message for each receiver that wants it, and keeps them all in one commit. From there on they go the
 * way of every message: in the order of their conversation, tried again, and dead letters where a receiver does not take them.
 */
public final class InboundMessages {

    private static final Logger LOG = LoggerFactory.getLogger(InboundMessages.class);
    private static final Set<String> FIELDS =
            Set.of("kind", "conversationId", "customerId", "type", "text", "url", "urls", "at", "vendorId", "extra");
    private static final int LONGEST_ID = 255;

    private final Vendors vendors;
    private final Lifetime lifetime;
    private final Store store;

    /** Keeps messages in a store. */
    public InboundMessages(Vendors vendors, Lifetime lifetime, Store store) {
        this.vendors = vendors;
        this.lifetime = lifetime;
        this.store = store;
    }

    /** Leaves the body of a call as JSON, and keeps it as raw. */
    public void read(Exchange exchange) {
        JsonNode raw = event(exchange).read(exchange.getMessage().getBody(byte[].class));
        exchange.setProperty("raw", raw);
        exchange.getMessage().setBody(raw);
    }

    /** Makes an event of kind {@code other} of a call that no route explains. */
    public void unknown(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        if (caught != null) {
            LOG.warn(
                    "{}: a call could not be shaped, and is handed on as other",
                    event(exchange).account().lane());
            LOG.debug("It failed here", caught);
        }
        exchange.getMessage().setBody(Json.object().put("kind", "other"));
    }

    /**
     * Keeps the event. One that is known is dropped; where the vendor names nothing to know it by, it is kept again and
     * marked as a possible duplicate.
     *
     * @throws dev.switchboard.message.Refused (503) when the store takes nothing now
     */
    public void keep(Exchange exchange) {
        InboundEvent event = event(exchange);
        JsonNode raw = Objects.requireNonNull(exchange.getProperty("raw", JsonNode.class));
        ObjectNode shaped = shaped(exchange.getMessage().getBody());
        Inbound inbound = Objects.requireNonNull(event.account().vendor().inbound());
        String named = event.identity(raw, inbound.duplicate(exchange.getProperty("call", String.class)));
        String identity = named == null ? event.path() + "\n" + raw : event.path() + "\n" + named;
        String id = event.id(identity);
        List<Receiver> wanting = Receiver.all(vendors)
                .filter(receiver -> receiver.wants(
                        event.account().lane(), shaped.path("kind").asText()))
                .toList();
        List<Accepted> kept = accept(wanting.stream()
                .map(receiver -> message(event, id, receiver, shaped, raw))
                .toList());
        exchange.getMessage().setBody(kept.stream().map(Accepted::id).toList());
        if (named == null) {
            shaped.put("possibleDuplicate", true);
            String other = id + "-" + MessageId.next();
            accept(IntStream.range(0, kept.size())
                    .filter(i -> kept.get(i).kind() != Accepted.Kind.NEW)
                    .mapToObj(i -> message(event, other, wanting.get(i), shaped, raw))
                    .toList());
        }
    }

    /** Returns the fields that an event may have. A route that found nothing may leave no body, or none with fields. */
    private static ObjectNode shaped(@Nullable Object body) {
        ObjectNode shaped = Json.object();
        JsonNode found = body instanceof JsonNode json ? json : shaped;
        found.properties().stream()
                .filter(field ->
                        FIELDS.contains(field.getKey()) && !field.getValue().isNull())
                .forEach(field -> shaped.set(field.getKey(), field.getValue()));
        if (shaped.path("kind").asText().isEmpty()) {
            shaped.put("kind", "other");
        }
        return shaped;
    }

    private static Message message(InboundEvent event, String id, Receiver receiver, ObjectNode shaped, JsonNode raw) {
        ObjectNode json = Json.object();
        json.put("id", receiver.messageId(id));
        json.put("vendor", receiver.account().vendor().name());
        json.put("account", receiver.account().name());
        json.put("operation", receiver.operation());
        json.put("from", event.account().lane());
        json.setAll(shaped);
        String conversation = shaped.path("conversationId").asText();
        json.remove("conversationId");
        if (!conversation.isEmpty()) {
            json.put("conversationId", plain(event.account().lane() + "/" + conversation));
        }
        if (json.has("customerId")) {
            json.put("customerId", plain(json.path("customerId").asText()));
        }
        json.set("raw", raw);
        return new Message(json);
    }

    /** Makes an id one that each store can search by: not too long, and without characters that PostgreSQL refuses. */
    private static String plain(String id) {
        String visible = Visible.of(id);
        return visible.codePointCount(0, visible.length()) <= LONGEST_ID
                ? visible
                : visible.substring(0, visible.offsetByCodePoints(0, LONGEST_ID));
    }

    private List<Accepted> accept(List<Message> messages) {
        if (messages.isEmpty()) {
            return List.of();
        }
        List<Incoming> incoming = messages.stream()
                .map(message -> lifetime.incoming(message, Incoming.Source.of("inbound", null)))
                .toList();
        return Store.written(store.messages().accept(incoming));
    }

    private static InboundEvent event(Exchange exchange) {
        return Objects.requireNonNull(exchange.getProperty(InboundEvent.PROPERTY, InboundEvent.class));
    }
}
