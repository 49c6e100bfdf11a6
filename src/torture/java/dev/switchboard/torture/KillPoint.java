package dev.switchboard.torture;

import java.util.Locale;

/** The points of a message's way at which a process is killed. Each is a method that is entered or left. */
enum KillPoint {
    /** The message is on disk, and its sender does not know. */
    AFTER_INTAKE_WRITE("dev.switchboard.intake.AcceptProducer", "view", Side.EXIT, 60),
    /** The mark of the attempt is on disk, and nothing has been done. */
    AFTER_CLAIM("dev.switchboard.lane.Attempts$Running", "run", Side.ENTER, 60),
    /** The request is made, and no connection taken. */
    BEFORE_CONNECT("dev.switchboard.delivery.VendorCall", "call", Side.ENTER, 60),
    /** The request has left whole. */
    AFTER_LAST_REQUEST_BYTE(
            "org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection", "receiveResponseHeader", Side.ENTER, 60),
    /** The head of the answer is there. */
    AFTER_FIRST_ANSWER_BYTE(
            "org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection", "receiveResponseHeader", Side.EXIT, 60),
    /** The outcome is known, and not written. */
    BEFORE_OUTCOME_WRITE("dev.switchboard.lane.Outcomes", "write", Side.ENTER, 60),
    /** The outcome is on disk, and the lane does not know. */
    AFTER_OUTCOME_WRITE("dev.switchboard.lane.Attempts", "written", Side.ENTER, 60),
    /** A results file is half written. */
    DURING_RESULTS_FILE("dev.switchboard.batch.Results", "print", Side.EXIT, 20),
    /** A reply or dead letter is published, and this is not noted. */
    DURING_OUTBOX("dev.switchboard.outbox.OutboxConsumer", "note", Side.ENTER, 10);

    /** Where in a method. */
    enum Side {
        ENTER,
        EXIT
    }

    private final String owner;
    private final String method;
    private final Side side;
    private final int most;

    KillPoint(String owner, String method, Side side, int most) {
        this.owner = owner;
        this.method = method;
        this.side = side;
        this.most = most;
    }

    /** Returns at the latest of which passing a process is killed. */
    int most() {
        return most;
    }

    /** Tells {@link KillPointAgent} what to do. */
    String argument(int passing) {
        return String.join(";", toString(), owner, method, side.name(), Integer.toString(passing));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
