package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.store.StoreListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Tells once when a lane's messages die faster than they may, and again only after a minute in which they did not. It keeps the
 * times of so many dead letters as may come in a minute. Used by the store's thread alone.
 */
public final class DeadLetterWatch implements StoreListener {

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final int most;
    private final LongSupplier nanos;
    private final BiConsumer<String, ObjectNode> publish;
    private final Map<String, Lane> lanes = new HashMap<>();

    private static final class Lane {
        private final ArrayDeque<Long> times = new ArrayDeque<>();
        private long lastAbove;
        private boolean told;
    }

    /**
     * Makes a watch.
     *
     * @param most how many dead letters a minute a lane may have; 0: any number
     * @param nanos a clock as {@link System#nanoTime} is one
     * @param publish takes a lane's name, and the event
     */
    public DeadLetterWatch(int most, LongSupplier nanos, BiConsumer<String, ObjectNode> publish) {
        this.most = most;
        this.nanos = nanos;
        this.publish = publish;
    }

    @Override
    public void finished(String lane, Outcome outcome) {
        if (most > 0 && (outcome.state() == State.DEAD || outcome.state() == State.UNCERTAIN)) {
            died(lane, lanes.computeIfAbsent(lane, any -> new Lane()), nanos.getAsLong());
        }
    }

    private void died(String name, Lane lane, long now) {
        lane.times.add(now);
        if (lane.times.size() <= most) {
            return;
        }
        if (now - lane.times.remove() > MINUTE) {
            return;
        }
        if (!lane.told || now - lane.lastAbove > MINUTE) {
            publish.accept(name, event(name));
        }
        lane.told = true;
        lane.lastAbove = now;
    }

    private ObjectNode event(String lane) {
        int slash = lane.indexOf('/');
        return Json.object()
                .put("event", "dead-letters-above-rate")
                .put("vendor", lane.substring(0, slash))
                .put("account", lane.substring(slash + 1))
                .put("perMinute", most)
                .put("at", Instant.now().toString());
    }
}
