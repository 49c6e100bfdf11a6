package dev.switchboard.queue;

import dev.switchboard.database.Sql;
import dev.switchboard.ownership.Owners;
import dev.switchboard.ownership.Watch;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lanes that run in this process, whichever instance serves them. */
public final class RunningLanes implements Watch.Lanes {

    private final Owners owners;
    private final Map<String, ArrivalClaimer> claimers = new ConcurrentHashMap<>();
    private Map<String, LaneState> states = Map.of();

    public RunningLanes(Owners owners) {
        this.owners = owners;
    }

    /** Lets a lane claim messages as they come. */
    public void attach(String lane, ArrivalClaimer claimer) {
        claimers.put(lane, claimer);
    }

    public void detach(String lane) {
        claimers.remove(lane);
    }

    /** Returns a lane; null where it does not run. */
    public @Nullable ArrivalClaimer get(String lane) {
        return claimers.get(lane);
    }

    @Override
    public Set<String> served() {
        return claimers.keySet();
    }

    @Override
    public Map<String, String> look(Sql sql) {
        states = LaneState.all(sql, owners.id()).stream().collect(Collectors.toMap(LaneState::name, each -> each));
        return states.values().stream()
                .filter(state -> state.owner() != null)
                .collect(Collectors.toMap(LaneState::name, state -> String.valueOf(state.owner())));
    }

    /** Tells each lane what it is like. */
    @Override
    public void spread() {
        claimers.forEach((lane, claimer) -> {
            LaneState state = states.get(lane);
            claimer.looked(state == null ? LaneState.unknown(lane) : state);
        });
    }
}
