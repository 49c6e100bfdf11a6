package dev.switchboard.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.intake.Problem;
import dev.switchboard.operate.Audit;
import dev.switchboard.operate.Events;
import dev.switchboard.operate.ExportAnswer;
import dev.switchboard.operate.KeyRing;
import dev.switchboard.operate.Mask;
import dev.switchboard.operate.MessageLists;
import dev.switchboard.operate.Messages;
import dev.switchboard.operate.Previews;
import dev.switchboard.operate.Tries;
import dev.switchboard.operate.Waits;
import dev.switchboard.security.Access;
import dev.switchboard.security.BoundedAudit;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;

/** A test of routes of the API, with what guards each of them and with the route that answers for most. */
public abstract class ApiRouteTest extends RouteTest {

    protected ApiRouteTest(String... files) {
        super(Stream.concat(Stream.of("operate/access", "operate/messages"), Stream.of(files))
                .toArray(String[]::new));
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("access", new Access(keys, FOLDER, new BoundedAudit(store.access())));
        registry.bind("keyRing", new KeyRing(keys, store.access()));
        registry.bind("audit", new Audit(store.access()));
        registry.bind("problem", new Problem((intake, status) -> {}));
        registry.bind("mask", new Mask());
        registry.bind("export", new ExportAnswer());
        registry.bind("messages", messages());
        registry.bind("tries", tries());
        registry.bind("messageLists", new MessageLists(store, waits()));
        registry.bind("events", new Events(store, vendors, limits, waits()));
    }

    private Messages messages() {
        return new Messages(store, lifetime, check, new Previews(store, lanes, waits()), waits());
    }

    protected Tries tries() {
        return new Tries(store, lanes, messages());
    }

    protected Waits waits() {
        return new Waits(store, lanes);
    }

    /** Asks a route of the API; returns the JSON that the caller gets. */
    protected JsonNode answer(String route, Map<String, Object> parameters) throws Exception {
        return answer(send("direct:" + route, "", parameters, Map.of()));
    }

    /** Returns the JSON that a caller gets. */
    protected static JsonNode answer(Exchange done) throws Exception {
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeaders()).containsEntry("Content-Type", "application/json");
        return json(done.getMessage().getBody(String.class));
    }
}
