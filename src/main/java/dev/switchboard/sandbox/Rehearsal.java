package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Has a bus start, take a message and stop, so that its JVM can keep what it loaded for the next start. */
final class Rehearsal {

    /** It gives way to all others, and its JVM writes the archive after the bus has stopped. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Rehearsal() {}

    /** Its arguments are the command that runs a class of the program, with the option that makes the archive. */
    public static void main(String[] jvm) throws IOException, InterruptedException {
        DemoBus bus = DemoBus.start(List.of(jvm), LONGEST);
        try {
            bus.post(JsonNodeFactory.instance
                    .objectNode()
                    .put("vendor", "happytalk")
                    .put("operation", "send")
                    .put("conversationId", "rehearsal")
                    .put("customerId", "rehearsal")
                    .put("text", "rehearsal"));
        } finally {
            bus.stop(LONGEST);
            bus.forget();
        }
    }
}
