package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Erased;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Erases what the bus holds of a customer. */
@Singleton
@Named("customers")
public final class Customers {

    private final Store store;

    /** Erases in a store. */
    public Customers(Store store) {
        this.store = store;
    }

    /**
     * Erases what messages of a customer hold, of one vendor or of all: {@code {"erased","discarded","pending"}}.
     *
     * @throws Refused (400) when the query has another parameter, (503) when the store does not write
     */
    public ObjectNode erase(@Header("id") String id, @Header(Exchange.HTTP_QUERY) @Nullable String query) {
        String vendor = new Parameters(query, Set.of("vendor")).get("vendor");
        Erased erased = store.retention().eraseCustomer(PathSegment.decoded(id), vendor);
        return Json.object()
                .put("erased", erased.erased())
                .put("discarded", erased.discarded())
                .put("pending", erased.pending());
    }
}
