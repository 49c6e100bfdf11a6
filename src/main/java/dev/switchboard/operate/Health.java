package dev.switchboard.operate;

import dev.switchboard.intake.Intakes;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.store.Store;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Returns whether the bus can take messages. A lane that is paused or whose circuit is open is shown, and makes nothing fail. */
@Readiness
@ApplicationScoped
class Health implements HealthCheck {

    private final Store store;
    private final LaneComponent lanes;
    private final Intakes intakes;

    Health(Store store, LaneComponent lanes, Intakes intakes) {
        this.store = store;
        this.lanes = lanes;
        this.intakes = intakes;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder health = HealthCheckResponse.named("store and lanes");
        try {
            lanes.lanes().forEach(lane -> health.withData(lane.account().lane(), describe(lane)));
            intakes.all()
                    .forEach(intake -> health.withData(
                            "intake " + intake.name(),
                            intake.why() == null ? intake.state() : intake.state() + ": " + intake.why()));
            store.check();
            return health.up().build();
        } catch (RuntimeException e) {
            return health.withData("store", Store.why(e)).down().build();
        }
    }

    private String describe(LaneConsumer lane) {
        var described = new StringBuilder(lane.state());
        lane.pause()
                .filter(pause -> !pause.reason().isEmpty())
                .ifPresent(pause -> described.append(": ").append(pause.reason()));
        lane.circuits().stream()
                .filter(circuit -> !circuit.state().equals("closed"))
                .forEach(circuit -> described
                        .append("; circuit ")
                        .append(circuit.api())
                        .append(" is ")
                        .append(circuit.state())
                        .append(": ")
                        .append(circuit.why()));
        return described.toString();
    }
}
