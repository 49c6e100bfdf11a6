package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;

/** Knows, for the routes of vendors, when conversations began that a message of the bus has begun. */
@Singleton
@Named("conversations")
public final class Conversations {

    /** A start further back than so many messages is not looked for. */
    private static final int MOST = 200;

    private final Store store;

    /** Looks into a store. */
    public Conversations(Store store) {
        this.store = store;
    }

    /**
     * Returns the first and the last day on which a conversation can have begun in any time zone, such as
     * {@code 2026-01-30/2026-02-01}; null where no message of the bus is known to have begun it.
     */
    public @Nullable String days(
            @ExchangeProperty("vendor") String vendor,
            @ExchangeProperty("account") String account,
            @ExchangeProperty("conversationId") String conversation) {
        var filter = new Filter().vendor(vendor).account(account).conversation(conversation);
        return store.messages().search(filter, Long.MAX_VALUE, MOST).stream()
                .map(Found::view)
                .filter(view -> !view.has("conversationId") && view.has("finishedAt"))
                .findFirst()
                .map(begun -> day(begun.path("acceptedAt")).minusDays(1) + "/"
                        + day(begun.path("finishedAt")).plusDays(1))
                .orElse(null);
    }

    private static LocalDate day(JsonNode time) {
        return OffsetDateTime.parse(time.asText()).toLocalDate();
    }
}
