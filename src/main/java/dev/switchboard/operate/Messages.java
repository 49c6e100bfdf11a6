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
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
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

    private final Store store;
    private final Lifetime lifetimes;
    private final MessageCheck check;
    private final Previews previews;
    private final Waits waits;

    /** Shows what a store holds. */
    public Messages(Store store, Lifetime lifetimes, MessageCheck check, Previews previews, Waits waits) {
        this.store = store;
        this.waits = waits;
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
        ObjectNode view = store.messages()
                .find(PathSegment.decoded(id))
                .filter(found -> caller == null || caller.sees(found))
                .orElseThrow(() -> Refused.because(404, "There is no message with this id."));
        waits.explain(List.of(view), caller);
        return view;
    }

    /** Returns the id of a message that the caller may know of. */
    private String require(String id, @Nullable Caller caller) {
        return find(id, caller).path("id").asText();
    }

    /**
     * Sends a dead or uncertain message again, or what the body holds in its place; with {@code dryRun=true} shows what would
     * be sent. One that has a fallback is sent with {@code includeMaybeSent=true} only.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state or has a fallback, (422) when what the body holds is no message
     */
    public ObjectNode replay(
            @Header("id") String id,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @Body @Nullable String edited,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, Set.of("dryRun", "includeMaybeSent"));
        boolean dryRun = yes(given, "dryRun");
        boolean maybeSent = yes(given, "includeMaybeSent");
        ObjectNode message = find(id, caller);
        Message instead = edited == null || edited.isBlank() ? null : checked(edited);
        if (caller != null && instead != null) {
            caller.requireLane(instead.lane());
        }
        if (dryRun) {
            return preview(message, instead);
        }
        if (message.has("fallback") && !maybeSent) {
            throw Refused.because(
                    409,
                    "The message " + message.path("fallback").asText()
                            + " was sent in its place. If this one is to be sent too, say includeMaybeSent=true.");
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
     * Discards a message; the body has the {@code reason}.
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
     * Undoes a discard.
     *
     * @throws Refused (404) when there is none, (409) when it is in another state, or discarded longer than a day ago
     */
    public ObjectNode undiscard(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        Store.written(store.messages().undiscard(require(id, caller)));
        return find(id, caller);
    }

    /**
     * Closes an uncertain message that is known to have been delivered.
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
            throw Refused.invalid("conversationId", "maxLength", "is not the id of a conversation");
        }
        Store.written(store.messages().resolve(require(id, caller), conversation));
        return find(id, caller);
    }
}
