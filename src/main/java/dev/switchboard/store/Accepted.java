package dev.switchboard.store;

/**
 * What the store made of an incoming message.
 *
 * @param id the message's id
 * @param kind whether it is new
 */
public record Accepted(String id, Kind kind) {

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
