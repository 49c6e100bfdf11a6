package dev.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** When each message was posted, accepted and seen by the vendor. */
final class Journey {

    /** How many are remembered: those of the last minutes. */
    private static final int MOST = 1 << 21;

    private final AtomicLongArray posted = new AtomicLongArray(MOST);
    private final AtomicLongArray accepted = new AtomicLongArray(MOST);
    private final AtomicLongArray arrived = new AtomicLongArray(MOST);
    private final AtomicInteger postedCount = new AtomicInteger();
    private final AtomicInteger acceptedCount = new AtomicInteger();
    private final AtomicInteger arrivedCount = new AtomicInteger();
    private final AtomicInteger again = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String refusal = "";

    /** Notes a message that is due now or was before, and returns its number. */
    int posts(long when) {
        int number = postedCount.getAndIncrement();
        posted.set(number % MOST, when);
        accepted.set(number % MOST, 0);
        arrived.set(number % MOST, 0);
        return number;
    }

    void accepts(int number) {
        accepted.set(number % MOST, System.nanoTime());
        acceptedCount.incrementAndGet();
    }

    void refuses(String answer) {
        refusal = answer;
        refused.incrementAndGet();
    }

    /** Notes a call that the vendor got. */
    void arrives(int number) {
        if (arrived.compareAndSet(number % MOST, 0, System.nanoTime())) {
            arrivedCount.incrementAndGet();
        } else {
            again.incrementAndGet();
        }
    }

    int posted() {
        return postedCount.get();
    }

    int accepted() {
        return acceptedCount.get();
    }

    int arrived() {
        return arrivedCount.get();
    }

    /** Returns whether each message was answered, and each that was accepted has come. */
    boolean isOver() {
        return accepted() + refused() == posted() && arrived() >= accepted();
    }

    /** Returns how many calls brought what the vendor had seen before. */
    int again() {
        return again.get();
    }

    /** Returns what was said last to a message that was not accepted. */
    String refusal() {
        return refusal;
    }

    int refused() {
        return refused.get();
    }

    /** Returns, in microseconds, the times from the acceptance of messages to the vendor's first byte of them. */
    List<Long> added(int from, int to) {
        return between(from, to, accepted);
    }

    /** Returns, in microseconds, the times from the post of messages to the vendor's first byte of them. */
    List<Long> whole(int from, int to) {
        return between(from, to, posted);
    }

    private List<Long> between(int from, int to, AtomicLongArray begins) {
        var times = new ArrayList<Long>();
        for (int number = from; number < to; number++) {
            if (arrived.get(number % MOST) != 0 && begins.get(number % MOST) != 0) {
                times.add(Math.max(0, arrived.get(number % MOST) - begins.get(number % MOST)) / 1_000);
            }
        }
        return times;
    }
}
