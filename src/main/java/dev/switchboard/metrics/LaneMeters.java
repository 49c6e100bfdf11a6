package dev.switchboard.metrics;

import dev.switchboard.delivery.Judge;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The meters of one lane. */
final class LaneMeters {

    private static final String NONE = "none";
    private static final Duration[] WAITS = durations(10, 50, 100, 500, 1_000, 5_000, 30_000, 300_000, 3_600_000);
    private static final Duration[] CALLS = durations(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000);

    private final MeterRegistry registry;
    private final Judge judge;
    private final String vendor;
    private final Tags lane;
    private final Timer wait;
    private final Map<Cause, Counter> outcomes = new ConcurrentHashMap<>();
    private final Map<Call, Timer> calls = new ConcurrentHashMap<>();

    private record Cause(
            State state,
            @Nullable FailureClass failureClass,
            @Nullable String code) {}

    private record Call(String operation, Disposition disposition) {}

    LaneMeters(MeterRegistry registry, Judge judge, String vendor, String account) {
        this.registry = registry;
        this.judge = judge;
        this.vendor = vendor;
        this.lane = Tags.of("vendor", vendor, "account", account);
        this.wait = Timer.builder("switchboard.intake.to.vendor")
                .description("Time from a message's acceptance to its first attempt.")
                .tags(lane)
                .serviceLevelObjectives(WAITS)
                .register(registry);
        counter(new Cause(State.DELIVERED, null, null));
    }

    static Duration[] durations(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    void waited(long millis) {
        wait.record(millis, TimeUnit.MILLISECONDS);
    }

    void called(String operation, Disposition disposition, long nanos) {
        calls.computeIfAbsent(new Call(operation, disposition), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Call call) {
        return Timer.builder("switchboard.vendor.call")
                .description("Time that an attempt took, by what its end made the bus do.")
                .tags(lane.and("operation", call.operation, "disposition", call.disposition.toString()))
                .serviceLevelObjectives(CALLS)
                .register(registry);
    }

    void finished(Outcome outcome) {
        Outcome.Failure failure = outcome.failure();
        counter(
                        failure == null
                                ? new Cause(outcome.state(), null, null)
                                : new Cause(outcome.state(), failure.failureClass(), known(failure.code())))
                .increment();
        if (failure != null && failure.deadLetter() != null) {
            deadLettered(failure.deadLetter());
        }
    }

    void deadLettered(String route) {
        Counter.builder("switchboard.dead.letters")
                .description("Messages that went to a dead-letter route.")
                .tags(lane.and("dead_letter", route))
                .register(registry)
                .increment();
    }

    /** Counts codes that are in no table together, as a vendor may answer any code. */
    private @Nullable String known(@Nullable String code) {
        return code == null ? null : judge.known(vendor, code).orElse("other");
    }

    private Counter counter(Cause cause) {
        return outcomes.computeIfAbsent(cause, this::register);
    }

    private Counter register(Cause cause) {
        return Counter.builder("switchboard.messages")
                .description("Messages that came to an end, or to another one after a replay.")
                .tags(lane.and(
                        "state",
                        cause.state.toString(),
                        "class",
                        cause.failureClass == null ? NONE : cause.failureClass.toString(),
                        "code",
                        cause.code == null ? NONE : cause.code))
                .register(registry);
    }
}
