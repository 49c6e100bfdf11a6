package dev.switchboard.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.batch.Results;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import java.io.File;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows batches to those who ask. */
public final class Batches {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1000;

    private final Store store;
    private final Results results;

    /** Shows what a store holds, and the results that have been written. */
    public Batches(Store store, Results results) {
        this.store = store;
        this.results = results;
    }

    /**
     * Returns the view of a batch.
     *
     * @throws Refused (404) when there is none
     */
    public ObjectNode find(@Header("id") String id) {
        return store.batchView(require(id));
    }

    private Batch require(String id) {
        return store.batch(PathSegment.decoded(id))
                .orElseThrow(() -> Refused.because(404, "There is no batch with this id."));
    }

    /**
     * Holds back the messages of a batch that are not being sent.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode pause(@Header("id") String id) {
        return changed(id, batch -> store.pauseBatch(batch, true));
    }

    /**
     * Lets a paused batch go on.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode resume(@Header("id") String id) {
        return changed(id, batch -> store.pauseBatch(batch, false));
    }

    /**
     * Discards what of a batch has not been sent.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode cancel(@Header("id") String id) {
        return changed(id, store::cancelBatch);
    }

    private ObjectNode changed(String id, Function<String, CompletableFuture<Boolean>> change) {
        Batch batch = require(id);
        if (!change.apply(batch.id()).join()) {
            throw Refused.because(409, "The batch is " + batch.state() + ".");
        }
        return store.batchView(require(id));
    }

    /**
     * Returns what became of each line of a batch, as CSV.
     *
     * @throws Refused 404 when there is none, 409 when it has not ended
     */
    public File results(@Header("id") String id) {
        Batch batch = require(id);
        File found = results.csv(batch).toFile();
        if (!found.exists()) {
            throw Refused.because(409, "The batch is " + batch.state() + "; its results are there when it has ended.");
        }
        return found;
    }

    /** Lists the newest batches: {@code {"batches":[…]}}. */
    public ObjectNode list(@Header("name") @Nullable String name) {
        ObjectNode all = JSON.createObjectNode();
        var list = all.putArray("batches");
        store.batches(name, MOST).forEach(batch -> list.add(store.batchView(batch)));
        return all;
    }
}
