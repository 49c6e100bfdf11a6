package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.intake.Intakes;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LaneConsumer;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.queue.Pause;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Lanes.Depth;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows, pauses and resumes lanes. */
public final class Lanes {

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final List<String> COLUMNS = Export.columns(
            "vendor account state why pausedBy until depth oldest inFlight rate limit circuits waitingFor");

    /** Begins the name by which instances tell each other to read credentials again. */
    private static final String CREDENTIALS = "credentials ";

    private final LaneComponent lanes;
    private final Intakes intakes;
    private final Depths depths;
    private final Store store;
    private final Function<Account, Set<String>> readAgain;

    /**
     * Shows the lanes of a bus.
     *
     * @param readAgain reads an account's credentials again, and returns the names of those that have changed
     */
    public Lanes(LaneComponent lanes, Intakes intakes, Store store, Function<Account, Set<String>> readAgain) {
        this.lanes = lanes;
        this.intakes = intakes;
        this.depths = new Depths(lane -> store.lanes().depth(lane), System::nanoTime);
        this.store = store;
        this.readAgain = readAgain;
    }

    /**
     * Lists the lanes: {@code {"lanes":[{"vendor","account","state","why","pausedBy","until","depth","oldest","inFlight","rate","limit",
     * "circuits":[…],"waitingFor":[…]}],"intakes":[{"name","state","why","lastMessage"}]}}; {@code rate} is measured, in requests a second, {@code limit} is the rate that is set.
     */
    public Object list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        String format = Export.format(new Parameters(query, Set.of("format")));
        ObjectNode all = Json.object();
        var list = all.putArray("lanes");
        lanes.lanes().stream()
                .filter(lane -> caller == null || caller.isFor(lane.account().lane()))
                .forEach(lane -> list.add(describe(lane)));
        var ways = all.putArray("intakes");
        intakes.all().forEach(intake -> ways.add(describe(intake)));
        return format == null ? all : Export.of("lanes", format, COLUMNS, list);
    }

    private ObjectNode describe(LaneConsumer lane) {
        Pause pause = lane.pause().orElse(null);
        Depth depth = depths.of(lane.account().lane());
        ObjectNode described = Json.object()
                .put("vendor", lane.account().vendor().name())
                .put("account", lane.account().name())
                .put("state", lane.state())
                .put("why", pause == null ? null : pause.reason())
                .put("pausedBy", pause == null ? null : pause.by())
                .put("until", pause == null ? null : Json.time(pause.until()))
                .put("depth", depth.count())
                .put("oldest", Json.time(depth.oldest()))
                .put("inFlight", lane.attempts())
                .put("rate", Math.round(lane.speed() * 10) / 10.0);
        lane.rate().ifPresent(limit -> described.put("limit", limit));
        var circuits = described.putArray("circuits");
        lane.circuits().forEach(circuit -> circuits.add(Waits.describe(circuit)));
        described.set(Waits.NAME, Waits.of(lane));
        return Json.withoutNulls(described);
    }

    private static ObjectNode describe(Intakes.Intake intake) {
        return Json.withoutNulls(Json.object()
                .put("name", intake.name())
                .put("state", intake.state())
                .put("why", intake.why())
                .put("lastMessage", text(intake.lastMessage())));
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    /**
     * Pauses a lane until it is resumed; the body may have a {@code reason}, and a time {@code until} which it is paused.
     *
     * @throws Refused (404) when there is no such lane, (422) when that time has passed
     */
    public ObjectNode pause(
            @Header("vendor") String vendor,
            @Header("account") String account,
            @Body @Nullable String body,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        LaneConsumer lane = find(vendor, account);
        var asked = new JsonBody(body, Set.of("reason", "until"));
        String reason = asked.text("reason");
        lane.pause(new Pause(
                reason == null ? "paused by an operator" : reason,
                until(asked.text("until")),
                caller == null ? null : caller.sender()));
        return describe(lane);
    }

    private static @Nullable Long until(@Nullable String text) {
        if (text == null) {
            return null;
        }
        long until = Filters.time("until", text);
        if (until <= System.currentTimeMillis()) {
            throw Refused.invalid("until", "range", "must be a time to come");
        }
        return until;
    }

    /**
     * Reads the account's credentials again, resumes a paused lane, and probes its circuits at once.
     *
     * @throws Refused (404) when there is no such lane, (422) when a setting is wrong: then nothing has changed
     */
    public ObjectNode resume(@Header("vendor") String vendor, @Header("account") String account) {
        LaneConsumer lane = find(vendor, account);
        takeCredentials(lane.account());
        store.instances().tell(CREDENTIALS + lane.account().lane());
        lane.resumeNow();
        return describe(lane);
    }

    /** Reads an account's credentials again when its lane is resumed at another instance. */
    public void hear(Account account) {
        store.onWork(CREDENTIALS + account.lane(), () -> {
            try {
                takeCredentials(account);
            } catch (Refused e) {
                LOG.debug("{}: {}", account.lane(), e.getMessage()); // it has been logged
            }
        });
    }

    private void takeCredentials(Account account) {
        try {
            Set<String> changed = readAgain.apply(account);
            if (!changed.isEmpty()) {
                LOG.info("{}: {} have new values", account.lane(), changed);
            }
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is not resumed, its old settings stay in force: {}", account.lane(), e.getMessage());
            throw Refused.because(422, "The lane is not resumed, its old settings stay in force: " + e.getMessage());
        }
    }

    private LaneConsumer find(String vendor, String account) {
        return lanes.lanes().stream()
                .filter(lane -> lane.account().lane().equals(vendor + "/" + account))
                .findFirst()
                .orElseThrow(() -> Refused.because(404, "There is no such lane; there are: " + known() + "."));
    }

    private String known() {
        return lanes.lanes().stream().map(lane -> lane.account().lane()).collect(Collectors.joining(", "));
    }
}
