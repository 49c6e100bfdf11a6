package dev.switchboard;

import dev.switchboard.sandbox.Caller;
import dev.switchboard.vendor.Account;
import io.smallrye.config.SmallRyeConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a sandbox vendor call a running bus: {@code ./switchboard sandbox say}. It reads the same settings as the bus. */
@Command(name = "say", description = "Sends the bus what a vendor would send.")
public final class SayCommand implements Callable<Integer> {

    @Option(names = "-D")
    private Map<String, String> settings = Map.of();

    @Option(names = "--kind")
    private String kind = "message";

    @Option(names = "--customer")
    private String customer = "customer-1";

    @Option(names = "--public-url")
    private @Nullable URI url;

    @Parameters(index = "0", paramLabel = "VENDOR/ACCOUNT")
    private String lane = "";

    @Parameters(index = "1", paramLabel = "CONVERSATION")
    private String conversation = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "TEXT")
    private String text = "";

    private final PrintWriter out;

    private SayCommand(PrintWriter out) {
        this.out = out;
    }

    /** Runs the command. Status 0: the bus took each call, 1: it did not, 2: wrong arguments. */
    public static void main(String[] arguments) {
        var out = new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new SayCommand(out))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler(SayCommand::complain)
                .execute(arguments);
    }

    private static int complain(Exception fault, CommandLine command, CommandLine.ParseResult asked) throws Exception {
        if (fault instanceof IllegalArgumentException) {
            command.getErr().println("switchboard: " + fault.getMessage());
            return 1;
        }
        throw fault;
    }

    @Override
    public Integer call() throws InterruptedException {
        settings.forEach(System::setProperty);
        SmallRyeConfig config = BusSettings.now();
        Account account = account(config);
        URI bus = url == null ? URI.create("http://127.0.0.1:" + port(config)) : url;
        try {
            var counts = new TreeMap<Integer, Integer>();
            new Caller(account, bus)
                    .say(new Caller.Said(kind, conversation, customer, text))
                    .forEach(status -> counts.merge(status, 1, Integer::sum));
            counts.forEach((status, calls) ->
                    out.println("The bus answered " + status + (calls == 1 ? "" : ", " + calls + " times")));
            return counts.keySet().stream().allMatch(status -> status / 100 == 2) ? 0 : 1;
        } catch (IOException e) {
            throw new IllegalArgumentException("no bus answers at " + bus + ": " + e, e);
        }
    }

    private Account account(SmallRyeConfig config) {
        String[] names = lane.split("/", 2);
        Account account = new SettingsCheck(config)
                .vendors()
                .account(names[0], names.length == 2 ? names[1] : "")
                .orElseThrow(() -> new IllegalArgumentException("the settings have no account " + lane));
        if (account.settings().getOrDefault("inbound-secret", "").isEmpty()) {
            throw new IllegalArgumentException("switchboard.vendors." + names[0] + ".accounts." + names[1]
                    + ".inbound-secret is not set, so the bus takes no calls for " + lane);
        }
        return account;
    }

    private static int port(SmallRyeConfig config) {
        return config.getOptionalValue("switchboard.public.port", Integer.class).orElse(8081);
    }
}
