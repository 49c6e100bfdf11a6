package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * One message of the folder {@code samples/}, and its expected outcome.
 *
 * @param way by which it goes in: {@code rest}, {@code file} or {@code queue}
 * @param message as its file has it
 */
record Sample(String way, JsonNode message, Outcome expected) {

    private static final CSVFormat CSV =
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

    String id() {
        return message.path("id").asText();
    }

    /** Returns what is asked of whom, as in {@code acme send}. */
    String operation() {
        return message.path("vendor").asText() + " " + message.path("operation").asText();
    }

    /**
     * Reads the folder.
     *
     * @return the messages in the order of {@code expected.csv}, in which they are to be sent
     * @throws IllegalStateException when a message has no line there or a line no message
     */
    static List<Sample> read(Path folder) throws IOException {
        var ways = new HashMap<String, String>();
        var messages = new HashMap<String, JsonNode>();
        for (Path file : files(folder)) {
            for (JsonNode message : messages(file)) {
                ways.put(message.path("id").asText(), way(file));
                messages.put(message.path("id").asText(), message);
            }
        }
        var samples = new ArrayList<Sample>();
        for (Map<String, String> line : csv(folder.resolve("expected.csv"))) {
            String id = line.getOrDefault("id", "");
            JsonNode message = messages.remove(id);
            if (message == null) {
                throw new IllegalStateException("samples/expected.csv names " + id + ", which is in no sample");
            }
            samples.add(new Sample(ways.getOrDefault(id, ""), message, Outcome.expected(line)));
        }
        if (!messages.isEmpty()) {
            throw new IllegalStateException("samples/expected.csv has no line for " + messages.keySet());
        }
        return samples;
    }

    /** Returns the files that go in whole. */
    static List<Path> dropped(Path folder) throws IOException {
        return files(folder).stream().filter(file -> way(file).equals("file")).toList();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.filter(file -> file.toString().matches(".*/(rest|files|queue)/[^/]+\\.(json|jsonl|csv)"))
                    .sorted()
                    .toList();
        }
    }

    private static String way(Path file) {
        String folder = String.valueOf(file.getName(file.getNameCount() - 2));
        return folder.equals("files") ? "file" : folder;
    }

    private static List<JsonNode> messages(Path file) throws IOException {
        if (file.toString().endsWith(".csv")) {
            return csv(file).stream()
                    .map(line -> Json.MAPPER.<JsonNode>valueToTree(line))
                    .toList();
        }
        try (MappingIterator<JsonNode> messages =
                Json.MAPPER.readerFor(JsonNode.class).readValues(file.toFile())) {
            return messages.readAll();
        }
    }

    /** Reads a file with a header row. */
    static List<Map<String, String>> csv(Path file) throws IOException {
        try (CSVParser lines = CSVParser.parse(file, StandardCharsets.UTF_8, CSV)) {
            return lines.stream().map(CSVRecord::toMap).toList();
        }
    }
}
