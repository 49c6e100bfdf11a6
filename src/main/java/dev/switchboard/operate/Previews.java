package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.lane.Preview;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.store.Store;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Shows what today's routes would send, and what was sent. Does not connect to the vendor and changes nothing. */
@Singleton
public final class Previews {

    private final Store store;
    private final LaneComponent lanes;
    private final Waits waits;

    /** Previews of what a store holds, made by the lanes. */
    public Previews(Store store, LaneComponent lanes, Waits waits) {
        this.waits = waits;
        this.store = store;
        this.lanes = lanes;
    }

    /** Adds both to a message's view: {@code sent} of its last attempt, {@code wouldSend} of the message itself. */
    ObjectNode add(ObjectNode view) {
        String id = view.path("id").asText();
        return store.messages().get(id).map(message -> add(view, message)).orElse(view);
    }

    /** Adds what was sent of a message, and what would be sent of the one that replaces it. */
    ObjectNode add(ObjectNode view, Message instead) {
        JsonNode attempts = store.messages()
                .find(view.path("id").asText())
                .map(whole -> whole.path("attempts"))
                .orElse(Json.MAPPER.missingNode());
        JsonNode sent = attempts.path(attempts.size() - 1).path("request");
        if (sent.isObject()) {
            view.set("sent", sent);
        }
        view.set("wouldSend", wouldSend(instead));
        ObjectNode wait = waits.before(instead);
        if (wait != null) {
            view.set(Waits.NAME, wait);
        }
        return view;
    }

    private ObjectNode wouldSend(Message message) {
        String start = message.conversationId() == null ? message.conversationOf() : null;
        if (start != null) {
            return Json.object().put("failure", "It is for the conversation that " + start + " begins.");
        }
        Optional<LaneConsumer> lane = lanes.lane(message.lane());
        return lane.map(each -> describe(each.preview(message)))
                .orElseGet(() -> Json.object().put("failure", "The bus has no account " + message.lane() + "."));
    }

    private static ObjectNode describe(Preview preview) {
        ObjectNode described = Json.object();
        described.set("request", Json.parse(preview.request()));
        described.set("result", Json.MAPPER.valueToTree(preview.result()));
        return Json.withoutNulls(described.put("failure", preview.failure()));
    }
}
