package dev.switchboard.torture;

import dev.switchboard.RestClient;
import java.io.UncheckedIOException;

/** Sends by REST. Only an answer means that a message is accepted. */
final class RestFeeder extends Feeder {

    private final RestClient bus;
    private final Conversations conversations;
    private final Ledger ledger;

    RestFeeder(RestClient bus, Conversations conversations, Ledger ledger) {
        this.bus = bus;
        this.conversations = conversations;
        this.ledger = ledger;
    }

    @Override
    void feed() {
        while (goesOn()) {
            Sent message = conversations.next();
            while (!taken(message)) {
                pause(100);
            }
            ledger.accepted(message);
            pause(5);
        }
    }

    private boolean taken(Sent message) {
        try {
            RestClient.Answer answer = bus.submit(message.json());
            if (answer.status() != 200 && answer.status() != 202 && answer.status() != 503) {
                throw new IllegalStateException(message.id() + " was refused: " + answer.text());
            }
            return answer.status() != 503;
        } catch (UncheckedIOException e) {
            // the bus is down, or went down: the same id again does no harm
            return false;
        }
    }
}
