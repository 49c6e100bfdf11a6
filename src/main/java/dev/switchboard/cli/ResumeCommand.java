package dev.switchboard.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description = "Lets a lane or batch go on; a lane's credentials are read again and its circuits probed.")
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
