package dev.switchboard.cli;

import java.util.Collection;
import java.util.stream.Collectors;

/** What was asked for is not done; the message is for people. */
final class NotDone extends RuntimeException {

    private static final long serialVersionUID = 1;
    private static final int MOST = 20;

    NotDone(String message) {
        super(message);
    }

    /** Refuses a name that does not exist, and lists those that do. */
    static NotDone unknown(String kind, String name, Collection<String> known) {
        String all = known.stream().distinct().sorted().limit(MOST).collect(Collectors.joining(", "));
        return new NotDone("there is no " + kind + " " + Table.line(name) + "; there "
                + (all.isEmpty() ? "are none" : "are: " + Table.line(all)));
    }
}
