package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.lane.CircuitView;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.message.WaitReason;
import dev.switchboard.queue.Waiting;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Replay;
import dev.switchboard.store.Store;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells what unfinished messages and lanes wait for. It is computed for each call; nothing is stored for it. */
@Singleton
public final class Waits {

    /** The field of a view, and the name of the filter. */
    static final String NAME = "waitingFor";

    private static final Set<String> UNFINISHED = Set.of("accepted", "waiting");
    /** Reasons that hold back messages that are due later, too. */
    private static final Set<WaitReason> HOLDS = EnumSet.of(WaitReason.ACCOUNT, WaitReason.PAUSED, WaitReason.CIRCUIT);

    private final Store store;
    private final LaneComponent lanes;

    /** Looks into a store and its lanes. */
    public Waits(Store store, LaneComponent lanes) {
        this.store = store;
        this.lanes = lanes;
    }

    /** What a lane makes the messages of an api wait for. */
    private record Hold(WaitReason reason, ObjectNode json) {}

    /** Adds to views what their messages wait for; a sender learns the reason and the time, and nothing of others. */
    void explain(List<ObjectNode> views, @Nullable Caller caller) {
        List<String> ids = views.stream()
                .filter(view -> UNFINISHED.contains(view.path("state").asText()))
                .map(view -> view.path("id").asText())
                .toList();
        Map<String, Waiting> waiting =
                ids.isEmpty() ? Map.of() : store.messages().waiting(ids);
        for (ObjectNode view : views) {
            Waiting found = waiting.get(view.path("id").asText());
            if (found != null) {
                ObjectNode json = describe(found);
                view.set(NAME, caller == null || caller.seesOthers() ? json : json.retain("reason", "until"));
            }
        }
    }

    private ObjectNode describe(Waiting waiting) {
        if (waiting.isInTheQueue()) {
            Hold hold = hold(waiting.lane(), waiting.api());
            if (!waiting.isDueLater() || HOLDS.contains(hold.reason)) {
                return hold.json;
            }
        }
        ObjectNode json = reason(waiting.reason());
        if (waiting.subject() != null) {
            json.put(waiting.reason() == WaitReason.BATCH ? "batch" : "messageId", waiting.subject());
        }
        return until(json, waiting.until());
    }

    private Hold hold(String name, String api) {
        Optional<LaneConsumer> lane = lanes.lane(name);
        if (lane.isEmpty()) {
            ObjectNode json = reason(WaitReason.ACCOUNT).put("why", "The bus has no account " + name + ".");
            return new Hold(WaitReason.ACCOUNT, json);
        }
        Hold whole = hold(lane.get());
        return whole != null && whole.reason != WaitReason.RATE
                ? whole
                : lane.get().circuits().stream()
                        .filter(circuit -> circuit.api().equals(api))
                        .flatMap(Waits::hold)
                        .findFirst()
                        .orElseGet(() -> whole == null ? new Hold(WaitReason.TURN, reason(WaitReason.TURN)) : whole);
    }

    /** Returns what holds back all apis of a lane; null where nothing does. */
    private static @Nullable Hold hold(LaneConsumer lane) {
        if (lane.isPaused()) {
            return new Hold(WaitReason.PAUSED, paused(lane));
        }
        if (lane.state().equals("standby")) {
            return new Hold(WaitReason.INSTANCE, reason(WaitReason.INSTANCE));
        }
        Duration next = lane.untilNextStart();
        return next.isZero()
                ? null
                : new Hold(
                        WaitReason.RATE,
                        until(
                                reason(WaitReason.RATE).put("limit", lane.rate().orElse("")),
                                Instant.now().plus(next)));
    }

    private static ObjectNode paused(LaneConsumer lane) {
        ObjectNode json = reason(WaitReason.PAUSED);
        lane.pause().ifPresent(pause -> {
            json.put("why", pause.reason());
            if (pause.by() != null) {
                json.put("by", pause.by());
            }
            until(json, pause.until() == null ? null : Instant.ofEpochMilli(pause.until()));
        });
        return json;
    }

    private static Stream<Hold> hold(CircuitView circuit) {
        return circuit.since() == null
                ? Stream.empty()
                : Stream.of(
                        new Hold(WaitReason.CIRCUIT, reason(WaitReason.CIRCUIT).setAll(describe(circuit))));
    }

    private static ObjectNode reason(WaitReason reason) {
        return Json.object().put("reason", reason.toString());
    }

    private static ObjectNode until(ObjectNode json, @Nullable Instant until) {
        return until == null ? json : json.put("until", until.toString());
    }

    /** Lists what holds back messages of a lane, of all its apis or of some. */
    static ArrayNode of(LaneConsumer lane) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        holds(lane).forEach(each -> all.add(each.json));
        lane.closed().ifPresent(closed -> all.add(until(reason(closed.reason()), closed.until())));
        return all;
    }

    private static Stream<Hold> holds(LaneConsumer lane) {
        return Stream.concat(
                Stream.ofNullable(hold(lane)), lane.circuits().stream().flatMap(Waits::hold));
    }

    /** Lists what holds back messages that a run sends again, each with its lane. */
    ArrayNode ofRun(Replay run) {
        ArrayNode all = Json.MAPPER.createArrayNode();
        for (LaneConsumer lane : lanes.lanes()) {
            String name = lane.account().lane();
            holds(lane)
                    .filter(each -> HOLDS.contains(each.reason))
                    .filter(each -> store.replays()
                            .isInLane(run.seq(), name, each.json.path("api").textValue()))
                    .forEach(each -> all.add(each.json.put("lane", name)));
        }
        return all;
    }

    /** Returns what would hold back a message that is sent again; null where nothing would. */
    @Nullable
    ObjectNode before(Message message) {
        return lanes.lane(message.lane())
                .map(lane -> lane.account().vendor().operations().get(message.operation()))
                .map(operation -> hold(message.lane(), operation.api()))
                .filter(hold -> HOLDS.contains(hold.reason))
                .map(Hold::json)
                .orElse(null);
    }

    /** Shows a circuit. */
    static ObjectNode describe(CircuitView circuit) {
        boolean closed = circuit.since() == null;
        return Json.withoutNulls(Json.object()
                .put("api", circuit.api())
                .put("state", circuit.state())
                .put("why", circuit.why().isEmpty() ? null : circuit.why())
                .put("setting", circuit.settings().isEmpty() ? null : String.join(", ", circuit.settings()))
                .put("since", text(circuit.since()))
                .put("waitsFor", closed ? null : circuit.waitsFor())
                .put("goodProbesMissing", closed ? null : circuit.goodProbesMissing())
                .put("nextProbe", text(circuit.nextProbe())));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /**
     * Reads which waiting messages are asked for.
     *
     * @throws Refused (422) when there is no such reason
     */
    Waiting.Wanted wanted(String value) {
        WaitReason reason = Filters.named(NAME, value, WaitReason.values());
        List<String> apis = lanes.lanes().stream()
                .map(LaneConsumer::account)
                .flatMap(account -> account.apis().stream()
                        .filter(api -> mayHold(reason, hold(account.lane(), api).reason))
                        .map(api -> account.lane() + " " + api))
                .toList();
        return new Waiting.Wanted(reason, apis);
    }

    /** Returns whether messages may wait for something where others are held back. */
    private static boolean mayHold(WaitReason wanted, WaitReason held) {
        return wanted == WaitReason.ACCOUNT
                || wanted == held
                || (Waiting.DUE_LATER.contains(wanted) && !HOLDS.contains(held));
    }
}
