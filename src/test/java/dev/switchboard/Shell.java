package dev.switchboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Calls {@code ./switchboard} in a folder, as people do. */
public final class Shell {

    private final Path folder;
    private final Path launcher;

    public Shell(Path folder) {
        this(folder, Path.of("switchboard"));
    }

    private Shell(Path folder, Path launcher) {
        this.folder = folder;
        this.launcher = launcher;
    }

    /** Returns one that calls the launcher of another installation. */
    Shell of(Path other) {
        return new Shell(folder, other);
    }

    /** What a command ended with. */
    public record Run(int status, String output, String errors) {}

    /** The build that runs tests has packaged the program: the launcher need not do so again. */
    public static void built() throws IOException {
        Files.setLastModifiedTime(Path.of("target/quarkus-app/quarkus-run.jar"), FileTime.from(Instant.now()));
    }

    /** Runs a command to its end, with nothing of this process's own settings in its environment. */
    public Run run(Map<String, String> environment, String name, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("sh", launcher.toAbsolutePath().toString(), name));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(each -> each.startsWith("SWITCHBOARD_") || each.startsWith("QUARKUS_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output, Files.readString(errors));
    }
}
