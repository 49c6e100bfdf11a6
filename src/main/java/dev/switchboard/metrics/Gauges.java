package dev.switchboard.metrics;

import dev.switchboard.intake.Intakes;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.quarkus.main.events.AfterStart;

/** Metrics that are read from the store and the lanes at the time of the scrape. */
@ApplicationScoped
class Gauges {

    private static final List<String> CIRCUIT_STATES = List.of("closed", "open", "stopped");
    private static final List<String> LANE_STATES = List.of("running", "paused", "standby");
    private static final List<String> BATCH_STATES = List.of("reading", "sending", "paused");
    private static final List<String> INTAKE_STATES = List.of("running", "failing", "suspended", "stopped", "off");
    private static final List<String> LINE_STATES =
            List.of("delivered", "dead", "uncertain", "discarded", "duplicate", "invalid", "unfinished");

    private final MeterRegistry registry;
    private final LaneComponent lanes;
    private final Vendors vendors;
    private final Intakes intakes;
    private final Reading reading;
    private final List<Gauge> shown = new ArrayList<>();

    Gauges(MeterRegistry registry, Store store, LaneComponent lanes, Vendors vendors, Intakes intakes) {
        this.registry = registry;
        this.lanes = lanes;
        this.vendors = vendors;
        this.intakes = intakes;
        this.reading = new Reading(() -> store.read(Load::read), System::nanoTime);
    }

    void start(@Observes StartupEvent start) {
        vendors.accounts().forEach(this::lane);
        batches();
        replays();
    }

    /** Runs when all routes are known. */
    void startRoutes(@Observes AfterStart started, CamelContext camel) {
        intakes.all().forEach(intake -> intake(intake.name()));
        outbox(camel.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri().replace("://", ":"))
                .filter(topic -> topic.startsWith("dead-letters:")));
    }

    /** Removes the gauges: the registry outlives an application that is started again in the same process, and would show the old ones. */
    void stop(@Observes ShutdownEvent stop) {
        shown.forEach(registry::remove);
    }

    private void gauge(String name, String description, Tags tags, Supplier<Number> value) {
        shown.add(Gauge.builder(name, value).description(description).tags(tags).register(registry));
    }

    private Number of(Function<Load, Number> value) {
        return reading.get().map(value).orElse(Double.NaN);
    }

    private void lane(Account account) {
        String lane = account.lane();
        Tags tags = Tags.of("vendor", account.vendor().name(), "account", account.name());
        gauge(
                "switchboard.lane.depth",
                "Messages in the lane's queue, those being sent among them.",
                tags,
                () -> of(load -> load.lane(lane).depth()));
        gauge(
                "switchboard.lane.oldest.seconds",
                "How long the first message of the lane waits.",
                tags,
                () -> of(load -> load.lane(lane).age() / 1000.0));
        gauge(
                "switchboard.lane.in.flight",
                "Attempts that are being made.",
                tags,
                () -> ofLane(lane, LaneConsumer::attempts));
        gauge(
                "switchboard.dead.letters.open",
                "Dead and uncertain messages that have not been sent again, discarded or resolved.",
                tags,
                () -> of(load -> load.letters().getOrDefault(lane, 0L)));
        LANE_STATES.forEach(state -> gauge(
                "switchboard.lane.state",
                "1 for the state in which the lane is.",
                tags.and("state", state),
                () -> ofLane(lane, each -> each.state().equals(state) ? 1 : 0)));
        account.apis().forEach(api -> circuit(lane, tags.and("api", api), api));
    }

    private void intake(String name) {
        INTAKE_STATES.forEach(state -> gauge(
                "switchboard.intake.state",
                "1 for the state in which the intake is.",
                Tags.of("intake", name, "state", state),
                () -> intakes.all().stream()
                                .anyMatch(each ->
                                        each.name().equals(name) && each.state().equals(state))
                        ? 1
                        : 0));
    }

    private void replays() {
        gauge(
                "switchboard.replays.stopped",
                "Replay runs that stopped by themselves in the last day.",
                Tags.empty(),
                () -> of(Load::stopped));
    }

    private void circuit(String lane, Tags tags, String api) {
        CIRCUIT_STATES.forEach(state -> gauge(
                "switchboard.circuit.state",
                "1 for the state in which the circuit is.",
                tags.and("state", state),
                () -> ofLane(lane, each -> isIn(each, api, state) ? 1 : 0)));
    }

    private Number ofLane(String lane, Function<LaneConsumer, Number> value) {
        return lanes.lane(lane).map(value).orElse(Double.NaN);
    }

    private static boolean isIn(LaneConsumer lane, String api, String state) {
        return lane.circuits().stream()
                .anyMatch(
                        circuit -> circuit.api().equals(api) && circuit.state().equals(state));
    }

    /** Adds up the topics of batch results, one for each folder of dropped files. */
    private void outbox(Stream<String> deadLetters) {
        Stream.concat(
                        Stream.of(
                                "outbox:replies",
                                "outbox:events",
                                "outbox:webhook",
                                "outbox:results",
                                "outbox:failures"),
                        deadLetters)
                .forEach(topic -> gauge(
                        "switchboard.outbox.waiting",
                        "Rows of the outbox that wait to go out.",
                        Tags.of("topic", topic),
                        () -> of(load -> load.outbox(topic))));
        gauge(
                "switchboard.outbox.aside",
                "Rows of the outbox that were given up after the last try.",
                Tags.empty(),
                () -> of(Load::aside));
    }

    private void batches() {
        BATCH_STATES.forEach(state -> gauge(
                "switchboard.batches",
                "Batches that run.",
                Tags.of("state", state),
                () -> of(load -> load.batches().getOrDefault(state, 0L))));
        LINE_STATES.forEach(state -> gauge(
                "switchboard.batch.lines",
                "Records of the batches that run, by what has become of them.",
                Tags.of("state", state),
                () -> of(load -> load.lines().getOrDefault(state, 0L))));
    }
}
