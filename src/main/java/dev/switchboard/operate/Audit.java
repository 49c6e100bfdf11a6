package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.access.AccessStore;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows who did what. */
@Singleton
@Named("audit")
public final class Audit {

    private static final int MOST = 1000;
    private static final int PAGE = 500;
    private static final int FIRST_REFUSAL = 400;
    private static final List<String> COLUMNS =
            Export.columns("at who address operation subject detail/dryRun detail/query detail/body status");

    private final AccessStore store;

    /** Shows what a store holds. */
    public Audit(AccessStore store) {
        this.store = store;
    }

    /**
     * Lists what was asked for, latest first: {@code {"entries":[…],"next":"cursor"}}.
     *
     * @throws Refused (422) when a parameter is not valid
     */
    public Object list(@Header(Exchange.HTTP_QUERY) @Nullable String query) {
        var given =
                new Parameters(query, Set.of("who", "operation", "subject", "from", "to", "after", "limit", "format"));
        AuditFilter filter = filter(given);
        String format = Export.format(given);
        long before = Messages.cursor(given.get("after"));
        if (format != null) {
            return new Export("audit", format, COLUMNS, pages(filter, before));
        }
        int limit = given.number("limit", 100, 1, MOST);
        List<AuditEntry> found = store.audited(filter, before, limit + 1);
        ObjectNode page = Json.object();
        var entries = page.putArray("entries");
        found.stream().limit(limit).forEach(entry -> entries.add(describe(entry)));
        if (found.size() > limit) {
            page.put("next", Long.toString(found.get(limit - 1).seq(), 36));
        }
        return page;
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

    private Iterator<List<JsonNode>> pages(AuditFilter filter, long before) {
        return new Iterator<>() {
            private long last = before;
            private boolean more = true;

            @Override
            public boolean hasNext() {
                return more;
            }

            @Override
            public List<JsonNode> next() {
                List<AuditEntry> found = store.audited(filter, last, PAGE);
                more = found.size() == PAGE;
                last = found.isEmpty() ? last : found.get(found.size() - 1).seq();
                return new ArrayList<>(found.stream().map(Audit::describe).toList());
            }
        };
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
