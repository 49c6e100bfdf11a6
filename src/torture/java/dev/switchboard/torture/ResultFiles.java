package dev.switchboard.torture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** Holds the results of dropped files against what stood in them and against the store. */
final class ResultFiles {

    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    private final Path folder;
    private final Map<String, Stored> stored;
    private final List<String> faults = new ArrayList<>();

    ResultFiles(Path folder, Map<String, Stored> stored) {
        this.folder = folder;
        this.stored = stored;
    }

    /** Returns what is wrong, a sentence each. */
    List<String> faults(Map<String, List<Sent>> dropped) throws IOException {
        for (Map.Entry<String, List<Sent>> file : dropped.entrySet()) {
            Path results = folder.resolve(file.getKey() + ".results.csv");
            Path summary = folder.resolve(file.getKey() + ".summary.json");
            if (!Files.exists(results) || !Files.exists(summary)) {
                faults.add(file.getKey() + " has no results");
            } else {
                compare(file.getKey(), file.getValue(), rows(results));
                add(file.getKey(), file.getValue().size(), RestClient.JSON.readTree(summary.toFile()));
            }
        }
        return faults;
    }

    private static List<CSVRecord> rows(Path results) throws IOException {
        try (Reader in = Files.newBufferedReader(results)) {
            return CSV.parse(in).getRecords();
        }
    }

    /** Each line once, in order, with the state that the store has. */
    private void compare(String name, List<Sent> lines, List<CSVRecord> rows) {
        if (rows.size() != lines.size()) {
            faults.add(name + " had " + lines.size() + " lines, its results have " + rows.size());
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            String id = lines.get(i).id();
            Stored row = stored.get(id);
            String expected = i + 1 + " " + id + " " + (row == null ? "missing" : row.state());
            CSVRecord found = rows.get(i);
            String actual = found.get("line") + " " + found.get("id") + " " + found.get("state");
            if (!actual.equals(expected)) {
                faults.add("the results of " + name + " say " + actual + ", not " + expected);
            }
        }
    }

    private void add(String name, int lines, JsonNode summary) {
        var counts = new HashMap<String, Integer>();
        summary.properties()
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue().asInt()));
        int read = sum(counts, "accepted", "duplicate", "invalid");
        int outcomes = sum(counts, "delivered", "dead", "uncertain");
        if (read != lines || counts.getOrDefault("read", 0) != lines || outcomes != lines) {
            faults.add("the summary of " + name + " with " + lines + " lines does not add up: " + summary);
        }
    }

    private static int sum(Map<String, Integer> counts, String... names) {
        int sum = 0;
        for (String name : names) {
            sum += counts.getOrDefault(name, 0);
        }
        return sum;
    }
}
