package dev.switchboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.batch.CheckReport;
import dev.switchboard.batch.DryRun;
import dev.switchboard.batch.FilesConfig;
import dev.switchboard.message.Json;
import dev.switchboard.vendor.MessageCheck;
import io.smallrye.config.SmallRyeConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads files as the bus would, without one and without a store: {@code ./switchboard check FILE...}. */
public final class CheckCommand {

    private static final int CLEAN = 0;
    private static final int FAULTS = 1;
    private static final int NOT_CHECKED = 2;

    private final PrintStream out;
    private final PrintStream err;

    CheckCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Checks files. Status 0 means that nothing is wrong, 1 that something is, 2 that a file could not be checked. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(new CheckCommand(out, err).run(arguments));
    }

    int run(String... arguments) {
        try {
            CheckOptions options = CheckOptions.read(arguments);
            options.settings().forEach(System::setProperty);
            DryRun dryRun = dryRun(BusSettings.now());
            options.profile().ifPresent(dryRun::requireProfile);
            return run(options, dryRun);
        } catch (IllegalArgumentException e) {
            err.println("switchboard: " + e.getMessage());
            return NOT_CHECKED;
        }
    }

    private static DryRun dryRun(SmallRyeConfig config) {
        MessageCheck check = new SettingsCheck(config).messages();
        return new DryRun(check, FilesConfig.read(config, check.fields()).profiles());
    }

    private int run(CheckOptions options, DryRun dryRun) {
        var reports = JsonNodeFactory.instance.arrayNode();
        Consumer<CheckReport> show = options.json()
                ? report -> reports.add(report.json())
                : report -> out.println(String.join(System.lineSeparator(), report.lines()) + System.lineSeparator());
        int status = CLEAN;
        for (Path file : options.files()) {
            status = Math.max(status, check(file, options, dryRun, show));
        }
        if (options.json()) {
            out.println(Json.object().put("status", status).set("files", reports));
        }
        return status;
    }

    private int check(Path file, CheckOptions options, DryRun dryRun, Consumer<CheckReport> show) {
        String why = unfit(file);
        if (!why.isEmpty()) {
            err.println("switchboard: " + file + " " + why);
            return NOT_CHECKED;
        }
        CheckReport report = dryRun.read(file, options.profileOf(file), options.faults());
        show.accept(report);
        return report.clean() ? CLEAN : FAULTS;
    }

    /** Returns why a file cannot be checked; empty if it can. */
    private static String unfit(Path file) {
        if (!Files.exists(file)) {
            return "does not exist";
        }
        if (Files.isDirectory(file)) {
            return "is a folder, not a file";
        }
        if (!Files.isRegularFile(file)) {
            return "is not a file that can be read twice";
        }
        return Files.isReadable(file) ? "" : "cannot be read: the permission is missing";
    }
}
