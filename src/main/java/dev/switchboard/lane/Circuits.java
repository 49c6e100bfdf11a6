package dev.switchboard.lane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.DeliveryFailed;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import dev.switchboard.vendor.Vendor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The circuits of a lane, one for each of its apis: they say what may be claimed, and hear how it ended. */
final class Circuits {

    private static final int LONGEST_RETRY_AFTER = 60;

    private final Account account;
    private final Store store;
    private final CircuitChanges changes = new CircuitChanges();
    private final Map<String, Circuit> circuits = new TreeMap<>();
    private final Map<String, Long> shared = new HashMap<>();
    private int turn;

    Circuits(Account account, Circuit.Settings settings, Store store) {
        this.account = account;
        this.store = store;
        account.apis()
                .forEach(api -> circuits.put(
                        api, new Circuit(settings, System::nanoTime, (state, why) -> changed(api, state, why))));
    }

    /** Stops again what was stopped before a restart, as long as the settings are still those. */
    void restore() {
        circuits.forEach((api, circuit) -> store.lanes()
                .stoppedCircuit(account.lane(), api, account.settings())
                .ifPresent(circuit::stop));
    }

    private Circuit of(String api) {
        Circuit circuit = circuits.get(api);
        if (circuit == null) {
            throw new IllegalStateException(account.lane() + " has no api " + api);
        }
        return circuit;
    }

    /** Called, as {@link #claimed} is, by the lane's one thread. Divides free slots among the apis; what one does not need is there for the others in the next round. */
    List<Share> shares(int free, Predicate<String> mayRepeat) {
        changes.writeNext();
        var shares = new ArrayList<Share>();
        var inTurn = new ArrayList<>(circuits.entrySet());
        Collections.rotate(inTurn, ++turn);
        int left = free;
        int apis = inTurn.size();
        for (Map.Entry<String, Circuit> each : inTurn) {
            shared.put(each.getKey(), each.getValue().generation());
            int most = each.getValue().mayClaim((left + apis - 1) / apis);
            if (most > 0) {
                shares.add(new Share(each.getKey(), most, probe(each.getValue(), mayRepeat)));
            }
            left -= most;
            apis--;
        }
        return shares;
    }

    /** Returns which messages a probe is made with first, null where none is to be made. */
    private static @Nullable Predicate<String> probe(Circuit circuit, Predicate<String> mayRepeat) {
        if (circuit.state() == Circuit.State.CLOSED) {
            return null;
        }
        return circuit.isUnclear() ? mayRepeat : any -> true;
    }

    /** Returns the apis whose messages may be claimed now. */
    List<String> claimable() {
        return circuits.entrySet().stream()
                .filter(circuit -> circuit.getValue().mayClaim(1) > 0)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns how many milliseconds it is until the next probe; one that is due already waits for a message. */
    long untilProbe() {
        return circuits.values().stream()
                .map(Circuit::untilProbe)
                .filter(left -> !left.isZero())
                .mapToLong(left -> left.toMillis() + 1)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Notes that a message has been claimed; {@link #ended} has to be told what is returned. */
    long claimed(Claimed message) {
        long claim = shared.getOrDefault(message.api(), 0L);
        of(message.api()).claimed(claim);
        return claim;
    }

    /** Claims a message of an api whose messages all pass; returns what {@link #ended} has to be told, -1 where they do not. */
    long claimOne(String api) {
        return of(api).claimOne();
    }

    /** Takes that claim back: no attempt was made. */
    void unclaimed(String api, long claim) {
        of(api).unclaimed(claim);
    }

    /** Takes that claim back: its message may not be sent for a while. */
    void putOff(String api, long claim) {
        of(api).putOff(claim);
    }

    /** Returns the apis. */
    Collection<String> apis() {
        return circuits.keySet();
    }

    /**
     * Notes how an attempt ended.
     *
     * @return whether it is not counted: the message would have been held back, had this been known before
     */
    boolean ended(Claimed message, long claim, @Nullable DeliveryFailed failure) {
        Circuit circuit = of(message.api());
        String conversation = message.message().conversationId();
        String reason = failure == null ? "" : account.settings().mask(failure.meaning());
        var attempt = new Circuit.Ended(
                conversation == null ? message.message().id() : conversation,
                message.attempt() == 1,
                failure != null && failure.uncertain(),
                reason);
        return circuit.ended(claim, end(failure), attempt);
    }

    private static Circuit.End end(@Nullable DeliveryFailed failure) {
        if (failure == null) {
            return Circuit.End.WELL;
        }
        if (failure.disposition() == Disposition.STOP_CIRCUIT) {
            return Circuit.End.FAULT;
        }
        boolean outage =
                failure.getFailureClass() == FailureClass.UNAVAILABLE || failure.uncertain() || failure.unexplained();
        return outage ? Circuit.End.OUTAGE : Circuit.End.WELL;
    }

    private void changed(String api, Circuit.State state, String why) {
        ObjectNode event = event(api, state, why);
        String stopped = state == Circuit.State.STOPPED ? why : null;
        Settings settings = account.settings();
        changes.add(() -> store.lanes().stopCircuit(account.lane(), api, stopped, settings, event));
    }

    private ObjectNode event(String api, Circuit.State state, String why) {
        ObjectNode event = Json.object();
        event.put("event", "circuit-" + (state == Circuit.State.OPEN ? "opened" : state.toString()));
        event.put("vendor", account.vendor().name());
        event.put("account", account.name());
        event.put("api", api);
        if (!why.isEmpty()) {
            event.put("why", why);
        }
        if (state == Circuit.State.STOPPED) {
            suspects(api).forEach(event.putArray("settings")::add);
        }
        return event.put("at", Instant.now().toString());
    }

    private List<String> suspects(String api) {
        Vendor.Api described = account.vendor().apis().get(api);
        return described == null ? List.of() : described.needs();
    }

    /** Has those that are not closed probed at once, at the instance that serves the lane. */
    void probeNow() {
        circuits.values().forEach(Circuit::probeNow);
        store.instances().tell(told());
    }

    /** Has one probed at once. Another instance that serves the lane probes all. */
    void probeNow(String api) {
        of(api).probeNow();
        store.instances().tell(told());
    }

    /** Probes when another instance tells of it, until what is returned is closed. */
    AutoCloseable onTold(Runnable wake) {
        return store.onWork(told(), () -> {
            circuits.values().forEach(Circuit::probeNow);
            wake.run();
        });
    }

    private String told() {
        return "probe " + account.lane();
    }

    /**
     * Lets pass what does not wait in the queue.
     *
     * @throws Refused (503) when the api's circuit is not closed
     */
    void requireClosed(String api) {
        Circuit circuit = of(api);
        if (circuit.state() != Circuit.State.CLOSED) {
            long seconds = Math.max(1, circuit.untilProbe().toSeconds());
            throw Refused.forNow("The circuit is " + circuit.state() + ": " + circuit.why(), (int)
                    Math.min(seconds, LONGEST_RETRY_AFTER));
        }
    }

    List<CircuitView> views() {
        return circuits.entrySet().stream()
                .map(each -> each.getValue().view(each.getKey(), suspects(each.getKey())))
                .toList();
    }
}
