package dev.switchboard.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.store.Search;
import dev.switchboard.store.Store;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.Header;
import org.apache.camel.Headers;

/** Shows messages to those who ask. */
public final class Messages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 1000;

    private final Store store;
    private final Lifetime lifetimes;

    /** Shows what a store holds. */
    public Messages(Store store, Lifetime lifetimes) {
        this.store = store;
        this.lifetimes = lifetimes;
    }

    /**
     * Returns the view of a message, attempts included.
     *
     * @throws Refused (404) when there is none
     */
    public ObjectNode find(String id) {
        return store.find(PathSegment.decoded(id))
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
    }

    /**
     * Sends a dead or uncertain message again.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state
     */
    public ObjectNode replay(@Header("id") String id) {
        ObjectNode message = find(id);
        var lifetime = lifetimes.of(
                message.path("vendor").asText(), message.path("account").asText());
        return done(store.replay(id, lifetime.toMillis()), id);
    }

    /**
     * Closes an uncertain message that somebody knows to have been delivered.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state
     */
    public ObjectNode resolve(@Header("id") String id) {
        return done(store.resolve(id), id);
    }

    private ObjectNode done(CompletableFuture<?> change, String id) {
        try {
            change.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Refused refused) {
                throw refused;
            }
            throw e;
        }
        return find(id);
    }

    /** Lists messages by the query's parameters: {@code {"messages":[…],"next":"cursor"}}. */
    public ObjectNode list(@Headers Map<String, Object> parameters) {
        return page(new Search(), parameters);
    }

    /** Lists dead and uncertain messages by the query's parameters. */
    public ObjectNode deadLetters(@Headers Map<String, Object> parameters) {
        return page(new Search().deadOrUncertain(), parameters);
    }

    private ObjectNode page(Search search, Map<String, Object> parameters) {
        var given = new HashMap<String, String>();
        parameters.forEach((name, value) -> given.put(name, String.valueOf(value)));
        narrow(search, given);
        int limit = (int) number("limit", given.getOrDefault("limit", "100"), 1, MOST);
        List<Search.Found> found = search.run(store, limit + 1);
        ObjectNode page = JSON.createObjectNode();
        var messages = page.putArray("messages");
        found.stream().limit(limit).forEach(each -> messages.add(each.view()));
        if (found.size() > limit) {
            page.put("next", Long.toString(found.get(limit - 1).seq(), 36));
        }
        return page;
    }

    private static void narrow(Search search, Map<String, String> given) {
        with(
                given,
                "state",
                value -> search.is("state", name(() -> State.of(value).toString(), "state")));
        with(
                given,
                "class",
                value -> search.is("class", name(() -> FailureClass.of(value).toString(), "class")));
        with(given, "code", value -> search.is("code", value));
        with(given, "conversation", value -> search.is("conversation", value));
        with(given, "batch", value -> search.is("batch", value));
        with(given, "from", value -> search.from(time("from", value)));
        with(given, "to", value -> search.to(time("to", value)));
        with(given, "after", value -> search.after(cursor(value)));
        with(given, "vendor", search::vendor);
        with(given, "account", search::account);
    }

    private static void with(Map<String, String> given, String name, Consumer<String> use) {
        String value = given.get(name);
        if (value != null && !value.isEmpty()) {
            use.accept(value);
        }
    }

    private static String name(Supplier<String> reader, String parameter) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw Refused.invalid(parameter, "enum", "is not a " + parameter);
        }
    }

    private static long time(String parameter, String value) {
        try {
            return OffsetDateTime.parse(value).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw Refused.invalid(parameter, "format", "must be a time as in RFC 3339");
        }
    }

    private static long cursor(String value) {
        try {
            return Long.parseLong(value, 36);
        } catch (NumberFormatException e) {
            throw Refused.invalid("after", "format", "must be the next of the page before");
        }
    }

    private static long number(String parameter, String value, long least, long most) {
        if (!value.matches("\\d{1,9}") || Long.parseLong(value) < least || Long.parseLong(value) > most) {
            throw Refused.invalid(parameter, "range", "must be a number from " + least + " to " + most);
        }
        return Long.parseLong(value);
    }
}
