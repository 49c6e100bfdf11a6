package dev.switchboard.lane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.outbox.OutboxEndpoint;
import dev.switchboard.store.Incoming;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.MessageCheck;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.support.CamelContextHelper;
import org.apache.camel.support.DefaultProducer;

/**
 * Does a message at once. Its failure is told as a status of HTTP, as the one who asks is there to hear it. In an error handler
 * it chooses the lane to which a message that failed goes as a new one.
 */
final class LaneProducer extends DefaultProducer {

    /** The exchange property that holds what is sent instead of a message that failed. */
    static final String FALLBACK = "fallback";

    private final LaneEndpoint endpoint;

    LaneProducer(LaneEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        if (exchange.getProperty(OutboxEndpoint.FAILURE) != null) {
            fallBack(exchange);
            return;
        }
        Message message = exchange.getMessage().getMandatoryBody(Message.class);
        try {
            endpoint.lanes().running(endpoint.account().lane()).doAtOnce(message, exchange);
        } catch (DeliveryFailed failure) {
            throw refusal(failure);
        }
    }

    /** What may have been done is never sent a second time, and no lane is its own fallback. */
    private void fallBack(Exchange exchange) throws Exception {
        Account account = endpoint.account();
        JsonNode body = exchange.getMessage().getMandatoryBody(JsonNode.class);
        String failedIn = exchange.getProperty("vendor") + "/" + exchange.getProperty("account");
        if (!exchange.getProperty(FailureHandlers.NOT_DONE, false, Boolean.class)
                || account.lane().equals(failedIn)) {
            return;
        }
        ObjectNode fields = Message.ofView(body).put("id", MessageId.next());
        fields.put("vendor", account.vendor().name()).put("account", account.name());
        Message message = CamelContextHelper.mandatoryLookup(exchange.getContext(), "messageCheck", MessageCheck.class)
                .check(fields);
        var operation = account.operation(message.operation());
        long expires = endpoint.lanes()
                .settings(account)
                .expiry(message.operation(), Instant.now())
                .toEpochMilli();
        exchange.setProperty(
                FALLBACK, new Incoming(message, operation.api(), expires, Incoming.Source.of(FALLBACK, null)));
    }

    private static Refused refusal(DeliveryFailed failure) {
        String title = failure.words() == null ? failure.meaning() : failure.meaning() + " (" + failure.words() + ")";
        return switch (failure.getFailureClass()) {
            case INVALID -> Refused.because(422, title);
            case GONE -> Refused.because(404, title);
            case REFUSED, CLOSED -> Refused.because(409, title);
            case UNAVAILABLE ->
                failure.uncertain() && failure.code() == null
                        ? Refused.because(504, title)
                        : Refused.forNow(title, seconds(failure));
            default -> Refused.because(502, title);
        };
    }

    private static int seconds(DeliveryFailed failure) {
        Instant asked = failure.retryAfter();
        return asked == null
                ? 5
                : (int) Math.max(1, Duration.between(Instant.now(), asked).toSeconds());
    }
}
