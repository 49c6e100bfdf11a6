package dev.switchboard.operate;

import dev.switchboard.intake.Lifetime;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Replay;
import dev.switchboard.store.Store;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Continues all runs, including those that another process left. One process at a time does so. */
@Singleton
public final class ReplayRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);
    private static final long WHILE_RUNNING = 100;
    private static final long OTHERWISE = 1_000;

    private final Store store;
    private final Lifetime lifetimes;
    private final Map<Long, Pace> paces = new HashMap<>();
    private final Rounds rounds;
    private final AutoCloseable registration;

    /** Begins to look for runs. */
    public ReplayRunner(Store store, Lifetime lifetimes) {
        this.store = store;
        this.lifetimes = lifetimes;
        this.rounds = new Rounds("replays", store, this::round, OTHERWISE);
        this.registration = store.onWork("replays", rounds::call);
        rounds.begin();
    }

    /** Continues the runs; returns after how many milliseconds to look again. */
    private long round() {
        List<Replay> running = store.replays().running();
        paces.keySet().removeIf(run -> running.stream().noneMatch(each -> each.seq() == run));
        if (running.isEmpty() || !store.replays().own().join()) {
            return OTHERWISE;
        }
        boolean more = false;
        for (Replay each : running) {
            more |= step(each);
        }
        return more ? 1 : WHILE_RUNNING;
    }

    private boolean step(Replay replay) {
        long now = System.nanoTime();
        Pace pace = paces.computeIfAbsent(replay.seq(), any -> new Pace(replay, now));
        int most = pace.allowed(replay, now);
        if (most == 0 || replay.total() == replay.replayed() + replay.skipped()) {
            return false;
        }
        boolean more = store.replays()
                .step(replay.seq(), most, pace.stage(), this::lifetime)
                .join();
        pace.taken(most);
        return more && Pace.rate(replay, pace.stage()) == null;
    }

    private @Nullable Long lifetime(String lane) {
        int slash = lane.indexOf('/');
        try {
            return lifetimes
                    .of(lane.substring(0, slash), lane.substring(slash + 1))
                    .toMillis();
        } catch (Refused e) {
            return null;
        }
    }

    @Override
    @PreDestroy
    public void close() {
        try {
            registration.close();
        } catch (Exception e) {
            LOG.debug("Replays did not end in order.", e);
        }
        rounds.close();
    }
}
