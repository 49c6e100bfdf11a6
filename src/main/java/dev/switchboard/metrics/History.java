package dev.switchboard.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers the last hour and the last day of each lane, from the meters for Prometheus. It starts empty with the process. */
@Singleton
@Named("history")
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(History.class);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> ENDS = Set.of("dead", "uncertain");
    private static final int HOUR = 10;
    private static final int DAY = 240;

    private final MeterRegistry registry;
    private final List<Account> accounts;
    private final Ring hour = new Ring(HOUR);
    private final Ring day = new Ring(DAY);
    private final Map<String, Stretch> counted = new HashMap<>();
    private final Map<String, Stretch> gathered = new HashMap<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "history");
        thread.setDaemon(true);
        return thread;
    });
    private int samples;

    History(MeterRegistry registry, Vendors vendors) {
        this.registry = registry;
        this.accounts = List.copyOf(vendors.accounts());
    }

    void start(@Observes StartupEvent start) {
        var unused = clock.scheduleAtFixedRate(this::safely, HOUR, HOUR, TimeUnit.SECONDS);
    }

    @PreDestroy
    void stop() {
        clock.shutdownNow();
    }

    /** Catches every failure, as an executor does not repeat a task that has failed. */
    private void safely() {
        try {
            sample(Instant.now());
        } catch (RuntimeException e) {
            LOG.warn("A sample is missing in the history of the lanes: {}", e.toString());
        }
    }

    /** Adds what has happened since the last sample. */
    void sample(Instant now) {
        var lanes = new HashMap<String, Stretch>();
        for (Account account : accounts) {
            String lane = account.lane();
            Stretch total = total(account);
            Stretch since = total.since(counted.getOrDefault(lane, Stretch.NONE));
            counted.put(lane, total);
            lanes.put(lane, since);
            gathered.merge(lane, since, Stretch::and);
        }
        hour.add(new Ring.Row(now, lanes));
        samples++;
        if (samples % (DAY / HOUR) == 0) {
            day.add(new Ring.Row(now, Map.copyOf(gathered)));
            gathered.clear();
        }
    }

    private Stretch total(Account account) {
        List<String> lane = List.of("vendor", account.vendor().name(), "account", account.name());
        String[] tags = lane.toArray(String[]::new);
        double delivered = 0;
        var failed = new TreeMap<String, Double>();
        for (Counter each : registry.find("switchboard.messages").tags(tags).counters()) {
            String state = String.valueOf(each.getId().getTag("state"));
            if (state.equals("delivered")) {
                delivered += each.count();
            } else if (ENDS.contains(state)) {
                failed.merge(String.valueOf(each.getId().getTag("class")), each.count(), Double::sum);
            }
        }
        var calls = registry.find("switchboard.vendor.call").tags(tags).timers();
        Gauge depth = registry.find("switchboard.lane.depth").tags(tags).gauge();
        return new Stretch(
                delivered,
                failed,
                calls.stream().mapToDouble(Timer::count).sum(),
                calls.stream()
                        .mapToDouble(each -> each.totalTime(TimeUnit.MILLISECONDS))
                        .sum(),
                depth == null || Double.isNaN(depth.value()) ? 0 : depth.value());
    }

    /**
     * Shows the last hour or day, the oldest first; {@code at} is when each stretch ended.
     *
     * @throws Refused (422) when another span is asked for
     */
    public ObjectNode list(
            @Header("span") @Nullable String span, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        boolean isDay = "day".equals(span);
        if (!isDay && span != null && !span.equals("hour")) {
            throw Refused.invalid("span", "enum", "is hour or day");
        }
        return describe(
                isDay ? "day" : "hour", isDay ? day : hour, account -> caller == null || caller.isFor(account.lane()));
    }

    private ObjectNode describe(String span, Ring ring, Predicate<Account> seen) {
        List<Ring.Row> rows = ring.rows();
        ObjectNode described = Json.object().put("span", span).put("seconds", ring.seconds());
        ArrayNode at = described.putArray("at");
        rows.forEach(row -> at.add(row.until().toString()));
        ArrayNode lanes = described.putArray("lanes");
        accounts.stream().filter(seen).forEach(account -> lanes.add(describe(account, rows)));
        return described;
    }

    private static ObjectNode describe(Account account, List<Ring.Row> rows) {
        List<Stretch> all = rows.stream().map(row -> row.of(account.lane())).toList();
        ObjectNode lane = Json.object().put("vendor", account.vendor().name()).put("account", account.name());
        lane.set("delivered", numbers(all, Stretch::delivered));
        ObjectNode failed = lane.putObject("failed");
        var classes = new TreeSet<String>();
        all.forEach(each -> classes.addAll(each.failed().keySet()));
        classes.forEach(name ->
                failed.set(name, numbers(all, each -> each.failed().getOrDefault(name, 0.0))));
        lane.set("calls", numbers(all, Stretch::calls));
        lane.set("meanMillis", numbers(all, each -> each.calls() == 0 ? Double.NaN : each.millis() / each.calls()));
        lane.set("depth", numbers(all, Stretch::depth));
        return lane;
    }

    private static ArrayNode numbers(List<Stretch> all, ToDoubleFunction<Stretch> number) {
        ArrayNode numbers = JSON.arrayNode();
        for (Stretch each : all) {
            double value = number.applyAsDouble(each);
            if (Double.isNaN(value)) {
                numbers.addNull();
            } else {
                numbers.add(Math.round(value));
            }
        }
        return numbers;
    }
}
