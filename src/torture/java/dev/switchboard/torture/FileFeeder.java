package dev.switchboard.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Drops files. Accepted means renamed to its name; a file's lines keep their order, files among each other do not, so each
 * has conversations of its own.
 */
final class FileFeeder extends Feeder {

    private static final int CONVERSATIONS = 5;

    private final Path inbox;
    private final String prefix;
    private final Ledger ledger;
    private final Random random;
    private final Map<String, List<Sent>> dropped = new LinkedHashMap<>();

    FileFeeder(Path inbox, String prefix, Ledger ledger, long seed) {
        this.inbox = inbox;
        this.prefix = prefix;
        this.ledger = ledger;
        this.random = new Random(seed);
    }

    @Override
    void feed() throws IOException {
        Files.createDirectories(inbox);
        while (goesOn()) {
            drop(dropped.size() + 1);
            pause(1_500);
        }
    }

    private void drop(int number) throws IOException {
        String name = prefix + "-" + number + ".jsonl";
        List<Sent> lines = lines(new Conversations("file", prefix + "-" + number, CONVERSATIONS, random.nextLong()));
        Path part = inbox.resolve(name + ".part");
        Files.write(part, lines.stream().map(line -> line.json().toString()).toList());
        if (random.nextBoolean()) {
            // without the marker the bus waits until the file has stopped growing
            Files.createFile(inbox.resolve(name + ".done"));
        }
        Files.move(part, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        dropped.put(name, lines);
        lines.forEach(ledger::accepted);
    }

    private List<Sent> lines(Conversations conversations) {
        var lines = new ArrayList<Sent>();
        for (int left = 10 + random.nextInt(40); left > 0; left--) {
            lines.add(conversations.next());
        }
        return lines;
    }

    /** Returns the files that were dropped, each with its lines; to be asked when it has ended. */
    Map<String, List<Sent>> dropped() {
        return dropped;
    }
}
