package dev.switchboard.torture;

/** A fault cannot be made on this machine; the text says what is missing. */
final class NotPossible extends Exception {

    NotPossible(String message) {
        super(message);
    }
}
