package dev.switchboard;

import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Keys;
import dev.switchboard.security.NewKey;
import dev.switchboard.settings.KnownSettings;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.SmallRyeConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/**
 * Creates, lists and revokes API keys in the store itself, with or without a running bus: {@code ./switchboard
 * key}. It needs no key: who can write the store has all rights anyway.
 */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "create|list|revoke",
        description = "Makes, lists and revokes keys of the API.")
public final class KeyCommand {

    @Option(names = "-D", paramLabel = "KEY=VALUE", scope = ScopeType.INHERIT, description = "One setting of the bus.")
    private Map<String, String> settings = Map.of();

    private final PrintWriter out;

    private KeyCommand(PrintWriter out) {
        this.out = out;
    }

    /** Runs the command. Status 0: done, 1: not done, 2: wrong arguments. */
    public static void main(String[] arguments) {
        var out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new KeyCommand(out))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(KeyCommand::complain)
                .execute(arguments);
    }

    private static int complain(Exception fault, CommandLine command, CommandLine.ParseResult asked) throws Exception {
        if (fault instanceof Refused refused) {
            command.getErr().println("switchboard: " + refused.getMessage());
            return 2;
        }
        if (fault instanceof IllegalArgumentException) {
            command.getErr().println("switchboard: " + fault.getMessage());
            return 1;
        }
        throw fault;
    }

    @Command(name = "create", description = "Makes a key and prints it, once.", mixinStandardHelpOptions = true)
    int create(
            @Option(names = "--name", required = true, description = "Whose it is: a-z 0-9 -") String name,
            @Option(
                            names = "--role",
                            required = true,
                            description = "sender, reader, operator or admin; may be given more than once.")
                    List<String> roles,
            @Option(
                            names = "--lane",
                            paramLabel = "VENDOR[/ACCOUNT]",
                            description = "What it is for; may be given more than once. Without: everything.")
                    @Nullable
                    List<String> lanes,
            @Option(names = "--id-prefix", description = "What the ids of its messages begin with.") @Nullable
                    String prefix,
            @Option(
                            names = "--transcripts",
                            paramLabel = "own|lane",
                            defaultValue = ApiKey.OWN,
                            description =
                                    "Which conversations a sender may read: own (it has sent to them; the default) or"
                                            + " lane (all of its lanes).")
                    String transcripts,
            @Option(names = "--per-second", description = "How many requests it may make in a second.") @Nullable
                    Integer perSecond,
            @Option(names = "--expires-in", paramLabel = "DAYS", description = "After how many days it ends.") @Nullable
                    Integer days) {
        Long expiresAt = days == null
                ? null
                : Long.valueOf(Instant.now().plus(Duration.ofDays(days)).toEpochMilli());
        var wanted = new NewKey(
                name,
                roles,
                lanes == null ? List.of() : lanes,
                prefix == null ? "" : prefix,
                transcripts,
                perSecond,
                expiresAt);
        try (Store store = open(true)) {
            long entry = audit(store, "createKey", name);
            Optional<String> token = new Keys(store.access()).create(wanted);
            Store.written(store.access().ended(entry, token.isPresent() ? 201 : 409));
            out.println(token.orElseThrow(() -> new IllegalArgumentException(
                    "there is, or was, a key called " + name + "; a name cannot be used twice")));
            return 0;
        }
    }

    @Command(name = "list", description = "Lists the keys.", mixinStandardHelpOptions = true)
    int list() {
        try (Store store = open(false)) {
            out.printf("%-20s %-24s %-10s %-24s %s%n", "NAME", "ROLES", "STATE", "LANES", "UNTIL");
            store.access()
                    .keys()
                    .forEach(key -> out.printf(
                            "%-20s %-24s %-10s %-24s %s%n",
                            key.name(),
                            String.join(",", key.roles()),
                            state(key),
                            String.join(",", key.lanes()),
                            time(key.expiresAt())));
            return 0;
        }
    }

    private static String state(ApiKey key) {
        return key.isValid(System.currentTimeMillis()) ? "valid" : key.revokedAt() == null ? "expired" : "revoked";
    }

    private static String time(@Nullable Long millis) {
        return millis == null
                ? ""
                : Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @Command(
            name = "revoke",
            description = "Ends a key. A running bus knows within a second.",
            mixinStandardHelpOptions = true)
    int revoke(@Parameters(paramLabel = "NAME") String name) {
        try (Store store = open(false)) {
            long entry = audit(store, "revokeKey", name);
            boolean revoked = Store.written(store.access().revoke(name));
            Store.written(store.access().ended(entry, revoked ? 200 : 404));
            if (!revoked) {
                throw new IllegalArgumentException("there is no valid key " + name);
            }
            out.println(name + " is revoked");
            return 0;
        }
    }

    private static long audit(Store store, String operation, String name) {
        String user = "the command line (" + System.getProperty("user.name") + ")";
        return Store.written(store.access()
                .audit(new AuditEntry(
                        0, System.currentTimeMillis(), user, null, operation, "/keys/" + name, null, null)));
    }

    /** Opens the store that the bus has: a misspelt setting would name another one. */
    private Store open(boolean make) {
        settings.forEach(System::setProperty);
        SmallRyeConfig config = BusSettings.now();
        KnownSettings.OF_THE_BUS.and(Stream.of(Vendors.PREFIX + "**")).check(config);
        BusSettings.requireStore(config, make);
        return BusSettings.store(config);
    }
}
