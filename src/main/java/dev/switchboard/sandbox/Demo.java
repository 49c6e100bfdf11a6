package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Shows the bus at work against sandbox vendors: {@code ./switchboard demo}. */
public final class Demo {

    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration OUTCOMES = Duration.ofSeconds(60);
    private static final Duration QUEUES = Duration.ofSeconds(10);

    private final DemoBus bus;
    private final DemoQueues queues;
    private final Path folder;
    private final List<Sample> samples;
    private final Map<String, Outcome> outcomes = new HashMap<>();

    private Demo(DemoBus bus, DemoQueues queues, Path folder) throws IOException {
        this.bus = bus;
        this.queues = queues;
        this.folder = folder;
        this.samples = Sample.read(folder);
    }

    /** Status 0 means that every outcome is the one in {@code samples/expected.csv}; 2 means wrong arguments. */
    public static void main(String[] commandAndArguments) throws Exception {
        List<String> all = List.of(commandAndArguments);
        List<String> jvm = all.subList(0, all.indexOf("--"));
        List<String> arguments = all.subList(jvm.size() + 1, all.size());
        boolean keep = arguments.equals(List.of("--keep"));
        if (!arguments.isEmpty() && !keep) {
            System.err.println("usage: ./switchboard demo [--keep]");
            System.exit(2);
        }
        Path home = Path.of(System.getProperty("switchboard.home", "."));
        try {
            System.exit(show(home, jvm, keep) ? 0 : 1);
        } catch (IllegalStateException e) {
            System.err.println("demo: " + e.getMessage());
            System.exit(1);
        }
    }

    private static boolean show(Path home, List<String> jvm, boolean keep) throws IOException, InterruptedException {
        System.out.println("Starting the bus with sandbox vendors");
        List<Vendor> vendors = Vendor.readAll(RouteFolder.read(Optional.empty()));
        DemoBus bus = DemoBus.start(jvm, DemoConversation.settings(vendors), START);
        boolean good = false;
        try (var queues = new DemoQueues(bus.brokerPort())) {
            var demo = new Demo(bus, queues, home.resolve("samples"));
            demo.send();
            demo.await();
            good = new DemoTable(System.out, demo.samples, demo.outcomes).print();
            for (Vendor vendor : DemoConversation.callers(vendors)) {
                good &= new DemoConversation(bus, queues, vendor)
                        .hold(demo.folder.resolve("conversations"), System.out);
            }
            if (keep) {
                System.out.println(addresses(bus));
                bus.await();
            }
        } finally {
            bus.stop();
        }
        tidy(bus, good);
        if (good && !keep) {
            System.out.print(whatNext(home));
        }
        return good;
    }

    private void send() throws IOException, InterruptedException {
        System.out.println("Sending " + samples.size() + " messages by REST, file and queue\n");
        for (Path file : Sample.dropped(folder)) {
            bus.drop(file);
        }
        for (Sample sample : samples) {
            if (sample.way().equals("queue")) {
                queues.send(sample.message());
            } else if (sample.way().equals("rest")) {
                post(sample);
            }
        }
    }

    private void post(Sample sample) throws IOException, InterruptedException {
        HttpResponse<String> answer = bus.post(sample.message());
        if (answer.statusCode() == 422) {
            outcomes.put(sample.id(), Outcome.refused("HTTP 422: " + DemoBus.faults(answer)));
        } else if (answer.statusCode() / 100 != 2) {
            outcomes.put(sample.id(), Outcome.missing("HTTP " + answer.statusCode() + ": " + answer.body()));
        }
    }

    private void await() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(OUTCOMES);
        List<Path> files = Sample.dropped(folder);
        while (!areFinished()
                || files.stream().anyMatch(file -> bus.results(file).isEmpty())) {
            if (Instant.now().isAfter(deadline)) {
                break;
            }
            Thread.sleep(100);
        }
        readQueues();
        readRefusedLines(files);
    }

    /** Asks for each outcome; refusals are known already. */
    private boolean areFinished() throws IOException, InterruptedException {
        boolean all = true;
        for (Sample sample : samples) {
            Outcome known = outcomes.get(sample.id());
            if (sample.expected().state().equals("refused") || (known != null && known.isFinished())) {
                continue;
            }
            Optional<Outcome> outcome = bus.view(sample.id()).map(Outcome::of);
            outcome.ifPresent(found -> outcomes.put(sample.id(), found));
            all &= outcome.isPresent() && outcome.get().isFinished();
        }
        return all;
    }

    private void readQueues() {
        for (String queue : new TreeSet<>(samples.stream()
                .map(sample -> sample.expected().queue())
                .filter(Predicate.not(String::isEmpty))
                .toList())) {
            Set<String> wanted = ids(sample -> sample.expected().queue().equals(queue));
            queues.take(queue, wanted, QUEUES)
                    .forEach((id, view) -> outcomes.compute(
                            id,
                            (same, outcome) -> (outcome == null
                                            ? Outcome.refused("Not a message: kept there with the reasons")
                                            : outcome)
                                    .in(queue)));
        }
        readReplies();
    }

    private void readReplies() {
        Set<String> asked = ids(sample ->
                sample.way().equals("queue") && !sample.expected().state().equals("refused"));
        Map<String, JsonNode> replies = queues.replies(asked, QUEUES);
        asked.stream()
                .filter(id -> !replies.containsKey(id)
                        || !replies.get(id).path("state").asText().equals(state(id)))
                .forEach(id -> outcomes.put(id, Outcome.missing("no reply with the outcome came to JMSReplyTo")));
    }

    private String state(String id) {
        Outcome outcome = outcomes.get(id);
        return outcome == null ? "" : outcome.state();
    }

    /** A line that the bus refuses is not a message: only the file's results show it. */
    private void readRefusedLines(List<Path> files) throws IOException {
        for (Path file : files) {
            Optional<Path> results = bus.results(file);
            if (results.isPresent()) {
                Sample.csv(results.get()).stream()
                        .filter(line -> "invalid".equals(line.get("state")))
                        .forEach(line -> outcomes.put(
                                line.getOrDefault("id", ""),
                                Outcome.refused("Line " + line.get("line") + ": " + line.get("message"))));
            }
        }
    }

    private Set<String> ids(Predicate<Sample> which) {
        return samples.stream().filter(which).map(Sample::id).collect(Collectors.toSet());
    }

    private static String addresses(DemoBus bus) {
        return """

                Switchboard keeps running until Ctrl-C:
                  API      %1$s/messages
                  console  %1$s/console
                  health   %2$s/q/health
                  queue    switchboard.messages at tcp://127.0.0.1:%3$d
                  files    %4$s
                  log      %5$s
                """.formatted(
                        bus.address(),
                        bus.managementAddress(),
                        bus.brokerPort(),
                        bus.folder().resolve("files"),
                        bus.log());
    }

    private static String whatNext(Path home) {
        return """

                What next:
                  ./switchboard demo --keep
                      runs the demo again and keeps the bus running, so that you can open its console
                  ./switchboard start -Dswitchboard.sandbox.enabled=true
                      runs the bus with sandbox vendors: API http://127.0.0.1:8080, console http://127.0.0.1:8080/console
                  %s
                      how to send a message, connect a real vendor, and what to do when something fails
                """.formatted(home.resolve("README.md"));
    }

    private static void tidy(DemoBus bus, boolean good) throws IOException {
        if (!good) {
            System.out.println("What the bus kept is in " + bus.folder());
            return;
        }
        bus.forget();
    }
}
