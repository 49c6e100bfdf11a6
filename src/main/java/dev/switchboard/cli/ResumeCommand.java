package dev.switchboard.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description =
                "Resumes a lane or a batch. For a lane, this reads the credentials again and probes the circuits.",
        footer = "%nExample: ./switchboard resume acme/default")
@SuppressWarnings("NullAway.Init")
final class ResumeCommand extends BusCommand {

    @Parameters(paramLabel = "VENDOR/ACCOUNT|BATCH")
    private String what;

    @Override
    public Integer call() {
        PauseCommand.done(target, what, "resume", null);
        return 0;
    }
}
