package dev.switchboard.lane;

import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import java.time.Duration;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/** Does a message at once. Its failure is told as a status of HTTP, as the one who asks is there to hear it. */
final class LaneProducer extends DefaultProducer {

    private final LaneEndpoint endpoint;

    LaneProducer(LaneEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage().getMandatoryBody(Message.class);
        try {
            endpoint.lanes().running(endpoint.account().lane()).doAtOnce(message, exchange);
        } catch (DeliveryFailed failure) {
            throw refusal(failure);
        }
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
