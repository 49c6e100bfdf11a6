package dev.switchboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.KeyCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The help and the completion of all commands of the program. */
class CommandsTest {

    private static final Set<String> EVERYWHERE = Set.of("-h", "--help", "-D", "--config");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Cli cli = new Cli(new PrintWriter(out, true), new PrintWriter(err, true));

    private static CommandLine tree() {
        var nowhere = new PrintWriter(new StringWriter());
        return new Cli(nowhere, nowhere).tree();
    }

    static Stream<List<String>> commands() {
        return names(tree(), List.of()).filter(name -> !name.contains("generate-completion"));
    }

    private static Stream<List<String>> names(CommandLine parent, List<String> path) {
        return parent.getSubcommands().entrySet().stream().flatMap(each -> {
            var name = new ArrayList<>(path);
            name.add(each.getKey());
            return Stream.concat(Stream.of(name), names(each.getValue(), name));
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachCommandHasHelpWithAnExample(List<String> command) {
        var arguments = new ArrayList<>(command);
        arguments.add("--help");
        assertThat(cli.run(arguments.toArray(String[]::new))).as(err.toString()).isZero();
        String name = "switchboard " + String.join(" ", command);
        assertThat(out.toString()).contains("Usage: " + name, "Example", "./" + name);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void theLaunchersHelpListsEachCommandWithItsOptions() throws IOException {
        String launcher = Files.readString(Path.of("switchboard"));
        String help = launcher.substring(launcher.indexOf("usage: "), launcher.indexOf("\nTEXT\n"));
        for (Map.Entry<String, CommandLine> command : tree().getSubcommands().entrySet()) {
            assertThat(help)
                    .containsPattern(
                            "(?m)^ +(\\S+, )*(pause\\|)?" + command.getKey() + "\\b|, " + command.getKey() + "\\b");
        }
        for (Object command : LauncherCommands.ALL) {
            options(new CommandLine(command)).forEach(option -> assertThat(help).contains(option));
        }
    }

    private static Set<String> options(CommandLine command) {
        var options = new TreeSet<String>();
        command.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names())));
        options.removeAll(EVERYWHERE);
        return options;
    }

    @Test
    void theHelpOfKeysHasTheOptionsThatTheCommandTakes() {
        Map<String, CommandLine> shown =
                Objects.requireNonNull(tree().getSubcommands().get("key")).getSubcommands();
        var real = new TreeMap<String, Set<String>>();
        for (Method method : KeyCommand.class.getDeclaredMethods()) {
            Command command = method.getAnnotation(Command.class);
            if (command != null) {
                real.put(command.name(), new TreeSet<>());
                Stream.of(method.getParameters())
                        .map(parameter -> parameter.getAnnotation(Option.class))
                        .filter(Objects::nonNull)
                        .forEach(option -> real.get(command.name()).addAll(List.of(option.names())));
            }
        }
        assertThat(shown.keySet()).isEqualTo(real.keySet());
        shown.forEach((name, command) -> assertThat(options(command)).as(name).isEqualTo(real.get(name)));
    }

    @Test
    void aShellCompletesAllCommandsAndTheirValues() {
        assertThat(cli.run("generate-completion")).isZero();
        assertThat(out.toString())
                .contains(names(tree(), List.of())
                        .map(name -> name.get(0))
                        .distinct()
                        .toList())
                .contains("\"uncertain\"", "\"unavailable\"", "\"operator\"", "\"postgresql\"", "\"retention\"");
    }
}
