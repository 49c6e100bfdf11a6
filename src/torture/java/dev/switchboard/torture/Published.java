package dev.switchboard.torture;

import java.util.List;
import java.util.Set;

/**
 * What the bus gave out.
 *
 * @param replies answers to senders by queue
 * @param deadLetters each as {@code vendor class id}
 * @param faults what else is wrong, a sentence each
 */
record Published(Set<Reply> replies, Set<String> deadLetters, List<String> faults) {

    static final Published NOTHING = new Published(Set.of(), Set.of(), List.of());

    /**
     * A message view that a sender by queue got.
     *
     * @param correlation the JMSCorrelationID, which is the message's id
     */
    record Reply(String correlation, String id, String state) {}
}
