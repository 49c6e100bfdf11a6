package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.jspecify.annotations.Nullable;

/** The queue in which a sender wants its reply. No sender can choose a queue of the bus or the broker. */
final class ReplyAddress {

    private static final Pattern KIND = Pattern.compile("(?i)(?:temp-)?(queue|topic):(?://)?(.*)");

    /** No wildcards, which brokers do not send to; longer names fit into no broker. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}#*]{1,255}");

    /** Brokers write the address and the queue of it, or the path to one, as a name in parts. */
    private static final Pattern PARTS = Pattern.compile("::|/");

    private static final Pattern TAKEN = Pattern.compile(
            "(?i)\\s*(switchboard\\.(messages|invalid|events|undeliverable)|dead-letter\\..*|activemq\\..*|\\$sys.*)\\s*");

    private ReplyAddress() {}

    /**
     * Returns the name of the queue; null where no reply is wanted.
     *
     * @throws Refused (400) when it is a topic, or no queue of the sender's own
     */
    static @Nullable String of(@Nullable Destination address) throws JMSException {
        return address == null ? null : queue(address instanceof Topic ? "topic:" : name(address));
    }

    /** Artemis gives a destination that is a queue and a topic where a client does not say which. */
    private static String name(Destination address) throws JMSException {
        if (address instanceof ActiveMQDestination artemis) {
            return artemis.getAddress();
        }
        return String.valueOf(address instanceof Queue queue ? queue.getQueueName() : address);
    }

    private static String queue(String given) {
        Matcher kind = KIND.matcher(given);
        boolean named = kind.matches();
        if (named && kind.group(1).equalsIgnoreCase("topic")) {
            throw Refused.because(400, "The reply address is a topic. Use a queue.");
        }
        String name = named ? kind.group(2) : given;
        if (name.isBlank() || !NAME.matcher(name).matches() || name.startsWith("::") || name.endsWith("::")) {
            throw Refused.because(
                    400,
                    "The reply address is not the name of a queue: it is empty, has more than 255"
                            + " characters, or one of # and *, or a control character. Use a queue of your own.");
        }
        if (PARTS.splitAsStream(name).anyMatch(part -> TAKEN.matcher(part).matches())) {
            throw Refused.because(400, "The reply address is a queue of the bus. Use a queue of your own.");
        }
        return name;
    }
}
