package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Json;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Settings;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One conversation in both directions: what the vendor says comes out of a queue, what the bus says is delivered. */
final class DemoConversation {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String QUEUE = "switchboard.inbound";
    private static final String SECRET = "secret-of-the-demo";

    private final DemoBus bus;
    private final DemoQueues queues;
    private final Vendor vendor;
    private final List<String> lines = new ArrayList<>();

    DemoConversation(DemoBus bus, DemoQueues queues, Vendor vendor) {
        this.bus = bus;
        this.queues = queues;
        this.vendor = vendor;
    }

    /** Returns the vendors that call the bus. */
    static List<Vendor> callers(Collection<Vendor> vendors) {
        return vendors.stream().filter(vendor -> vendor.inbound() != null).toList();
    }

    /** Returns the settings of a bus that takes their calls, and hands them on to a queue. */
    static Map<String, String> settings(Collection<Vendor> vendors) {
        var settings = new TreeMap<String, String>();
        callers(vendors).forEach(vendor -> settings.put(setting(vendor, "inbound-secret"), SECRET));
        vendors.stream()
                .filter(vendor -> vendor.operations().values().stream().anyMatch(Vendor.Operation::inbound))
                .forEach(vendor -> settings.put(setting(vendor, "queue"), QUEUE));
        return settings;
    }

    private static String setting(Vendor vendor, String name) {
        return "switchboard.vendors." + vendor.name() + ".accounts.default." + name;
    }

    /** Holds the conversation in the vendor's file, if there is one; returns whether everything came where it belongs. */
    boolean hold(Path folder, PrintStream out) throws IOException, InterruptedException {
        Path file = folder.resolve(vendor.name() + ".jsonl");
        if (!Files.exists(file)) {
            return true;
        }
        var account =
                new Account(vendor, "default", new Settings(Map.of("inbound-secret", SECRET), Set.of()), Set.of());
        var caller = new Caller(account, URI.create(bus.publicAddress()));
        boolean good = true;
        for (String line : Files.readAllLines(file)) {
            JsonNode step = Json.MAPPER.readTree(line);
            good &= step.has("kind") ? receive(step, caller) : send(step);
        }
        out.println("\n" + vendor.name() + ": a conversation in both directions" + (good ? "" : ", NOT AS EXPECTED"));
        lines.forEach(out::println);
        return good;
    }

    private boolean receive(JsonNode step, Caller caller) throws IOException, InterruptedException {
        String kind = step.path("kind").asText();
        String text = step.path("text").asText();
        caller.say(new Caller.Said(
                kind,
                step.path("conversationId").asText(),
                step.path("customerId").asText(),
                text));
        Optional<JsonNode> event = queues.next(QUEUE, PATIENCE);
        show("<-", kind, text, event.isPresent() ? "in " + QUEUE : "nothing came into " + QUEUE);
        return event.filter(found -> found.path("kind").asText().equals(kind)
                        && (!kind.equals("message")
                                || found.path("text").asText().equals(text))
                        && found.path("conversationId").equals(step.path("conversationId")))
                .isPresent();
    }

    private boolean send(JsonNode message) throws IOException, InterruptedException {
        bus.post(message);
        Instant deadline = Instant.now().plus(PATIENCE);
        String state = "";
        while (!state.equals("delivered") && Instant.now().isBefore(deadline)) {
            Thread.sleep(50);
            state = bus.view(message.path("id").asText())
                    .map(view -> view.path("state").asText())
                    .orElse("");
        }
        show("->", message.path("operation").asText(), message.path("text").asText(), state);
        return state.equals("delivered");
    }

    private void show(String direction, String what, String text, String became) {
        lines.add("  %s %-9s %-24s %s".formatted(direction, what, became, text).stripTrailing());
    }
}
