package dev.switchboard;

import dev.switchboard.settings.KnownSettings;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfig;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Prints the effective settings with their origin, and checks them as the start does: {@code ./switchboard config}. */
public final class ConfigCommand {

    private static final Pattern SHOWN = Pattern.compile("quarkus\\.(http|management|log)\\..*");
    private static final Pattern SECRET =
            Pattern.compile(".*(password|secret|token|credential|passphrase|private|[.-]key).*");

    private static final String MASK = "********";

    private ConfigCommand() {}

    /** Prints them, secrets masked. Status 0: the settings are right; 2: one is wrong and named. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    private static int run(PrintStream out, PrintStream err, String... arguments) {
        try {
            for (String argument : arguments) {
                set(argument);
            }
            SmallRyeConfig config = BusSettings.now();
            List<Vendor> vendors = Vendor.readAll(BusSettings.routeFolder(config));
            Set<String> secrets = secrets(vendors);
            KnownSettings known = Vendors.known(vendors);
            Stream<String> ofProgram = StreamSupport.stream(
                            config.getPropertyNames().spliterator(), false)
                    .filter(name -> SHOWN.matcher(name).matches());
            Stream.concat(known.in(config).stream(), ofProgram)
                    .sorted()
                    .distinct()
                    .map(config::getConfigValue)
                    .forEach(setting -> out.println(line(setting, secrets)));
            known.unknownVariables(config)
                    .forEach(variable -> err.println("switchboard: " + variable + " in the environment sets nothing"));
            new SettingsCheck(config).readAll();
            return 0;
        } catch (IllegalArgumentException e) {
            err.println("switchboard: " + e.getMessage());
            return 2;
        }
    }

    private static void set(String argument) {
        if (!argument.matches("-D[^=]+=.*")) {
            throw new IllegalArgumentException("config does not know " + argument);
        }
        int equals = argument.indexOf('=');
        System.setProperty(argument.substring(2, equals), argument.substring(equals + 1));
    }

    /** Returns the names of accounts' settings that the vendors' folders call secret. */
    private static Set<String> secrets(List<Vendor> vendors) {
        return vendors.stream()
                .flatMap(vendor -> vendor.settings().entrySet().stream())
                .filter(setting -> setting.getValue().secret())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static String line(ConfigValue setting, Set<String> secrets) {
        String name = setting.getName();
        boolean secret = SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches()
                || secrets.contains(name.substring(name.lastIndexOf('.') + 1));
        String value = secret ? MASK : withoutLogin(String.valueOf(setting.getValue()));
        return name + " = " + value + "  (" + setting.getConfigSourceName() + ")";
    }

    /** An address may hold a login. */
    private static String withoutLogin(String value) {
        return value.replaceAll("//[^/@\\s]*@", "//" + MASK + "@")
                .replaceAll("(?i)(password|secret|token)=[^&;\\s]*", "$1=" + MASK);
    }
}
