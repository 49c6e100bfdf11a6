package dev.switchboard.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.message.FailureClass;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.QueueBrowser;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes from the broker what the bus has published there. */
final class Letters {

    private static final List<String> VENDORS = List.of("happytalk", "thulium");
    private static final long EMPTY = 300;

    private final String url;

    Letters(String url) {
        this.url = url;
    }

    @FunctionalInterface
    private interface Use {
        void letter(String correlation, JsonNode view);
    }

    Published take() throws JMSException, JsonProcessingException {
        var replies = new HashSet<Published.Reply>();
        var deadLetters = new HashSet<String>();
        try (JMSContext session = QueueFeeder.connections(url).createContext()) {
            each(session, QueueFeeder.REPLIES, (correlation, view) -> replies.add(reply(correlation, view)));
            for (String vendor : VENDORS) {
                for (FailureClass failureClass : FailureClass.values()) {
                    String queue = "dead-letter." + vendor + "." + failureClass;
                    each(session, queue, (correlation, view) -> deadLetters.add(letter(vendor, failureClass, view)));
                }
            }
        }
        return new Published(replies, Set.copyOf(deadLetters), List.of());
    }

    /** Returns the ids of messages that the bus has not taken yet. */
    Set<String> untaken() throws JMSException, JsonProcessingException {
        var ids = new HashSet<String>();
        try (JMSContext session = QueueFeeder.connections(url).createContext();
                QueueBrowser browser = session.createBrowser(session.createQueue(QueueFeeder.MESSAGES))) {
            for (Enumeration<?> left = browser.getEnumeration(); left.hasMoreElements(); ) {
                Message next = (Message) left.nextElement();
                ids.add(RestClient.JSON
                        .readTree(next.getBody(String.class))
                        .path("id")
                        .asText());
            }
        }
        return ids;
    }

    private static void each(JMSContext session, String queue, Use use) throws JMSException, JsonProcessingException {
        try (JMSConsumer consumer = session.createConsumer(session.createQueue(queue))) {
            for (Message next = consumer.receive(EMPTY); next != null; next = consumer.receive(EMPTY)) {
                JsonNode view = RestClient.JSON.readTree(next.getBody(String.class));
                use.letter(String.valueOf(next.getJMSCorrelationID()), view);
            }
        }
    }

    private static Published.Reply reply(String correlation, JsonNode view) {
        return new Published.Reply(
                correlation, view.path("id").asText(), view.path("state").asText());
    }

    private static String letter(String vendor, FailureClass failureClass, JsonNode view) {
        return vendor + " " + failureClass + " " + view.path("id").asText();
    }
}
