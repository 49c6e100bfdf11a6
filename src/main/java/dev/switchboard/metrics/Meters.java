package dev.switchboard.metrics;

import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.delivery.Judge;
import dev.switchboard.intake.Refusals;
import dev.switchboard.lane.AttemptListener;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.Outcome;
import dev.switchboard.store.StoreListener;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts and times what happens to messages and in the store. */
@Singleton
@Unremovable
final class Meters implements StoreListener, AttemptListener, Refusals {

    private static final Duration[] COMMITS = LaneMeters.durations(1, 5, 20, 100, 500, 2_000, 10_000);

    private final MeterRegistry registry;
    private final Map<String, LaneMeters> lanes = new ConcurrentHashMap<>();
    private final Map<Taken, Counter> intakes = new ConcurrentHashMap<>();
    private final Timer commits;
    private final DistributionSummary changes;
    private final Counter stopped;

    private record Taken(String intake, String result) {}

    Meters(MeterRegistry registry, Judge judge, Vendors vendors) {
        this.registry = registry;
        vendors.accounts().forEach(account -> lanes.put(account.lane(), meters(judge, account)));
        this.commits = Timer.builder("switchboard.store.commit")
                .description("Time from the beginning of a commit until it is on disk.")
                .serviceLevelObjectives(COMMITS)
                .register(registry);
        this.stopped = Counter.builder("switchboard.batches.stopped")
                .description("Files that could not be read to their end.")
                .register(registry);
        this.changes = DistributionSummary.builder("switchboard.store.commit.changes")
                .description("Changes that share a commit.")
                .serviceLevelObjectives(1, 4, 16, 64, 256, 1024)
                .register(registry);
    }

    /** Two of Micrometer's own that {@code promtool} refuses: a name like a part of a histogram, and one in nanoseconds. */
    @Produces
    @Singleton
    static MeterFilter misnamed() {
        return MeterFilter.deny(
                id -> Set.of("system.cpu.count", "process.cpu.time").contains(id.getName()));
    }

    private LaneMeters meters(Judge judge, Account account) {
        return new LaneMeters(registry, judge, account.vendor().name(), account.name());
    }

    @Override
    public void cameIn(String intake, String result, long messages) {
        intakes.computeIfAbsent(new Taken(intake, result), this::counter).increment((double) messages);
    }

    /** The store counts conflicts itself; a message that it cannot write counts as unavailable. */
    @Override
    public void refused(String intake, int status) {
        if (status != 409) {
            cameIn(intake, status >= 500 ? "unavailable" : "invalid", 1);
        }
    }

    private Counter counter(Taken taken) {
        return Counter.builder("switchboard.intake")
                .description("Messages that came in, by what was made of them.")
                .tag("intake", taken.intake)
                .tag("result", taken.result)
                .register(registry);
    }

    private void ofLane(String lane, Consumer<LaneMeters> use) {
        Optional.ofNullable(lanes.get(lane)).ifPresent(use);
    }

    @Override
    public void finished(String lane, Outcome outcome) {
        ofLane(lane, meters -> meters.finished(outcome));
    }

    @Override
    public void deadLettered(String lane, String route) {
        ofLane(lane, meters -> meters.deadLettered(route));
    }

    @Override
    public void batchStopped() {
        stopped.increment();
    }

    @Override
    public void committed(int together, long nanos) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        changes.record(together);
    }

    @Override
    public void firstBegins(String lane, long waited) {
        ofLane(lane, meters -> meters.waited(waited));
    }

    @Override
    public void ended(Attempt attempt, @Nullable String trace, @Nullable DeliveryFailed failure) {
        Disposition disposition = failure == null ? Disposition.DELIVERED : failure.disposition();
        ofLane(
                attempt.account().lane(),
                meters -> meters.called(attempt.message().operation(), disposition, attempt.elapsed()));
    }
}
