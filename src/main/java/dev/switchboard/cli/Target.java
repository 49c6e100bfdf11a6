package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which bus is asked, and how its answer is shown: options of every command. */
@SuppressWarnings("NullAway.Init")
final class Target {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Address of the bus; SWITCHBOARD_URL, or http://127.0.0.1:8080.",
            defaultValue = "${env:SWITCHBOARD_URL:-http://127.0.0.1:8080}")
    private URI url;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "Holds the key of the API to call it with; without, SWITCHBOARD_KEY is that key.")
    private @Nullable Path keyFile;

    @Option(names = "--json", description = "Shows the answer as it is, for programs.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this.")
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    Api api() {
        return new Api(url, key());
    }

    /** A key that stood among the arguments could be seen by every process of the machine. */
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

    boolean helped() {
        return help;
    }

    /** Refuses what cannot be meant, with status 2. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    /** Shows an answer as it is, or in words. */
    void show(JsonNode answer, String words) {
        out().println(json ? answer.toString() : words);
    }
}
