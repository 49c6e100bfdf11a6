package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Replay;
import dev.switchboard.store.RunAction;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Begins, shows and cancels runs over many messages: they send dead letters again, discard or resolve them, or try or discard
 * waiting messages.
 */
@Singleton
@Named("replays")
public final class Replays {

    private static final Pattern RATE = Pattern.compile("([1-9]\\d{0,6})/(s|m)");
    private static final int MOST = 1000;
    private static final int MOST_IDS = 10_000;
    private static final Set<String> FIELDS = Set.of(
            "ids", "filter", "group", "cutoff", "rate", "ramp", "stopAt", "includeMaybeSent", "dryRun", "reason");
    private static final Set<String> PLAIN_FIELDS =
            Set.of("ids", "filter", "group", "cutoff", "rate", "dryRun", "reason");
    private static final Set<String> NAMES =
            Stream.concat(Filters.NAMES.stream(), Stream.of(Waits.NAME)).collect(Collectors.toUnmodifiableSet());
    private static final List<String> COLUMNS = Export.columns(
            "id action state total replayed delivered relapsed discarded skipped laterSent cutoff rate ramp stopAt"
                    + " includeMaybeSent reason why startedAt finishedAt");

    private static final int EXAMPLES = 5;
    /** The lanes and vendors to which a run is limited: those of the key that began it. */
    private static final String LANES = "lanes";

    private final Store store;
    private final Previews previews;
    private final Waits waits;
    private final Tries tries;

    /** Runs over what a store holds. */
    public Replays(Store store, Previews previews, Waits waits, Tries tries) {
        this.tries = tries;
        this.waits = waits;
        this.store = store;
        this.previews = previews;
    }

    /**
     * Begins a run, or with {@code dryRun} shows what it would take.
     *
     * @param action what it does with the messages
     * @throws Refused (422) when what is asked for makes no sense
     */
    public void begin(
            Exchange exchange,
            @ExchangeProperty("action") String action,
            @Body @Nullable String body,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        RunAction does = RunAction.valueOf(action);
        var asked = new JsonBody(body, does == RunAction.REPLAY ? FIELDS : PLAIN_FIELDS);
        List<String> lanes = caller == null ? List.of() : caller.lanes();
        Filter filter = filter(asked).within(lanes);
        Replay.Wanted wanted = wanted(does, asked, lanes);
        if (asked.yes("dryRun")) {
            exchange.getMessage().setBody(preview(filter, wanted));
            return;
        }
        if (does == RunAction.TRY) {
            tries.probe(filter);
        } else if (does != RunAction.REPLAY) {
            asked.require("reason");
        }
        Replay run = Store.written(store.replays().begin(filter, wanted));
        exchange.setProperty("replay", run.id());
        exchange.getMessage().setBody(describe(run));
    }

    private ObjectNode preview(Filter filter, Replay.Wanted wanted) {
        boolean again = wanted.action() == RunAction.REPLAY;
        long all = store.replays().count(filter, wanted.action(), wanted.cutoff(), false);
        long skipped = again && !wanted.maybeSent()
                ? store.replays().count(filter, wanted.action(), wanted.cutoff(), true)
                : 0;
        List<ObjectNode> some = store.replays().examples(filter, wanted, EXAMPLES).stream()
                .map(Found::view)
                .toList();
        ObjectNode preview = Json.object();
        preview.put("dryRun", true).put("total", all).put("skipped", skipped);
        if (again) {
            some.forEach(previews::add);
        } else {
            waits.explain(some, null);
        }
        some.forEach(preview.putArray("messages")::add);
        return preview;
    }

    private Filter filter(JsonBody asked) {
        JsonNode ids = asked.json().path("ids");
        JsonNode given = asked.json().has("group")
                ? asked.json().path("group")
                : asked.json().path("filter");
        if (ids.isMissingNode() == given.isMissingNode()) {
            throw Refused.invalid("filter", "required", "give either ids, a filter or a group");
        }
        return ids.isMissingNode() ? named(Parameters.of(given, NAMES)) : new Filter().ids(ids(ids));
    }

    private Filter named(Parameters given) {
        Filter filter = Filters.of(given);
        given.with(Waits.NAME, value -> filter.waiting(waits.wanted(value)));
        return filter;
    }

    private static List<String> ids(JsonNode ids) {
        var texts = new ArrayList<String>();
        ids.forEach(id -> texts.add(id.asText()));
        if (!ids.isArray() || texts.isEmpty() || texts.size() > MOST_IDS) {
            throw Refused.invalid("ids", "items", "must be a list of 1 to " + MOST_IDS + " ids");
        }
        return texts;
    }

