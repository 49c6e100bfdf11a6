package dev.switchboard.torture;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/** The conversations of one sender, each with its next number. */
final class Conversations {

    private final String intake;
    private final String prefix;
    private final int count;
    private final Random random;
    private final Map<Integer, Integer> last = new HashMap<>();

    Conversations(String intake, String prefix, int count, long seed) {
        this.intake = intake;
        this.prefix = prefix;
        this.count = count;
        this.random = new Random(seed);
    }

    /** Returns the next message of one of them. */
    Sent next() {
        int conversation = random.nextInt(count);
        return new Sent(prefix + "-" + conversation, last.merge(conversation, 1, Integer::sum), intake);
    }
}
