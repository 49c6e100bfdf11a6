package dev.switchboard.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SpreadTest {

    private static final List<String> LANES = List.of("v/1", "v/2", "v/3", "v/4", "v/5");

    private static Instance instance(String id, boolean drains, String serves) {
        return new Instance(id, "", "", serves, 0, 0, 0, drains, false);
    }

    private static Instance instance(String id) {
        return instance(id, false, "");
    }

    private static Set<String> which(Predicate<String> lane) {
        return new TreeSet<>(LANES.stream().filter(lane).toList());
    }

    @Test
    void theOnlyInstanceTakesAll() {
        assertThat(which(Spread.of(List.of(instance("a")), Map.of(), "a", LANES)::mayTake))
                .hasSize(5);
    }

    @Test
    void whatIsFreeIsTakenUpToTheShareRoundedUp() {
        List<Instance> two = List.of(instance("a"), instance("b"));
        assertThat(which(Spread.of(two, Map.of(), "a", LANES)::mayTake)).hasSize(3);
        Spread second = Spread.of(two, Map.of("v/1", "a", "v/2", "a", "v/3", "a"), "b", LANES);
        assertThat(which(second::mayTake)).containsExactly("v/4", "v/5");
    }

    @Test
    void whatADeadInstanceHadIsFree() {
        Spread spread = Spread.of(List.of(instance("a"), instance("b")), Map.of("v/5", "dead"), "a", List.of("v/5"));
        assertThat(spread.mayTake("v/5")).isTrue();
        assertThat(spread.isElsewhere("v/5")).isFalse();
    }

    @Test
    void whatIsAboveTheShareIsGivenAway() {
        Map<String, String> owners = Map.of("v/1", "a", "v/2", "a", "v/3", "a", "v/4", "a", "v/5", "b");
        List<Instance> two = List.of(instance("a"), instance("b"));
        assertThat(which(Spread.of(two, owners, "a", LANES)::isSurplus)).containsExactly("v/4");
        assertThat(which(Spread.of(two, owners, "b", LANES)::isSurplus)).isEmpty();
    }

    @Test
    void anInstanceThatDrainsGivesAwayWhatOthersCouldServe() {
        List<Instance> two = List.of(instance("a", true, ""), instance("b", false, "v/1 v/2"));
        Map<String, String> owners = Map.of("v/1", "a", "v/3", "a");
        Spread spread = Spread.of(two, owners, "a", LANES);
        assertThat(which(spread::isSurplus)).containsExactly("v/1");
        assertThat(spread.mayTake("v/2")).isFalse();
        assertThat(spread.mayTake("outbox:replies")).isFalse();
    }

    @Test
    void aLaneThatNoOtherOneKnowsStays() {
        List<Instance> two = List.of(instance("a"), instance("b", false, "v/1 v/2 v/3 v/4"));
        Map<String, String> owners = Map.of("v/1", "a", "v/2", "a", "v/3", "a", "v/5", "a");
        Spread spread = Spread.of(two, owners, "a", LANES);
        assertThat(which(spread::isSurplus)).containsExactly("v/3");
        assertThat(spread.mayTake("v/5")).isTrue();
    }
}
