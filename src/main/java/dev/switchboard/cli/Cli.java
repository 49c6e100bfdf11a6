package dev.switchboard.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands that talk to a running bus. Status 0: done; 1: not done, or done and gone wrong; 2: wrongly asked. */
@Command(
        name = "switchboard",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Talks to a running bus.",
        subcommands = {
            SendCommand.class,
            MessagesCommand.class,
            MessageCommand.class,
            DeadLettersCommand.class,
            ReplayCommand.class,
            ReplaysCommand.class,
            DiscardCommand.class,
            ResolveCommand.class,
            EraseCommand.class,
            LanesCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            BatchesCommand.class,
            TranscriptCommand.class,
            GenerateCompletion.class
        })
public final class Cli {

    private final PrintWriter out;
    private final PrintWriter err;

    Cli(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    /** Runs a command. */
    public static void main(String[] arguments) {
        var out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(new Cli(out, err).run(arguments));
    }

    int run(String... arguments) {
        return new CommandLine(this)
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(Cli::complain)
                .execute(arguments);
    }

    private static int complain(Exception fault, CommandLine command, CommandLine.ParseResult asked) throws Exception {
        if (fault instanceof NotDone) {
            command.getErr().println("switchboard: " + fault.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw fault;
    }
}
