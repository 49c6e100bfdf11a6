package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which bus a command calls, and how it shows the answer: options of every command. */
@SuppressWarnings("NullAway.Init")
final class Target {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the bus (default: SWITCHBOARD_URL, or http://127.0.0.1:8080).",
            defaultValue = "${env:SWITCHBOARD_URL:-http://127.0.0.1:8080}")
    private URI url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "File with your API key (default: the key in SWITCHBOARD_KEY).")
    private @Nullable Path keyFile;

    @Option(names = "--json", description = "Prints the answer as JSON.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this help.")
    @SuppressWarnings("unused") // picocli answers it
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Api api() {
        return new Api(url, key());
    }

    /** The key is no argument, as every process of the machine could see it there. */
    private String key() {
        if (keyFile == null) {
            return Objects.requireNonNullElse(System.getenv("SWITCHBOARD_KEY"), "");
        }
        try {
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw wrong("--key-file: " + keyFile + " cannot be read");
        }
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    boolean json() {
        return json;
    }

    /** Refuses wrong arguments, with status 2. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /**
     * Does something for each of several ids, also after one of them was refused, and reports each.
     *
     * @return the status: 0 if all were done
     */
    int each(List<String> ids, Consumer<String> act) {
        int status = 0;
        for (String id : ids) {
            try {
                act.accept(id);
            } catch (NotDone e) {
                err().println("switchboard: " + id + ": " + e.getMessage());
                status = 1;
            }
        }
        return status;
    }

    /** Shows an answer as it is, or in words. */
    void show(JsonNode answer, String words) {
        out().println(json ? answer.toString() : words);
    }
}
