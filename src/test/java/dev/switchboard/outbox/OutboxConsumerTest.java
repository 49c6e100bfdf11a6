package dev.switchboard.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.LogLines;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes out by a route. */
class OutboxConsumerTest {

    @TempDir
    Path folder;

    private static long waiting(Store store) {
        return store.read(sql -> sql.number("select count(*) from outbox where topic = 'outbox:events' and aside = 0"));
    }

    /** A kill at any moment before the route's end sends it again. */
    @Test
    void whatGoesOutStaysInTheStoreUntilItsRouteHasEndedWell() throws Exception {
        List<Long> seen = new CopyOnWriteArrayList<>();
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "");
                var camel = new DefaultCamelContext();
                var log = new LogLines()) {
            camel.addComponent("outbox", new OutboxComponent(store.outbox()));
            camel.addComponent("dead-letters", new OutboxComponent(store.outbox()));
            camel.getRegistry().bind("lateFailures", (Processor) exchange -> {});
            for (String file : List.of("dispatch/failures.camel.yaml", "dispatch/lane.camel.yaml")) {
                PluginHelper.getRoutesLoader(camel)
                        .loadRoutes(ResourceHelper.fromBytes(
                                file, RouteFolder.read(Optional.empty()).bytes(file)));
            }
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("outbox:events").process(exchange -> {
                        seen.add(waiting(store));
                        if (seen.size() == 1) {
                            throw new IllegalStateException("the first time it fails");
                        }
                    });
                }
            });
            camel.start();
            store.outbox()
                    .publish("a", JsonNodeFactory.instance.objectNode().put("event", "batch-finished"))
                    .join();
            await().until(() -> waiting(store) == 0);
            assertThat(seen).containsExactly(1L, 1L);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("the first time it fails"))
                    .singleElement()
                    .asString()
                    .contains("outbox:events: a could not go out", "it is tried again");
        }
    }
}
