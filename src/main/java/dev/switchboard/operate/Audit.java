package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.access.AccessStore;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows who did what. */
@Singleton
@Named("audit")
public final class Audit {

    private static final int FIRST_REFUSAL = 400;
    private static final List<String> COLUMNS =
            Export.columns("at who address operation subject detail/dryRun detail/query detail/body status");

    private final AccessStore store;

    /** Shows what a store holds. */
    public Audit(AccessStore store) {
        this.store = store;
    }

    /**
     * Lists calls, latest first: {@code {"entries":[…],"next":"cursor"}}.
     *
     * @throws Refused (422) when a parameter is not valid
     */
    public Object list(@Header(Exchange.HTTP_QUERY) @Nullable String query) {
        var given =
                new Parameters(query, Set.of("who", "operation", "subject", "from", "to", "after", "limit", "format"));
        AuditFilter filter = filter(given);
        String format = Export.format(given);
        var listing =
                new Listing<>((before, most) -> store.audited(filter, before, most), AuditEntry::seq, Audit::describe);
        return format == null
                ? listing.page("entries", given)
                : new Export("audit", format, COLUMNS, listing.all(given, Integer.MAX_VALUE));
    }

    private static AuditFilter filter(Parameters given) {
        return new AuditFilter(
                given.get("who"),
                given.get("operation"),
                given.get("subject"),
                time("from", given.get("from")),
                time("to", given.get("to")));
    }

    private static @Nullable Long time(String name, @Nullable String value) {
        return value == null ? null : Filters.time(name, value);
    }

    private static ObjectNode describe(AuditEntry entry) {
        Integer status = entry.status();
        boolean refused = status != null && status >= FIRST_REFUSAL;
        ObjectNode described = Json.object()
                .put("at", Json.time(entry.at()))
                .put("who", entry.who())
                .put("address", entry.address())
                .put("operation", entry.operation())
                .put("subject", entry.subject());
        described.set("detail", Json.parse(entry.detail()));
        described.put("status", status).put("refused", refused ? status : null);
        return Json.withoutNulls(described);
    }
}
