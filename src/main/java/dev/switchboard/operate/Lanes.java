package dev.switchboard.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.store.Store;
import java.time.Instant;

/** Shows the lanes to those who ask. */
public final class Lanes {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final LaneComponent lanes;
    private final Store store;

    /** Shows the lanes of a bus. */
    public Lanes(LaneComponent lanes, Store store) {
        this.lanes = lanes;
        this.store = store;
    }

    /** Lists the lanes: {@code {"lanes":[{"vendor","account","state","depth","oldest","inFlight"}]}}. */
    public ObjectNode list() {
        ObjectNode all = JSON.createObjectNode();
        var list = all.putArray("lanes");
        lanes.lanes().forEach(lane -> list.add(describe(lane)));
        return all;
    }

    private ObjectNode describe(LaneConsumer lane) {
        ObjectNode described = JSON.createObjectNode();
        described.put("vendor", lane.account().vendor().name());
        described.put("account", lane.account().name());
        described.put("state", lane.isSuspended() ? "paused" : "running");
        Store.Depth depth = store.depth(lane.account().lane());
        described.put("depth", depth.count());
        if (depth.oldest() != null) {
            described.put("oldest", Instant.ofEpochMilli(depth.oldest()).toString());
        }
        described.put("inFlight", lane.inFlight());
        return described;
    }
}
