package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows, pauses, resumes and cancels batches. */
@Singleton
@Named("batches")
public final class Batches {

    private static final int MOST = 1000;
    private static final String NONE = "There is no batch with this id.";

    private static final List<String> COLUMNS = Export.columns(
            "id name profile state read accepted duplicate invalid delivered dead uncertain waiting discarded"
                    + " rate startedAt estimatedEnd finishedAt reason");

    private final Store store;

    /** Shows what a store holds. */
    public Batches(Store store) {
        this.store = store;
    }

    /**
     * Returns the view of a batch.
     *
     * @throws Refused (404) when there is none that the caller may see
     */
    public ObjectNode find(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        Batch batch = require(id);
        if (caller != null && !caller.seesFileOf(batch.origin().sender())) {
            throw Refused.because(404, NONE);
        }
        return store.batches().view(batch);
    }

    private Batch require(String id) {
        return store.batches().find(PathSegment.decoded(id)).orElseThrow(() -> Refused.because(404, NONE));
    }

    /**
     * Holds back the messages of a batch that are not being sent.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode pause(@Header("id") String id) {
        return changed(id, batch -> store.batches().pause(batch, true));
    }

    /**
     * Resumes a paused batch.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode resume(@Header("id") String id) {
        return changed(id, batch -> store.batches().pause(batch, false));
    }

    /**
     * Discards the messages of a batch that have not been sent.
     *
     * @throws Refused 404 when there is none, 409 when it has ended
     */
    public ObjectNode cancel(@Header("id") String id) {
        return changed(id, store.batches()::cancel);
    }

    private ObjectNode changed(String id, Function<String, CompletableFuture<Boolean>> change) {
        Batch batch = require(id);
        if (!change.apply(batch.id()).join()) {
            throw Refused.because(409, "The batch is " + batch.state() + ".");
        }
        return store.batches().view(require(id));
    }

    /** Lists the newest batches: {@code {"batches":[…]}}. */
    public Object list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, Set.of("name", "format"));
        String format = Export.format(given);
        ObjectNode all = Json.object();
        var list = all.putArray("batches");
        String sender = caller == null || caller.seesAll() ? null : caller.name();
        store.batches()
                .list(given.get("name"), sender, MOST)
                .forEach(batch -> list.add(store.batches().view(batch)));
        return format == null ? all : Export.of("batches", format, COLUMNS, list);
    }
}
