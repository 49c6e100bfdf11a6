package dev.switchboard.torture;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Feeds a new bus through all intakes while faults strike, lets it come to rest, and compares. */
final class Round {

    private static final int CONVERSATIONS = 20;

    private final Site site;
    private final List<Fault> faults;
    private final Ledger ledger;
    private final List<Feeder> feeders = new ArrayList<>();
    private final FileFeeder files;

    private Round(Site site, List<Fault> faults, int sentTwice, long seed) {
        this.site = site;
        this.faults = faults;
        this.ledger = site.ledger();
        this.files = new FileFeeder(site.files("inbox"), "f", ledger, seed);
        feeders.add(new RestFeeder(site.rest(), new Conversations("rest", "r", CONVERSATIONS, seed), ledger));
        feeders.add(new RestFeeder(site.rest(), new Conversations("rest", "s", CONVERSATIONS, seed + 1), ledger));
        feeders.add(new QueueFeeder(
                site.brokerUrl(),
                new Conversations(QueueFeeder.INTAKE, "q", 2 * CONVERSATIONS, seed),
                ledger,
                sentTwice,
                seed));
        feeders.add(files);
    }

    /** Makes a bus and plays a round. */
    static Findings play(Setup setup, List<Fault> faults, long seed) throws Exception {
        try {
            for (Fault fault : faults) {
                fault.prepare(setup);
            }
            try (Site site = new Site(setup, seed)) {
                return new Round(site, faults, setup.sentTwice, seed).run();
            }
        } finally {
            for (Fault fault : faults) {
                fault.close();
            }
        }
    }

    private Findings run() throws Exception {
        try {
            feeders.forEach(Feeder::start);
            for (Fault fault : faults) {
                fault.strike(site);
            }
            site.vendors().suffer(Trouble.NONE);
            site.running();
            Feeder.pause(1_000);
            feeders.forEach(Feeder::stop);
            for (Feeder feeder : feeders) {
                feeder.ended();
            }
            List<String> restless = new Drain(site, ledger).await();
            return new Comparison(evidence(), allowance())
                    .findings()
                    .withBroken(restless)
                    .withBroken(broken());
        } finally {
            feeders.forEach(Feeder::stop);
        }
    }

    private List<String> broken() {
        return faults.stream().flatMap(fault -> fault.broken().stream()).toList();
    }

    private Allowance allowance() {
        return faults.stream().map(Fault::allowance).reduce(Allowance.NONE, Allowance::and);
    }

    private Evidence evidence() throws Exception {
        List<Stored> stored = site.reader().messages();
        Published letters = new Letters(site.brokerUrl()).take();
        var published = new Published(letters.replies(), letters.deadLetters(), publicationFaults(stored));
        return new Evidence(ledger.all(), site.vendors().log(), stored, published, before());
    }

    private Set<String> before() throws Exception {
        Set<String> ids = new Letters(site.brokerUrl()).untaken();
        files.dropped().forEach((name, lines) -> {
            if (Files.exists(site.files("inbox").resolve(name))
                    || Files.exists(site.files("working").resolve(name))) {
                lines.forEach(line -> ids.add(line.id()));
            }
        });
        return ids;
    }

    private List<String> publicationFaults(List<Stored> stored) throws Exception {
        Map<String, Stored> byId = stored.stream().collect(Collectors.toMap(Stored::id, each -> each));
        Path results = site.files("results");
        var wrong = new ArrayList<>(new ResultFiles(results, byId).faults(files.dropped()));
        wrong.addAll(setAside());
        return wrong;
    }

    private List<String> setAside() throws SQLException {
        int rows = site.reader().setAside();
        return rows == 0 ? List.of() : List.of(rows + " rows of the outbox were given up");
    }
}
