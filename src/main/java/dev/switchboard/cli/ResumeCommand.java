package dev.switchboard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description =
                "Resumes a lane or a batch. For a lane, this reads the credentials again and probes the circuits.",
        footer = "%nExample: ./switchboard resume acme/default")
@SuppressWarnings("NullAway.Init")
final class ResumeCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Parameters(paramLabel = "VENDOR/ACCOUNT|BATCH")
    private String what;

    @Override
    public Integer call() {
        PauseCommand.done(target, what, "resume", null);
        return 0;
    }
}
