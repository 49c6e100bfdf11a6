package dev.switchboard.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands that the launcher runs itself: here are their help, and what a shell completes. */
@SuppressWarnings({"NullAway.Init", "unused"})
final class LauncherCommands {

    static final List<Object> ALL = List.of(
            new Demo(),
            new Start(),
            new Check(),
            new Sandbox(),
            new Config(),
            new Key(),
            new StoreKey(),
            new Backup(),
            new Restore(),
            new Contract(),
            new Torture(),
            new Bench());

    private LauncherCommands() {}

    /** What every command has. */
    private static class Helped {
        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Prints this help.")
        private boolean help;
    }

    /** A command that reads the settings of the bus. */
    private static class WithSettings extends Helped {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "Settings that override config/application.properties.")
        private @Nullable Path config;

        @Option(names = "-D", paramLabel = "KEY=VALUE", description = "One setting; overrides every file.")
        private Map<String, String> settings = Map.of();
    }

    @Command(
            name = "demo",
            description = "Starts the bus with sandbox vendors, sends the samples and shows the outcome of each.",
            footer = "%nExample: ./switchboard demo --keep")
    private static final class Demo extends Helped {
        @Option(names = "--keep", description = "Keeps the bus running and prints its addresses.")
        private boolean keep;
    }

    @Command(
            name = "start",
            description = "Runs the bus in the foreground.",
            footer = "%nExample: ./switchboard start --config my.properties -Dquarkus.http.port=8090")
    private static final class Start extends WithSettings {}

    @Command(
            name = "check",
            description = {
                "Reads files as the bus would, without a running bus; shows the first faults and what would be sent to which account.",
                "Status 0: no faults, 1: faults, 2: not checked."
            },
            footer = "%nExample: ./switchboard check --faults 5 orders.csv")
    private static final class Check extends WithSettings {
        @Option(
                names = "--profile",
                paramLabel = "NAME",
                description = "A folder below inbox/; by default the one that contains FILE.")
        private @Nullable String profile;

        @Option(names = "--faults", paramLabel = "N", description = "How many faults of a file are shown (20).")
        private int faults;

        @Option(names = "--json", description = "Prints the report as JSON.")
        private boolean json;

        @Parameters(arity = "1..*", paramLabel = "FILE")
        private List<Path> files;
    }

    @Command(
            name = "sandbox",
            description = "Runs the sandbox vendors alone, and prints the settings that connect a bus to them.",
            footer = "%nExample: ./switchboard sandbox --port 9900")
    private static final class Sandbox extends Helped {
        @Option(names = "--port", paramLabel = "N", description = "Where they listen (9900).")
        private int port;

        @Option(names = "--routes", paramLabel = "DIR", description = "Your own route folder.")
        private @Nullable Path routes;
    }

    @Command(
            name = "config",
            description = "Prints the effective settings and their origin; secrets are masked.",
            footer = "%nExample: ./switchboard config --config my.properties")
    private static final class Config extends WithSettings {}

    @Command(
            name = "key",
            description = "Creates, lists and revokes API keys, directly in the store.",
            footer = "%nExample: ./switchboard key create --name boss --role admin",
            subcommands = {KeyCreate.class, KeyList.class, KeyRevoke.class})
    private static final class Key extends WithSettings {}

    @Command(
            name = "create",
            description = "Creates a key and prints it, once.",
            footer = "%nExample: ./switchboard key create --name crm --role sender --lane acme/default")
    private static final class KeyCreate extends WithSettings {
        @Option(names = "--name", required = true, paramLabel = "NAME")
        private String name;

        @Option(
                names = "--role",
                required = true,
                paramLabel = "ROLE",
                completionCandidates = Roles.class,
                description = "${COMPLETION-CANDIDATES}.")
        private List<String> roles;

        @Option(names = "--lane", paramLabel = "VENDOR[/ACCOUNT]")
        private List<String> lanes = List.of();

        @Option(names = "--id-prefix", paramLabel = "PREFIX")
        private @Nullable String prefix;

        @Option(names = "--transcripts", paramLabel = "own|lane")
        private @Nullable String transcripts;

        @Option(names = "--per-second", paramLabel = "N")
        private @Nullable Integer perSecond;

        @Option(names = "--expires-in", paramLabel = "DAYS")
        private @Nullable Integer days;
    }

    @Command(name = "list", description = "Lists the keys.", footer = "%nExample: ./switchboard key list")
    private static final class KeyList extends WithSettings {}

    @Command(name = "revoke", description = "Revokes a key.", footer = "%nExample: ./switchboard key revoke crm")
    private static final class KeyRevoke extends WithSettings {
        @Parameters(paramLabel = "NAME")
        private String name;
    }

    @Command(
            name = "store-key",
            description = {
                "Writes a new key for encrypting the store into FILE, before the keys in it.",
                "The bus uses it after its next start. Keep a copy of FILE: without its keys, the store is lost."
            },
            footer = "%nExample: ./switchboard store-key /etc/switchboard/store-keys")
    private static final class StoreKey extends WithSettings {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "By default switchboard.store.key-file.")
        private @Nullable Path file;
    }

    @Command(
            name = "backup",
            description = "Copies the store, also while the bus runs. FILE must not exist.",
            footer = "%nExample: ./switchboard backup store-2026-11-28.db")
    private static final class Backup extends WithSettings {
        @Parameters(paramLabel = "FILE")
        private Path file;
    }

    @Command(
            name = "restore",
            description = {
                "Restores the store from a copy while no bus runs on it.",
                "Unfinished messages that must not be sent twice become uncertain."
            },
            footer = "%nExample: ./switchboard restore store-2026-11-28.db --replace")
    private static final class Restore extends WithSettings {
        @Option(names = "--replace", description = "Replaces an existing store.")
        private boolean replace;

        @Parameters(paramLabel = "FILE")
        private Path file;
    }

    @Command(
            name = "contract",
            description = "Runs the scenarios in the vendor's folder contract/.",
            footer = "%nExample: ./switchboard contract --routes my-routes acme")
    private static final class Contract extends Helped {
        @Option(names = "--routes", paramLabel = "DIR", description = "Your own route folder.")
        private @Nullable Path routes;

        @Parameters(paramLabel = "VENDOR")
        private String vendor;
    }

    @Command(
            name = "torture",
            description =
                    "Kills the bus and what it depends on while messages come in, and compares what senders, vendors and store know.",
            footer = "%nExample: ./switchboard torture --minutes 10 --store sqlite")
    private static final class Torture extends Helped {
        @Option(names = "--minutes", paramLabel = "N", description = "How long (5).")
        private int minutes;

        @Option(
                names = "--store",
                paramLabel = "STORE",
                completionCandidates = Stores.class,
                description = "${COMPLETION-CANDIDATES} (both).")
        private @Nullable String store;

        @Option(names = "--fault", paramLabel = "NAME,...", description = "Which faults (all).")
        private @Nullable String faults;

        @Option(names = "--seed", paramLabel = "N", description = "Repeats the same random choices (1).")
        private long seed;
    }

    @Command(
            name = "bench",
            description = "Measures the bus. ./switchboard --help lists the options of each measurement.",
            footer = "%nExample: ./switchboard bench rest --seconds 30")
    private static final class Bench extends Helped {
        @Parameters(
                arity = "1..*",
                paramLabel = "MEASUREMENT",
                completionCandidates = Benches.class,
                description = "One of ${COMPLETION-CANDIDATES}, then its options.")
        private List<String> measurement;
    }

    private static class Candidates extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Candidates(String... values) {
            super(List.of(values));
        }
    }

    private static final class Roles extends Candidates {
        private static final long serialVersionUID = 1;

        Roles() {
            super("sender", "reader", "operator", "admin");
        }
    }

    private static final class Stores extends Candidates {
        private static final long serialVersionUID = 1;

        Stores() {
            super("sqlite", "postgresql", "both");
        }
    }

    private static final class Benches extends Candidates {
        private static final long serialVersionUID = 1;

        Benches() {
            super("rest", "queue", "slow", "hang", "growth", "files", "start", "lists", "store", "retention");
        }
    }
}
