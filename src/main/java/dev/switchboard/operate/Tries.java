package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.message.Refused;
import dev.switchboard.queue.Waiting;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.function.Consumer;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Tries waiting messages now. If a circuit is not closed, the message is its probe. */
@Singleton
@Named("tries")
public final class Tries {

    private final Store store;
    private final LaneComponent lanes;
    private final Messages messages;

    /** Tries messages of a store. */
    public Tries(Store store, LaneComponent lanes, Messages messages) {
        this.store = store;
        this.lanes = lanes;
        this.messages = messages;
    }

    /**
     * Tries a message that waits for its next attempt now.
     *
     * @throws Refused (404) when there is none, (409) when it waits for something else or its lane is paused
     */
    public ObjectNode tryNow(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        ObjectNode view = messages.find(id, caller);
        String lane = view.path("vendor").asText() + "/" + view.path("account").asText();
        lanes.lane(lane).filter(LaneConsumer::isPaused).ifPresent(paused -> {
            throw Refused.because(409, "The lane " + lane + " is paused: resume it.");
        });
        Waiting waiting = Store.written(store.messages().tryNow(view.path("id").asText()));
        lanes.lane(lane).ifPresent(consumer -> consumer.probeNow(waiting.api()));
        return messages.find(id, caller);
    }

    /** Probes the circuits of the lanes that a filter names. */
    void probe(Filter filter) {
        Consumer<LaneConsumer> all = lane -> lane.account().apis().forEach(lane::probeNow);
        lanes.lanes().stream()
                .filter(lane -> filter.matches(lane.account().lane()))
                .forEach(all);
    }
}
