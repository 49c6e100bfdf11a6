package dev.switchboard.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Store;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows batches to those who ask. */
public final class Batches {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1000;

    private final Store store;

    /** Shows what a store holds. */
    public Batches(Store store) {
        this.store = store;
    }

    /**
     * Returns the view of a batch.
     *
     * @throws Refused (404) when there is none
     */
    public ObjectNode find(@Header("id") String id) {
        return store.batch(PathSegment.decoded(id))
                .map(store::batchView)
                .orElseThrow(() -> Refused.because(404, "There is no batch with this id."));
    }

    /** Lists the newest batches: {@code {"batches":[…]}}. */
    public ObjectNode list(@Header("name") @Nullable String name) {
        ObjectNode all = JSON.createObjectNode();
        var list = all.putArray("batches");
        store.batches(name, MOST).forEach(batch -> list.add(store.batchView(batch)));
        return all;
    }
}
