package dev.switchboard.cli;

import dev.switchboard.message.FailureClass;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.TypeConversionException;

/** The commands of the program; it runs those that talk to a running bus. Status 0: done; 1: not done, or failed; 2: wrong arguments. */
@Command(
        name = "switchboard",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Runs the bus, and talks to a running one.",
        subcommands = {
            SendCommand.class,
            MessagesCommand.class,
            MessageCommand.class,
            DeadLettersCommand.class,
            ReplayCommand.class,
            ReplaysCommand.class,
            TryCommand.class,
            DiscardCommand.class,
            ResolveCommand.class,
            InvalidCommand.class,
            InboundCommand.class,
            EraseCommand.class,
            LanesCommand.class,
            InstancesCommand.class,
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
        return tree().setOut(out)
                .setErr(err)
                .registerConverter(State.class, text -> oneOf(State.values(), text))
                .registerConverter(WaitReason.class, text -> oneOf(WaitReason.values(), text))
                .registerConverter(FailureClass.class, text -> oneOf(FailureClass.values(), text))
                .setExecutionExceptionHandler(Cli::complain)
                .execute(arguments);
    }

    /** Returns all commands of the program. */
    CommandLine tree() {
        var tree = new CommandLine(this);
        LauncherCommands.ALL.forEach(tree::addSubcommand);
        return tree;
    }

    private static <T> T oneOf(T[] known, String text) {
        return Stream.of(known)
                .filter(each -> each.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("must be one of "
                        + Stream.of(known).map(String::valueOf).collect(Collectors.joining(", "))));
    }

    private static int complain(Exception fault, CommandLine command, CommandLine.ParseResult asked) throws Exception {
        if (fault instanceof NotDone) {
            command.getErr().println("switchboard: " + fault.getMessage());
            return command.getCommandSpec().exitCodeOnExecutionException();
        }
        throw fault;
    }
}