    private static Replay.Wanted wanted(RunAction action, JsonBody asked, List<String> lanes) {
        String cutoff = asked.text("cutoff");
        ObjectNode request = Json.object();
        for (String name : List.of("ids", "filter", "group")) {
            if (asked.json().has(name)) {
                request.set(name, asked.json().get(name));
            }
        }
        lanes.forEach(request.withArray(LANES)::add);
        return new Replay.Wanted(
                action,
                request.toString(),
                cutoff == null ? Instant.now().toEpochMilli() : Filters.time("cutoff", cutoff),
                rate(asked),
                asked.yes("ramp"),
                share(asked.json().path("stopAt")),
                asked.yes("includeMaybeSent") || action != RunAction.REPLAY,
                asked.text("reason"));
    }

    private static @Nullable Double rate(JsonBody asked) {
        String text = asked.text("rate");
        if (text == null) {
            return null;
        }
        var rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw Refused.invalid("rate", "format", "must be a rate such as 10/s or 300/m");
        }
        return Double.parseDouble(rate.group(1)) / (rate.group(2).equals("s") ? 1 : 60);
    }

    private static @Nullable Double share(JsonNode share) {
        if (share.isMissingNode() || share.isNull()) {
            return null;
        }
        if (!share.isNumber() || share.asDouble() < 0 || share.asDouble() > 1) {
            throw Refused.invalid("stopAt", "range", "must be a share from 0 to 1");
        }
        return share.asDouble();
    }

    /** Lists the newest runs: {@code {"replays":[…]}}. */
    public Object list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        String format = Export.format(new Parameters(query, Set.of("format")));
        ObjectNode all = Json.object();
        var list = all.putArray("replays");
        store.replays().list(MOST).stream().filter(run -> sees(caller, run)).forEach(run -> list.add(describe(run)));
        return format == null ? all : Export.of("replays", format, COLUMNS, list);
    }

    /**
     * Shows a run.
     *
     * @throws Refused (404) when there is none
     */
    public ObjectNode find(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        return describe(require(id, caller));
    }

    private Replay require(String id, @Nullable Caller caller) {
        return store.replays()
                .find(PathSegment.decoded(id))
                .filter(run -> sees(caller, run))
                .orElseThrow(() -> Refused.because(404, "There is no replay with this id."));
    }

    /** A caller who is limited to lanes sees only runs that are limited to the same or fewer. */
    private static boolean sees(@Nullable Caller caller, Replay run) {
        if (caller == null || caller.lanes().isEmpty()) {
            return true;
        }
        JsonNode lanes = Json.parse(run.wanted().request()).path(LANES);
        return !lanes.isEmpty() && lanes.valueStream().allMatch(lane -> caller.isFor(lane.asText()));
    }

    /**
     * Cancels a run; messages that it has already handled stay as they are.
     *
     * @throws Refused (404) when there is none, (409) when it has ended
     */
    public ObjectNode cancel(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        Replay run = require(id, caller);
        if (!Store.written(store.replays().cancel(run.id()))) {
            throw Refused.because(409, "The replay is " + require(id, caller).state() + ".");
        }
        return find(id, caller);
    }

    private ObjectNode describe(Replay run) {
        Replay.Wanted wanted = run.wanted();
        ObjectNode described = Json.object();
        described.put("id", run.id()).put("action", wanted.action().toString()).put("state", run.state());
        described.put("total", run.total()).put("replayed", run.replayed());
        described.put("delivered", run.delivered()).put("relapsed", run.relapsed());
        described.put("discarded", run.discarded()).put("skipped", run.skipped());
        described
                .putObject("skippedBecause")
                .put("mayHaveBeenSent", run.maybeSkipped())
                .put("changed", run.changedSkipped())
                .put("noAccount", run.accountSkipped());
        described.put("laterSent", run.laterSent());
        described.put("cutoff", Json.time(wanted.cutoff()));
        described.put("rate", wanted.rate()).put("ramp", wanted.ramp());
        described.put("rateNow", run.state().equals("running") ? Pace.rate(run, run.stage()) : null);
        described.put("stopAt", wanted.stopAt()).put("includeMaybeSent", wanted.maybeSent());
        described.put("reason", wanted.reason()).put("why", run.why());
        described.put("startedAt", Json.time(run.startedAt()));
        described.put("finishedAt", Json.time(run.finishedAt()));
        described.setAll((ObjectNode) Json.parse(wanted.request()));
        if (run.state().equals("running")) {
            ArrayNode waiting = waits.ofRun(run);
            described.set(Waits.NAME, waiting.isEmpty() ? null : waiting);
        }
        return Json.withoutNulls(described);
    }
}
