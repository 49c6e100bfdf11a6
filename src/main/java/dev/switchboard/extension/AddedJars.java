package dev.switchboard.extension;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.impl.engine.DefaultComponentResolver;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.FactoryFinderResolver;
import org.apache.camel.spi.TypeConverterLoader;
import org.apache.camel.support.PluginHelper;

/**
 * The jars of the folder {@code switchboard.lib.dir}, by default {@code lib/} next to the program: components, data formats and
 * languages of Camel, drivers, and an operator's own classes. The launcher puts them on the class path. Camel Quarkus knows only
 * what it found when the program was built; this class registers the rest with Camel.
 */
public final class AddedJars {

    /** Where they are; the launcher sets it. */
    public static final String SETTING = "switchboard.lib.dir";

    private static final String SERVICES = "META-INF/services/org/apache/camel/";

    private final List<Path> jars;

    private AddedJars(List<Path> jars) {
        this.jars = jars;
    }

    /**
     * Finds the jars of a folder.
     *
     * @throws IllegalArgumentException when it is not a folder
     */
    public static AddedJars in(Optional<Path> folder) {
        return new AddedJars(folder.map(AddedJars::list).orElse(List.of()));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(file -> file.toAbsolutePath().normalize())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(SETTING + ": " + folder + " is not a folder that can be read", e);
        }
    }

    /** Returns the jars by their names. */
    public List<Path> all() {
        return jars;
    }

    /**
     * Checks that each jar was found by the launcher, and fits.
     *
     * @param camel the version of Camel
     * @throws IllegalArgumentException when one is not on the class path, or belongs to another version of Camel
     */
    public void check(String camel) {
        Set<Path> found = Arrays.stream(
                        System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(each -> Path.of(each).toAbsolutePath().normalize())
                .collect(Collectors.toSet());
        for (Path jar : jars) {
            if (!found.contains(jar)) {
                throw new IllegalArgumentException(SETTING + ": " + jar + " is not on the class path. Start the bus by"
                        + " ./switchboard start, and set " + SETTING
                        + " in config/application.properties, in the environment or with -D.");
            }
            for (String kind : List.of("component", "dataformat", "language", "other")) {
                refuseOther(jar, read(jar, SERVICES + kind + ".properties"), camel);
            }
        }
    }

    private static void refuseOther(Path jar, Properties described, String camel) {
        String version = described.getProperty("version", camel).replace("-SNAPSHOT", "");
        if (described.getProperty("groupId", "").equals("org.apache.camel") && !version.equals(camel)) {
            throw new IllegalArgumentException(jar + " is for Camel " + version + ", and this is Camel " + camel
                    + ". Delete it, and run ./switchboard components add " + described.getProperty("artifactId"));
        }
    }

    private static Properties read(Path jar, String entry) {
        var properties = new Properties();
        try {
            properties.load(new StringReader(text(jar, entry)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }

    /** Returns the text of an entry; nothing where the jar has none. */
    private static String text(Path jar, String entry) {
        try (var zip = new JarFile(jar.toFile())) {
            ZipEntry found = zip.getEntry(entry);
            if (found == null) {
                return "";
            }
            try (InputStream in = zip.getInputStream(found)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(jar + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Lets Camel find in these jars what was missing when the program was built. */
    public void join(CamelContext camel) {
        if (jars.isEmpty()) {
            return;
        }
        ExtendedCamelContext extension = camel.getCamelContextExtension();
        FactoryFinderResolver known = PluginHelper.getFactoryFinderResolver(extension);
        extension.addContextPlugin(FactoryFinderResolver.class, new AddedFactories(known));
        // Camel Quarkus' own looks only into the registry
        extension.addContextPlugin(ComponentResolver.class, new DefaultComponentResolver());
        jars.forEach(jar -> loaders(jar).forEach(name -> load(camel, jar, name)));
    }

    private static Stream<String> loaders(Path jar) {
        return text(jar, SERVICES + "TypeConverterLoader")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"));
    }

    private static void load(CamelContext camel, Path jar, String name) {
        try {
            var loader = camel.getInjector()
                    .newInstance(camel.getClassResolver().resolveMandatoryClass(name, TypeConverterLoader.class));
            CamelContextAware.trySetCamelContext(loader, camel);
            loader.load(camel.getTypeConverterRegistry());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    jar + " names the type converters " + name + ", which it does not have", e);
        }
    }
}
