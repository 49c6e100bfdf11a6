package dev.switchboard.extension;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.util.StringHelper;

/** Lists what routes can use, and adds more of it: {@code ./switchboard components}. */
public final class ComponentsCommand {

    private static final Map<String, String> KINDS =
            Map.of("component", "components", "dataformat", "dataFormats", "language", "languages");

    private final PrintStream out;
    private final Path lib;

    private ComponentsCommand(PrintStream out, Path lib) {
        this.out = out;
        this.lib = lib;
    }

    /** Runs the command. Status 0: done, 1: not done, 2: wrong arguments. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try {
            // the launcher has read the settings that matter here
            System.exit(run(
                    out,
                    err,
                    Stream.of(arguments).filter(each -> !each.startsWith("-D")).toList()));
        } catch (IllegalArgumentException e) {
            err.println("switchboard: " + e.getMessage());
            System.exit(1);
        }
    }

    private static int run(PrintStream out, PrintStream err, List<String> arguments) {
        var command = new ComponentsCommand(out, Path.of(System.getProperty(AddedJars.SETTING, "lib")));
        if (arguments.isEmpty()) {
            command.list();
            return 0;
        }
        if (!arguments.get(0).equals("add") || arguments.size() == 1) {
            err.println("switchboard: components does not know " + String.join(" ", arguments)
                    + " (see ./switchboard components --help)");
            return 2;
        }
        command.add(arguments.subList(1, arguments.size()));
        return 0;
    }

    /** Each jar of Camel's tells in a file what it has. */
    private void list() {
        for (String kind : List.of("component", "dataformat", "language")) {
            var found = new TreeMap<String, String>();
            described(kind).forEach((names, jar) -> {
                for (String name : names.split(" ", -1)) {
                    found.put(name, jar);
                }
            });
            out.println(kind.equals("dataformat") ? "data formats" : kind + "s");
            found.forEach((name, jar) -> out.printf("  %-24s %s%n", name, jar));
        }
        long added =
                Files.isDirectory(lib) ? AddedJars.in(Optional.of(lib)).all().size() : 0;
        out.printf(
                "%n%s has %d jar%s. To add a component of Camel %s with all that it needs: ./switchboard components add camel-kafka%n",
                lib, added, added == 1 ? "" : "s", camelVersion());
    }

    private Map<String, String> described(String kind) {
        var found = new TreeMap<String, String>();
        try {
            String file = "META-INF/services/org/apache/camel/" + kind + ".properties";
            for (URL url : Collections.list(getClass().getClassLoader().getResources(file))) {
                var properties = new Properties();
                try (InputStream in = url.openStream()) {
                    properties.load(in);
                }
                String jar = StringHelper.before(url.getPath(), "!", "").replaceFirst("^file:", "");
                boolean own = Path.of(jar).startsWith(lib.toAbsolutePath().normalize());
                found.put(
                        properties.getProperty(KINDS.get(kind), ""),
                        properties.getProperty("artifactId") + (own ? " (added)" : ""));
            }
            found.remove("");
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String camelVersion() {
        return new DefaultCamelContext(false).getVersion();
    }

    private void add(List<String> wanted) {
        try {
            Files.createDirectories(lib);
            MavenFetch.Fetched fetched = new MavenFetch(camelVersion()).fetch(wanted, lib);
            fetched.jars().forEach(jar -> out.println("added " + lib.resolve(jar)));
            out.printf(
                    "%d jars added; %d others that these need are part of the program. They are used from the next start on.%n",
                    fetched.jars().size(), fetched.packaged());
        } catch (IOException e) {
            throw new IllegalArgumentException(lib + " cannot be written: " + e.getMessage(), e);
        }
    }
}
