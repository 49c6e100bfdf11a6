package dev.switchboard.torture;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A message as its sender knows it.
 *
 * @param conversation the sender's conversation
 * @param number its place in the conversation, from 1
 * @param intake the way it goes: {@code rest}, {@code queue} or {@code file}
 */
record Sent(String conversation, int number, String intake) {

    String id() {
        return conversation + "." + number;
    }

    Kind kind() {
        return Kind.of(number);
    }

    ObjectNode json() {
        return kind().message(id(), conversation, number);
    }
}
