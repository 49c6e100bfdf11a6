package dev.switchboard.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "send",
        description = "Sends a message. With --wait, the status tells whether it was delivered.",
        footer = "%nExample: ./switchboard send vendor=acme operation=send conversationId=room-1001 text=Hello --wait"
                + " 10")
@SuppressWarnings("NullAway.Init")
final class SendCommand extends BusCommand {

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Waits for the outcome, 60 seconds at most.")
    private int wait;

    @Parameters(
            arity = "0..*",
            paramLabel = "FIELD=VALUE|FILE",
            description = "The message's fields, or a file with its JSON; without either, reads the JSON from standard"
                    + " input.")
    private List<String> message = List.of();

    @Override
    public Integer call() throws IOException {
        Map<String, String> headers = wait > 0 ? Map.of("Prefer", "wait=" + wait) : Map.of();
        JsonNode view = target.api().post("/messages", json(), headers);
        target.show(view, MessageCommand.words(view));
        boolean good = wait == 0 || view.path("state").asText().equals("delivered");
        return good ? 0 : 1;
    }

    private JsonNode json() throws IOException {
        if (!message.isEmpty() && message.get(0).contains("=")) {
            ObjectNode fields = Json.object();
            message.forEach(each -> put(target, fields, each));
            return fields;
        }
        return message.isEmpty() ? json(target, System.in.readAllBytes()) : read(target, Path.of(message.get(0)));
    }

    /** Reads a message from a file. */
    static JsonNode read(Target target, Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw target.wrong("cannot read the file " + file);
        }
        return json(target, Files.readAllBytes(file));
    }

    private static JsonNode json(Target target, byte[] text) throws IOException {
        try {
            return Json.MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw target.wrong("not JSON: " + e.getOriginalMessage());
        }
    }

    /** Sets a field of a message, {@code labels.<name>} a label. */
    static void put(Target target, ObjectNode fields, String field) {
        int equals = field.indexOf('=');
        if (equals < 1) {
            throw target.wrong(field + " is not FIELD=VALUE");
        }
        String name = field.substring(0, equals);
        String value = field.substring(equals + 1);
        if (name.startsWith("labels.")) {
            fields.withObject("/labels").put(name.substring("labels.".length()), value);
        } else {
            fields.put(name, value);
        }
    }
}
