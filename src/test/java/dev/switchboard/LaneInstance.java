package dev.switchboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.lane.FinalOnly;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LateFailures;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** One of several instances on a store, in this process: lanes of accounts {@code a0}, {@code a1} and so on, which call no vendor. */
final class LaneInstance implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Store store;
    private final LaneComponent lanes;

    /**
     * Starts it.
     *
     * @param attempted hears the id of each message that it attempts
     */
    LaneInstance(Map<String, String> store, int accounts, Consumer<String> attempted) throws Exception {
        this.store = Store.open(
                store.getOrDefault("switchboard.store.url", ""),
                store.getOrDefault("switchboard.store.username", ""),
                "");
        var settings = new HashMap<String, String>();
        IntStream.range(0, accounts)
                .forEach(i -> settings.put("switchboard.vendors.kakao.accounts.a" + i + ".channel", "@shop"));
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
        var vendors = new Vendors(Vendor.readAll(RouteFolder.read(Optional.empty())), config, Map.of());
        this.lanes = new LaneComponent(this.store, vendors, config, List.of());
        camel.getRegistry().bind("lane", lanes);
        camel.getRegistry().bind("outbox", new OutboxComponent(this.store.outbox()));
        camel.getRegistry().bind("dead-letters", new OutboxComponent(this.store.outbox()));
        camel.getRegistry().bind("finalOnly", new FinalOnly());
        camel.getRegistry().bind("lateFailures", new LateFailures(this.store, vendors, lanes));
        RouteBuilder.addRoutes(
                camel,
                routes -> vendors.accounts()
                        .forEach(account -> routes.from("lane:" + account.lane())
                                .process(exchange -> {
                                    attempted.accept(exchange.getProperty("messageId", String.class));
                                    exchange.getMessage().setBody(null);
                                })));
        camel.start();
        lanes.open();
    }

    Store store() {
        return store;
    }

    LaneComponent lanes() {
        return lanes;
    }

    /** Returns how many lanes it serves. */
    int served() {
        return (int) lanes.lanes().stream()
                .filter(lane -> store.lanes().owns(lane.account().lane()))
                .count();
    }

    boolean serves(String lane) {
        return store.lanes().owns(lane);
    }

    /** Takes a message in. */
    void accept(String id, int account) {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("vendor", "kakao")
                .put("account", "a" + account)
                .put("operation", "start")
                .put("customerId", "c");
        store.messages()
                .accept(List.of(new Incoming(
                        new Message(json),
                        "bizmessage",
                        System.currentTimeMillis() + 60_000,
                        Incoming.Source.of("rest", null))))
                .join();
    }

    @Override
    public void close() {
        camel.stop();
        store.close();
    }
}
