package dev.switchboard.torture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.RestClient;

/** What a message of the harness asks for. */
enum Kind {
    /** HappyTalk's {@code send}, which may not be done twice. */
    SEND,
    /** HappyTalk's {@code end}, in the same conversations, which may. */
    END,
    /** Thulium's {@code end}: another lane, and a conversation for each message. */
    STOP;

    /** Nine of ten go to one lane; a few of those may be repeated, as circuits like to probe with them. */
    static Kind of(int number) {
        return switch (number % 10) {
            case 3 -> STOP;
            case 7 -> END;
            default -> SEND;
        };
    }

    /** Writes a message as its sender does. The vendor sees conversation and number again. */
    ObjectNode message(String id, String conversation, int number) {
        ObjectNode message = RestClient.JSON.createObjectNode().put("id", id);
        if (this == STOP) {
            return message.put("vendor", "thulium").put("operation", "end").put("conversationId", id);
        }
        message.put("vendor", "happytalk").put("customerId", "user-" + number).put("conversationId", conversation);
        return this == END
                ? message.put("operation", "end")
                : message.put("operation", "send").put("text", "message " + number);
    }

    /** Returns the vendor whose lane takes it. */
    String vendor() {
        return this == STOP ? "thulium" : "happytalk";
    }
}
