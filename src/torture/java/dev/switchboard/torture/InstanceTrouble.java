package dev.switchboard.torture;

import static org.awaitility.Awaitility.await;

import dev.switchboard.PostgresServer;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Three instances on one PostgreSQL, all of which take messages in. The one that serves the busy lane is killed, frozen, or cut off
 * from the database; the others take its lanes over, and what it had claimed goes out once.
 */
final class InstanceTrouble implements Fault {

    private static final int CONVERSATIONS = 20;
    private static final int LANES = 2;
    private static final int SECONDS = 15;
    private static final int LONGEST_TAKEOVER = 10_000;
    private static final Pattern SERVER = Pattern.compile("//([^:/]+):(\\d+)/");

    /** What happens to the instance. */
    enum What {
        KILL,
        FREEZE,
        CUT
    }

    private final Stores stores;
    private final What what;
    private final long seed;
    private final List<String> broken = new ArrayList<>();
    private final List<RunningBus> others = new ArrayList<>();
    private String url = "";
    private @Nullable BrokerProcess broker;
    private @Nullable DatabaseProxy proxy;

    InstanceTrouble(Stores stores, What what, long seed) {
        this.stores = stores;
        this.what = what;
        this.seed = seed;
    }

    @Override
    public void prepare(Setup setup) throws Exception {
        if (!(stores instanceof PostgresServer)) {
            throw new NotPossible("several instances need a server");
        }
        broker = new BrokerProcess(setup.folder);
        broker.start();
        setup.settings.put("switchboard.broker.url", broker.url());
        url = setup.store.url();
        Matcher server = SERVER.matcher(url);
        if (what == What.CUT && server.find()) {
            proxy = new DatabaseProxy(server.group(1), Integer.parseInt(server.group(2)));
            setup.settings.put("switchboard.store.url", server.replaceFirst("//127.0.0.1:" + proxy.port() + "/"));
        }
    }

    @Override
    public void strike(Site site) throws Exception {
        RunningBus first = site.running();
        var feeders = new ArrayList<Feeder>();
        for (int i = 2; i <= 3; i++) {
            RunningBus other = another(site, i);
            others.add(other);
            feeders.add(new RestFeeder(
                    other.rest(), new Conversations("rest", "i" + i, CONVERSATIONS, seed + i), site.ledger()));
        }
        feeders.forEach(Feeder::start);
        Feeder.pause(5_000);
        Set<String> busy = serving(others.get(0).rest(), "happytalk/default");
        long began = System.nanoTime();
        begin(first);
        takesOver(others.get(0).rest(), busy, began);
        Feeder.pause(Math.max(0, SECONDS * 1_000 - (int) millisSince(began)));
        end(first);
        site.running();
        Feeder.pause(5_000);
        feeders.forEach(Feeder::stop);
        for (Feeder feeder : feeders) {
            feeder.ended();
        }
    }

    private RunningBus another(Site site, int number) throws IOException {
        Path folder = Files.createDirectories(site.folder().resolve("instance-" + number));
        var settings = site.settingsOfAnother();
        settings.put("switchboard.store.url", url);
        return RunningBus.start(folder, settings);
    }

    private void begin(RunningBus bus) throws Exception {
        switch (what) {
            case KILL -> bus.kill();
            case FREEZE -> signal(bus, "STOP");
            case CUT -> proxy(true);
        }
    }

    private void end(RunningBus bus) throws Exception {
        if (what == What.FREEZE) {
            signal(bus, "CONT");
        }
        proxy(false);
    }

    private void proxy(boolean cut) {
        if (proxy != null) {
            proxy.cut(cut);
        }
    }

    private static void signal(RunningBus bus, String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(bus.process().pid()))
                .start()
                .waitFor();
    }

    /** Waits until all lanes are another instance's. */
    private void takesOver(RestClient bus, Set<String> before, long began) {
        try {
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> lanes(bus, id -> !before.contains(id)).equals(lanes(bus, id -> true))
                            && lanes(bus, id -> true).size() == LANES);
        } catch (ConditionTimeoutException e) {
            broken.add("the other instances did not take over the lanes within 30 s");
            return;
        }
        long took = millisSince(began);
        System.out.println("the others took the lanes over after " + took + " ms");
        if (took > LONGEST_TAKEOVER) {
            broken.add("the other instances took the lanes over after " + took + " ms");
        }
    }

    /** Returns the lanes of some instances. */
    private static Set<String> lanes(RestClient bus, Predicate<String> which) {
        var lanes = new TreeSet<String>();
        bus.get("/instances").json().path("instances").forEach(each -> {
            if (which.test(each.path("id").asText())) {
                each.path("lanes").forEach(lane -> lanes.add(lane.asText()));
            }
        });
        return lanes;
    }

    /** Returns the instance that serves a lane. */
    private static Set<String> serving(RestClient bus, String lane) {
        var ids = new TreeSet<String>();
        bus.get("/instances").json().path("instances").forEach(each -> {
            if (each.path("lanes").toString().contains(lane)) {
                ids.add(each.path("id").asText());
            }
        });
        return ids;
    }

    private static long millisSince(long began) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    @Override
    public Allowance allowance() {
        return new Allowance(2 * Site.CONCURRENCY, Set.of());
    }

    @Override
    public int kills() {
        return what == What.KILL ? 1 : 0;
    }

    @Override
    public List<String> broken() {
        return broken;
    }

    @Override
    public void close() throws IOException {
        others.forEach(RunningBus::kill);
        if (broker != null) {
            broker.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }
}
