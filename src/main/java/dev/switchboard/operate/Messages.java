package dev.switchboard.operate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Group;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Shows messages to those who ask. */
@Singleton
@Named("messages")
public final class Messages {

    private static final Set<String> LIST = list();
    private static final Set<String> GROUPS = groupFilters();
    private static final List<String> COLUMNS = Export.columns(
            "id vendor account operation conversationId customerId type text url labels state failure/class"
                    + " failure/api failure/code failure/message failure/meaning failure/deadLetter"
                    + " failure/mayHaveBeenSent source/intake source/batch source/line replaces replacedBy reason"
                    + " notBefore expiresAt acceptedAt finishedAt dueAt");
    private static final List<String> GROUP_COLUMNS = Export.columns(
            "vendor account class code deadLetter count mayHaveBeenSent firstSeen lastSeen cutoff meaning"
                    + " example/id example/message");

    private static Set<String> groupFilters() {
        return Set.of("state", "vendor", "account", "class", "code", "deadLetter", "batch", "format");
    }

    private static Set<String> list() {
        var names = new HashSet<>(Filters.NAMES);
        names.addAll(Set.of("after", "limit", "format"));
        return Set.copyOf(names);
    }

    private final Store store;
    private final Lifetime lifetimes;
    private final MessageCheck check;
    private final Previews previews;

    /** Shows what a store holds. */
    public Messages(Store store, Lifetime lifetimes, MessageCheck check, Previews previews) {
        this.store = store;
        this.previews = previews;
        this.check = check;
        this.lifetimes = lifetimes;
    }

    /**
     * Returns the view of a message, attempts included.
     *
     * @throws Refused (404) when there is none that the caller may know of
     */
    public ObjectNode find(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        return store.messages()
                .find(PathSegment.decoded(id))
                .filter(found -> caller == null || caller.sees(found))
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
    }

    /** Returns the id of a message that the caller may know of. */
    private String require(String id, @Nullable Caller caller) {
        return find(id, caller).path("id").asText();
    }

    /**
     * Sends a dead or uncertain message again, or what the body holds in its place; with {@code dryRun=true} shows what would
     * be sent.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state, (422) when what the body holds is no message
     */
    public ObjectNode replay(
            @Header("id") String id,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @Body @Nullable String edited,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        boolean dryRun = yes(new Parameters(query, Set.of("dryRun")), "dryRun");
        ObjectNode message = find(id, caller);
        Message instead = edited == null || edited.isBlank() ? null : checked(edited);
        if (caller != null && instead != null) {
            caller.requireLane(instead.lane());
        }
        if (dryRun) {
            return preview(message, instead);
        }
        return instead == null ? again(message) : edit(message, instead);
    }

    private static boolean yes(Parameters given, String name) {
        String value = given.get(name);
        if (value != null && !Set.of("true", "false").contains(value)) {
            throw Refused.invalid(name, "enum", "must be true or false");
        }
        return "true".equals(value);
    }

    private ObjectNode preview(ObjectNode message, @Nullable Message instead) {
        State state = State.of(message.path("state").asText());
        if (!Filter.FAILED.contains(state)) {
            throw Refused.because(409, "The message is " + state + ".");
        }
        ObjectNode preview = Json.object().put("dryRun", true).put("total", 1).put("skipped", 0);
        message.remove(List.of("attempts", "result"));
        preview.putArray("messages").add(instead == null ? previews.add(message) : previews.add(message, instead));
        return preview;
    }

    private ObjectNode again(ObjectNode message) {
        String id = message.path("id").asText();
        var lifetime = lifetimes.of(
                message.path("vendor").asText(), message.path("account").asText());
        int later = Store.written(store.messages().replay(id, lifetime.toMillis()));
        return find(id, null).put("laterSent", later);
    }

    private Message checked(@Nullable String edited) {
        try {
            return check.check(MessageCheck.strictJson().readTree(edited));
        } catch (JsonProcessingException e) {
            throw MessageCheck.notJson(e);
        }
    }

