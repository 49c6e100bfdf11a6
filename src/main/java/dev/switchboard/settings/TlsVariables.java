package dev.switchboard.settings;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Spells the names of certificates that variables of the environment set. Quarkus finds a certificate by its whole name, which it cannot
 * read from {@code QUARKUS_TLS_KEY_STORE_PEM_0_CERT}.
 */
public final class TlsVariables implements ConfigSourceFactory {

    private static final Pattern CERTIFICATE =
            Pattern.compile("QUARKUS_TLS_(?:([A-Z0-9_]+)_)?KEY_STORE_(?:PEM_(\\d+)_(CERT|KEY)|P12_(PATH|PASSWORD))");

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        return List.of(new PropertiesConfigSource(
                spelt(System.getenv()), EnvConfigSource.NAME + "[TLS]", EnvConfigSource.ORDINAL));
    }

    static Map<String, String> spelt(Map<String, String> environment) {
        var spelt = new TreeMap<String, String>();
        environment.forEach((variable, value) -> {
            Matcher certificate = CERTIFICATE.matcher(variable);
            if (certificate.matches()) {
                String name = certificate.group(1) == null ? "" : SetNames.word(certificate.group(1)) + ".";
                String end = certificate.group(2) == null
                        ? "p12." + certificate.group(4)
                        : "pem." + certificate.group(2) + "." + certificate.group(3);
                spelt.put("quarkus.tls." + name + "key-store." + end.toLowerCase(Locale.ROOT), value);
            }
        });
        return spelt;
    }
}
