package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.store.Found;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list in which an event is one entry, though the store has a message of it for each receiver. Those are kept in one
 * commit, so they follow each other.
 *
 * @param reader reads messages, newest first
 * @param carriers the vendors whose messages hand events on
 * @param wanted which entries are listed
 * @param timeline whether messages and events are told apart in entries of their own
 */
record EventPage(Listing.Reader<Found> reader, Set<String> carriers, Predicate<ObjectNode> wanted, boolean timeline) {

    /** A page that finds little ends after so many messages, so that no call reads the whole store. */
    private static final int MOST_READ = 20_000;

    /** What a vendor sent may be a megabyte long. */
    private static final int AT_ONCE = 100;

    private static final List<String> FIELDS =
            List.of("kind customerId type text url urls at vendorId extra possibleDuplicate".split(" "));

    /** Returns a page, as {@code limit} and {@code after} ask for it: <code>{"NAME":[…],"next":"cursor"}</code>. */
    ObjectNode read(String name, Parameters given) {
        int limit = given.number("limit", 100, 1, Listing.MOST);
        ObjectNode page = Json.object();
        var entries = page.putArray(name);
        long last = Listing.cursor(given.get("after"));
        ObjectNode event = Json.object();
        for (int read = 0; read < MOST_READ; read += AT_ONCE) {
            List<Found> messages = reader.read(last, AT_ONCE);
            for (Found found : messages) {
                ObjectNode message = found.view();
                if (!isEvent(message)
                        || !eventId(message).equals(event.path("id").asText())) {
                    event = isEvent(message) ? event(message) : Json.object();
                    ObjectNode entry = entry(message, event);
                    if (entry != null && wanted.test(entry)) {
                        if (entries.size() == limit) {
                            return page.put("next", Long.toString(last, 36));
                        }
                        entries.add(entry);
                    }
                }
                if (!event.isEmpty()) {
                    event.withArray("handedOn").add(receiver(message));
                }
                last = found.seq();
            }
            if (messages.size() < AT_ONCE) {
                return page;
            }
        }
        return page.put("next", Long.toString(last, 36));
    }

    /** What has been erased does not show any more who sent it. */
    private @Nullable ObjectNode entry(ObjectNode message, ObjectNode event) {
        if (event.isEmpty() && isEvent(message)) {
            return null;
        }
        if (!timeline) {
            return event;
        }
        ObjectNode entry = Json.object()
                .put("direction", event.isEmpty() ? "out" : "in")
                .put("time", message.path("acceptedAt").asText());
        return entry.set(event.isEmpty() ? "message" : "event", event.isEmpty() ? message : event);
    }

    private boolean isEvent(ObjectNode message) {
        return carriers.contains(message.path("vendor").asText());
    }

    /** Returns what is the same for all messages of an event. */
    private static String eventId(JsonNode message) {
        return message.path("id").asText().replaceFirst("\\..*", "");
    }

    /** Makes the event of a message that hands it on, as a receiver sees it. */
    private static ObjectNode event(JsonNode message) {
        String from = message.path("from").asText();
        int slash = from.indexOf('/');
        if (slash < 0) {
            return Json.object();
        }
        ObjectNode event = Json.object()
                .put("id", eventId(message))
                .put("vendor", from.substring(0, slash))
                .put("account", from.substring(slash + 1));
        String conversation = message.path("conversationId").asText();
        if (conversation.startsWith(from + "/")) {
            event.put("conversationId", conversation.substring(from.length() + 1));
        }
        FIELDS.stream().filter(message::has).forEach(field -> event.set(field, message.get(field)));
        attach(event);
        return event.set("receivedAt", message.path("acceptedAt"));
    }

    private static void attach(ObjectNode event) {
        JsonNode urls = event.remove("urls");
        Iterable<JsonNode> all = urls == null ? List.of(event.path("url")) : urls;
        all.forEach(url -> {
            if (url.isTextual()) {
                event.withArray("attachments").addObject().set("url", url);
            }
        });
    }

    private static ObjectNode receiver(JsonNode message) {
        ObjectNode receiver = Json.object();
        receiver.put(
                "lane",
                message.path("vendor").asText() + "/" + message.path("account").asText());
        receiver.set("operation", message.path("operation"));
        receiver.set("message", message.path("id"));
        return receiver.set("state", message.path("state"));
    }
}