    private ObjectNode edit(ObjectNode message, Message checked) {
        String id = message.path("id").asText();
        String own = checked.text("id");
        if (own == null || own.equals(id)) {
            checked.json().put("id", MessageId.next());
        }
        var source = new Incoming.Source(
                "rest",
                null,
                null,
                null,
                null,
                null,
                message.at("/source/sender").textValue());
        Store.written(store.messages().edit(id, lifetimes.incoming(checked, source)));
        return find(checked.id(), null);
    }

    /**
     * Takes a message off the dead letters; the body has the {@code reason}.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state, (422) without a reason
     */
    public ObjectNode discard(
            @Header("id") String id,
            @Body @Nullable String body,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        String reason = new JsonBody(body, Set.of("reason")).require("reason");
        Store.written(store.messages().discard(require(id, caller), reason));
        return find(id, caller);
    }

    /**
     * Brings a discarded message back.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state, or discarded longer than a day ago
     */
    public ObjectNode undiscard(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        Store.written(store.messages().undiscard(require(id, caller)));
        return find(id, caller);
    }

    /**
     * Closes an uncertain message that somebody knows to have been delivered.
     *
     * @param body nothing, or {@code {"conversationId":"…"}}: the conversation that it has begun
     * @throws Refused (404) when there is none, (409) when it is in another state, (422) for other fields
     */
    public ObjectNode resolve(
            @Header("id") String id,
            @Body @Nullable String body,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        String conversation = new JsonBody(body, Set.of("conversationId")).text("conversationId");
        if (conversation != null && (conversation.length() > 255 || conversation.matches("\\.\\.?"))) {
            throw Refused.invalid("conversationId", "maxLength", "is no conversation's id");
        }
        Store.written(store.messages().resolve(require(id, caller), conversation));
        return find(id, caller);
    }

    /** Lists messages by the query's parameters: {@code {"messages":[…],"next":"cursor"}}. */
    public Object list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, LIST);
        return found("messages", seen(Filters.of(given), caller), given);
    }

    /** Who sees no customers does not find them out by searching for them either. */
    private static Filter seen(Filter filter, @Nullable Caller caller) {
        if (caller == null) {
            return filter;
        }
        filter.within(caller.lanes());
        if (!caller.seesOthers()) {
            return filter.sender(caller.name());
        }
        return caller.seesPersonalData() ? filter : filter.withoutCustomers();
    }

    /** Lists dead and uncertain messages by the query's parameters. */
    public Object deadLetters(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, LIST);
        return found("dead-letters", seen(Filters.of(given), caller).states(Filter.FAILED), given);
    }

    private Object found(String name, Filter filter, Parameters given) {
        var listing =
                new Listing<>((after, most) -> store.messages().search(filter, after, most), Found::seq, Found::view);
        String format = Export.format(given);
        if (format == null) {
            return listing.page("messages", given);
        }
        int most = given.number("limit", Integer.MAX_VALUE, 1, 999_999_999);
        return new Export(name, format, COLUMNS, listing.all(given, most));
    }

    /** Counts dead letters of each cause, most first: {@code {"groups":[…]}}. */
    public Object groups(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, GROUPS);
        String format = Export.format(given);
        ObjectNode all = Json.object();
        var groups = all.putArray("groups");
        store.messages()
                .deadLetterGroups(seen(Filters.of(given), caller).states(Filter.FAILED))
                .forEach(group -> groups.add(describe(group)));
        return format == null ? all : Export.of("dead-letter-groups", format, GROUP_COLUMNS, groups);
    }

    private static ObjectNode describe(Group group) {
        int slash = group.lane().indexOf('/');
        ObjectNode described = Json.object()
                .put("vendor", group.lane().substring(0, slash))
                .put("account", group.lane().substring(slash + 1))
                .put("class", group.failureClass())
                .put("code", group.code())
                .put("deadLetter", group.deadLetter())
                .put("count", group.count())
                .put("mayHaveBeenSent", group.mayHaveBeenSent())
                .put("firstSeen", Json.time(group.first()))
                .put("lastSeen", Json.time(group.last()))
                .put("cutoff", Json.time(group.last()))
                .put("meaning", group.example().meaning());
        described
                .putObject("example")
                .put("id", group.example().id())
                .put("meaning", group.example().meaning())
                .put("message", group.example().words());
        return described;
    }
}
