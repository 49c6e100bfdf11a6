package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the store made of an incoming message.
 *
 * @param id the message's id
 * @param kind whether it is new
 * @param at when it was kept, in milliseconds since 1970, where it is new
 */
public record Accepted(String id, Kind kind, long at) {

    /** Shows a message that is new as it was kept: to read it back would cost as much as to write it. */
    public ObjectNode view(Incoming incoming) {
        return View.accepted(incoming, at);
    }

    /** Whether a message is new. */
    public enum Kind {
        /** It has been stored. */
        NEW("accepted"),
        /** The same message had been stored before. */
        DUPLICATE("duplicate"),
        /** Another message of the same id had been stored before. */
        CONFLICT("conflict");

        private final String name;

        Kind(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
