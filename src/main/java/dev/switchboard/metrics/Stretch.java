package dev.switchboard.metrics;

import java.util.Map;
import java.util.TreeMap;

/**
 * What happened in a lane during a stretch of time.
 *
 * @param delivered messages
 * @param failed messages that ended dead or uncertain, by their failure class
 * @param calls how many attempts ended
 * @param millis how long they took together
 * @param depth messages in the lane's queue: at the end of a short stretch, at most during a long one
 */
record Stretch(double delivered, Map<String, Double> failed, double calls, double millis, double depth) {

    static final Stretch NONE = new Stretch(0, Map.of(), 0, 0, 0);

    /** Returns both stretches as one. */
    Stretch and(Stretch next) {
        return new Stretch(
                delivered + next.delivered,
                sum(failed, next.failed, 1),
                calls + next.calls,
                millis + next.millis,
                Math.max(depth, next.depth));
    }

    /** Returns what happened since then, where both were counted from the start of the process. */
    Stretch since(Stretch before) {
        return new Stretch(
                delivered - before.delivered,
                sum(failed, before.failed, -1),
                calls - before.calls,
                millis - before.millis,
                depth);
    }

    private static Map<String, Double> sum(Map<String, Double> one, Map<String, Double> other, int sign) {
        var sum = new TreeMap<>(one);
        other.forEach((name, count) -> sum.merge(name, sign * count, Double::sum));
        sum.values().removeIf(count -> count == 0);
        return sum;
    }
}
