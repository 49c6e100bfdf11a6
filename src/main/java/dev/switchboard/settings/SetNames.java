package dev.switchboard.settings;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The names of our settings that are set: as files and -D write them, and as variables of the environment, in capitals. */
public final class SetNames {

    static final String OURS = "switchboard.";

    private SetNames() {}

    /** Returns those of files and -D. */
    public static SortedSet<String> written(SmallRyeConfig config) {
        return sources(config)
                .filter(source -> !(source instanceof EnvConfigSource))
                .flatMap(source -> source.getPropertyNames().stream())
                .filter(name -> name.startsWith(OURS))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static SortedSet<String> variables(SmallRyeConfig config) {
        return sources(config)
                .filter(EnvConfigSource.class::isInstance)
                .flatMap(source -> source.getProperties().keySet().stream())
                .map(SetNames::variable)
                .filter(name -> name.startsWith(variable(OURS)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<ConfigSource> sources(SmallRyeConfig config) {
        return StreamSupport.stream(config.getConfigSources().spliterator(), false);
    }

    /** Returns what follows a prefix in the names that are set; a variable's {@code _} stands for {@code -} there. */
    public static SortedSet<String> below(SmallRyeConfig config, String prefix) {
        String variable = variable(prefix);
        var below = new TreeSet<String>();
        written(config).stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> below.add(name.substring(prefix.length())));
        variables(config).stream()
                .filter(name -> name.startsWith(variable) && name.length() > variable.length())
                .forEach(name -> below.add(word(name.substring(variable.length()))));
        return below;
    }

    /** Returns the variable of a setting. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** Returns the word that a variable holds in capitals: one without dots, capitals and {@code _}. */
    static String word(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
