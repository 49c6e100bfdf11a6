package dev.switchboard.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands that the launcher runs itself: here are their help, and what a shell completes. */
final class LauncherCommands {

    private static final String[] ROLES = {"sender", "reader", "operator", "admin"};

    private static final String[] KINDS = {"message", "started", "assigned", "ended"};

    static final List<Object> ALL = List.of(
            command(
                    "demo --keep",
                    "Starts the bus with sandbox vendors, sends the samples and shows the outcome of each.",
                    flag("--keep", "Keeps the bus running and prints its addresses.")),
            settings("start --config my.properties -Dquarkus.http.port=8090", "Runs the bus in the foreground."),
            settings(
                    "check --faults 5 orders.csv",
                    "Reads files as the bus would, without a running bus; shows the first faults and what would be sent"
                            + " to which account.%nStatus 0: no faults, 1: faults, 2: not checked.",
                    option("--profile", "NAME", "A folder below inbox/; by default the one that contains FILE."),
                    option("--faults", "N", "How many faults of a file are shown (20)."),
                    flag("--json", "Prints the report as JSON."),
                    argument("1..*", "FILE", "")),
            sandbox(),
            settings(
                    "config --config my.properties",
                    "Prints the effective settings and their origin; secrets are masked."),
            components(),
            key(),
            settings(
                    "store-key /etc/switchboard/store-keys",
                    "Writes a new key for encrypting the store into FILE, before the keys in it.%nThe bus uses it"
                            + " after its next start. Keep a copy of FILE: without its keys, the store is lost.",
                    argument("0..1", "FILE", "By default switchboard.store.key-file.")),
            settings(
                    "backup store-2026-11-28.db",
                    "Copies the store, also while the bus runs. FILE must not exist.",
                    argument("1", "FILE", "")),
            settings(
                    "restore store-2026-11-28.db --replace",
                    "Restores the store from a copy while no bus runs on it.%nUnfinished messages that must not be sent"
                            + " twice become uncertain.",
                    flag("--replace", "Replaces an existing store."),
                    argument("1", "FILE", "")),
            command(
                    "contract --routes my-routes acme",
                    "Runs the scenarios in the vendor's folder contract/.",
                    option("--routes", "DIR", "Your own route folder."),
                    argument("1", "VENDOR", "")),
            command(
                    "torture --minutes 10 --store sqlite",
                    "Kills the bus and what it depends on while messages come in, and compares what senders, vendors and"
                            + " store know.",
                    option("--minutes", "N", "How long (5)."),
                    option("--store", "STORE", "${COMPLETION-CANDIDATES} (both).", "sqlite", "postgresql", "both"),
                    option("--fault", "NAME,...", "Which faults (all)."),
                    option("--seed", "N", "Repeats the same random choices (1).")),
            command(
                    "bench rest --seconds 30",
                    "Measures the bus. ./switchboard --help lists the options of each measurement.",
                    argument(
                            "1..*",
                            "MEASUREMENT",
                            "One of ${COMPLETION-CANDIDATES}, then its options.",
                            "rest queue slow hang growth files start lists store retention".split(" "))));

    private LauncherCommands() {}

    private static CommandSpec sandbox() {
        CommandSpec sandbox = command(
                "sandbox --port 9900",
                "Runs the sandbox vendors alone, and prints the settings that connect a bus to them.",
                option("--port", "N", "Where they listen (9900)."),
                option("--routes", "DIR", "Your own route folder."));
        return sandbox.addSubcommand(
                "say",
                settings(
                                "sandbox say acme/default room-1 Hello",
                                "Sends a running bus what a vendor would send. Status 0: the bus took it.",
                                option("--kind", "KIND", "${COMPLETION-CANDIDATES} (message).", KINDS),
                                option("--customer", "ID", "Whose conversation it is (customer-1)."),
                                option("--public-url", "URL", "Where the bus takes calls, if not on this machine."),
                                at("0", argument("1", "VENDOR/ACCOUNT", "")),
                                at("1", argument("1", "CONVERSATION", "A magic one is said in an odd way.")),
                                at("2", argument("0..1", "TEXT", "")))
                        .name("say"));
    }

    private static CommandSpec components() {
        CommandSpec components = settings(
                "components", "Lists the components, data formats and languages of Camel that routes can use.");
        return components.addSubcommand(
                "add",
                settings(
                                "components add camel-kafka",
                                "Fetches jars with all that they need by your Maven, its settings and its checks, into the"
                                        + " folder switchboard.lib.dir (lib/ next to the program).",
                                argument("1..*", "NAME", "camel-kafka, or group:artifact:version."))
                        .name("add"));
    }

    private static CommandSpec key() {
        CommandSpec key = settings(
                "key create --name boss --role admin", "Creates, lists and revokes API keys, directly in the store.");
        Stream.of(
                        settings(
                                        "key create --name crm --role sender --lane acme/default",
                                        "Creates a key and prints it, once.",
                                        required(option("--name", "NAME", "")),
                                        required(option("--role", "ROLE", "${COMPLETION-CANDIDATES}.", ROLES)),
                                        option("--lane", "VENDOR[/ACCOUNT]", ""),
                                        option("--id-prefix", "PREFIX", ""),
                                        option("--transcripts", "own|lane", "", "own", "lane"),
                                        option("--per-second", "N", ""),
                                        option("--expires-in", "DAYS", ""))
                                .name("create"),
                        settings("key list", "Lists the keys.").name("list"),
                        settings("key revoke crm", "Revokes a key.", argument("1", "NAME", ""))
                                .name("revoke"))
                .forEach(each -> key.addSubcommand(each.name(), each));
        return key;
    }

    /** Describes a command that reads the settings of the bus. */
    private static CommandSpec settings(String example, String description, ArgSpec... arguments) {
        return command(example, description, arguments)
                .addOption(option("--config", "FILE", "Settings that override config/application.properties."))
                .addOption(option("-D", "KEY=VALUE", "One setting; overrides every file."));
    }

    /** Describes a command, whose name begins its example. */
    private static CommandSpec command(String example, String description, ArgSpec... arguments) {
        CommandSpec command = CommandSpec.create().name(example.replaceFirst(" .*", ""));
        command.usageMessage().description(description).footer("%nExample: ./switchboard " + example);
        Stream.of(arguments).forEach(command::add);
        return command.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Prints this help.")
                .build());
    }

    private static OptionSpec flag(String name, String description) {
        return OptionSpec.builder(name).description(description).build();
    }

    private static OptionSpec option(String name, String value, String description, String... candidates) {
        return OptionSpec.builder(name)
                .arity("1")
                .type(type(value))
                .paramLabel(value)
                .description(description)
                .completionCandidates(List.of(candidates))
                .build();
    }

    private static OptionSpec required(OptionSpec option) {
        return option.toBuilder().required(true).build();
    }

    private static PositionalParamSpec at(String index, PositionalParamSpec argument) {
        return argument.toBuilder().index(index).build();
    }

    private static PositionalParamSpec argument(String arity, String value, String description, String... candidates) {
        return PositionalParamSpec.builder()
                .arity(arity)
                .type(type(value))
                .paramLabel(value)
                .description(description)
                .completionCandidates(List.of(candidates))
                .build();
    }

    /** A shell completes the names of files and folders. */
    private static Class<?> type(String value) {
        return value.equals("FILE") || value.equals("DIR") ? Path.class : String.class;
    }
}
