package dev.switchboard.ownership;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the lanes are spread over the instances, as one of them saw it last: each has at most its share, and gives back what it has
 * above that. What is no lane, such as a topic of the outbox, is anyone's who comes first.
 *
 * @param instances those that live
 * @param owners which instance has which name, also one that is dead
 * @param id this instance's
 * @param mine lanes that this instance has or may take
 * @param surplus those of them that others are to have
 * @param lanes all lanes that this instance could serve
 */
record Spread(
        List<Instance> instances,
        Map<String, String> owners,
        String id,
        Set<String> mine,
        Set<String> surplus,
        Set<String> lanes) {

    /** Before the first look. */
    static final Spread UNKNOWN = new Spread(List.of(), Map.of(), "", Set.of(), Set.of(), Set.of());

    /** Spreads lanes over the instances that do not drain; what no other one could serve stays here. */
    static Spread of(List<Instance> living, Map<String, String> owners, String id, Collection<String> served) {
        List<Instance> takers = living.stream().filter(each -> !each.drains()).toList();
        List<String> ids = takers.stream().map(Instance::id).toList();
        var lanes = new TreeSet<>(served);
        List<String> shared = lanes.stream()
                .filter(lane -> takers.stream().anyMatch(each -> !each.id().equals(id) && each.mayServe(lane)))
                .toList();
        int share = ids.contains(id) ? (shared.size() + ids.size() - 1) / ids.size() : 0;
        List<String> owned =
                shared.stream().filter(lane -> id.equals(owners.get(lane))).toList();
        int kept = Math.min(share, owned.size());
        var mine = new HashSet<>(lanes);
        shared.forEach(mine::remove);
        mine.addAll(owned.subList(0, kept));
        mine.addAll(free(living, owners, shared, ids.indexOf(id), share - kept));
        return new Spread(living, owners, id, mine, Set.copyOf(owned.subList(kept, owned.size())), lanes);
    }

    /** Returns some lanes that no instance has. Each instance begins at another place, so that few reach for the same one. */
    private static List<String> free(
            List<Instance> living, Map<String, String> owners, List<String> shared, int place, int most) {
        Set<String> alive = living.stream().map(Instance::id).collect(Collectors.toSet());
        List<String> free = new ArrayList<>(shared.stream()
                .filter(lane -> !alive.contains(owners.get(lane)))
                .toList());
        Collections.rotate(free, -place * most);
        return free.subList(0, Math.min(most, free.size()));
    }

    List<String> lanesOf(String instance) {
        return lanes.stream().filter(lane -> instance.equals(owners.get(lane))).toList();
    }

    boolean isDraining() {
        return instances.stream().anyMatch(each -> each.id().equals(id) && each.drains());
    }

    boolean mayTake(String name) {
        if (lanes.contains(name)) {
            return mine.contains(name);
        }
        return !isElsewhere(name) && !isDraining();
    }

    boolean isSurplus(String name) {
        return surplus.contains(name);
    }

    /** Returns whether another instance that lives has a name. */
    boolean isElsewhere(String name) {
        String owner = owners.get(name);
        return owner != null
                && !owner.equals(id)
                && instances.stream().anyMatch(each -> each.id().equals(owner));
    }
}
