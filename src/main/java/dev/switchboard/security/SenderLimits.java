package dev.switchboard.security;

import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Vendors;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks a message against the limits of its sender: the lanes and ids of the key, and the conversations that it has sent to. The
 * same limits apply to single messages, the records of an uploaded file and calls that are answered at once.
 */
@Singleton
public final class SenderLimits {

    private static final String TRANSCRIPT = "transcript";

    private final Keys keys;
    private final Store store;
    private final Vendors vendors;

    /** Knows the messages of a store, and their senders. */
    public SenderLimits(Keys keys, Store store, Vendors vendors) {
        this.keys = keys;
        this.store = store;
        this.vendors = vendors;
    }

    /**
     * Checks a single message that has an id, and puts the sender's prefix before its ids.
     *
     * @throws Refused (403) for another lane, (422) for an id or a conversation of others
     */
    public void check(Message message, Caller caller) {
        caller.requireLane(message.lane());
        begin(message, caller.idPrefix());
        requireOwnStart(message, caller);
        checkIdAndConversation(message, caller);
    }

    /**
     * Checks a record of a file. For one with {@code conversationOf}, whether that message is the sender's own is checked when the
     * conversation is known, as that message may be in the same file.
     *
     * @param sender who uploaded the file; null on a bus without access control
     * @throws Refused (422) for an id or a conversation of others
     */
    public void checkRecord(Message message, @Nullable String sender) {
        if (sender != null) {
            // what a token allowed is not kept, so its holder has the rights of a sender here
            ApiKey key = keys.find(sender).orElseGet(() -> ApiKey.granted(sender, List.of(Role.SENDER), List.of()));
            checkIdAndConversation(message, Caller.of(Caller.identity(key), null));
        }
    }

    private void checkIdAndConversation(Message message, Caller caller) {
        if (keys.isOfOthers(message.id(), caller.idPrefix())) {
            throw Refused.invalid("id", "prefix", "begins with the prefix of another key");
        }
        if (reads(message) && message.conversationOf() == null && !mayRead(message, caller)) {
            throw Refused.invalid("conversationId", "known", "is not a conversation that you have sent to");
        }
    }

    private boolean reads(Message message) {
        return message.operation().equals(TRANSCRIPT)
                || vendors.find(message.vendor())
                        .map(vendor -> vendor.operations().get(message.operation()))
                        .filter(operation -> operation.reads())
                        .isPresent();
    }

    /** Returns whether a caller may read what was said in the conversation that a message names; one that names none asks for all. */
    public boolean mayRead(Message message, Caller caller) {
        return mayReadConversation(message.lane(), message.conversationId(), caller);
    }

    /** Returns whether a caller may read what was said in a conversation of a lane; null: in all of them. */
    public boolean mayReadConversation(String lane, @Nullable String conversation, Caller caller) {
        return !caller.readsOwnOnly()
                || (conversation != null
                        && !store.messages()
                                .search(
                                        new Filter()
                                                .conversation(conversation)
                                                .sender(caller.name())
                                                .within(List.of(lane)),
                                        Long.MAX_VALUE,
                                        1)
                                .isEmpty());
    }

    /** Puts the prefix before the ids, so that senders with other prefixes cannot use the same ones. */
    private static void begin(Message message, String prefix) {
        String id = message.id();
        if (!id.startsWith(prefix)) {
            message.json().put("id", prefix + id);
            if (!MessageId.FORM.matcher(message.id()).matches()) {
                throw Refused.invalid("id", "maxLength", "is too long after the prefix " + prefix);
            }
        }
        String start = message.conversationOf();
        if (start != null && !start.startsWith(prefix)) {
            message.json().put("conversationOf", prefix + start);
        }
    }

    /** A sender can only join conversations it can see, and does not learn of others. */
    private void requireOwnStart(Message message, Caller caller) {
        String start = message.conversationOf();
        if (start != null
                && !caller.seesOthers()
                && store.messages().find(start).filter(caller::sees).isEmpty()) {
            throw Refused.invalid("conversationOf", "known", "is not a message of yours");
        }
    }
}
