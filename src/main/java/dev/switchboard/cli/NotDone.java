package dev.switchboard.cli;

/** What was asked for is not done; the message is for people. */
final class NotDone extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotDone(String message) {
        super(message);
    }
}
