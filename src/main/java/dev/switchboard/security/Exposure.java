package dev.switchboard.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the bus can be reached from, and whether it asks who calls, and hides what is said. */
public final class Exposure {

    private static final String INSECURE = "switchboard.insecure";
    private static final String ALL_THE_SAME = " Or set " + INSECURE + "=true, to start all the same.";
    private static final Pattern CERTIFICATE =
            Pattern.compile("quarkus\\.(tls\\..*key-store|http\\.ssl\\.certificate)\\..+");
    private static final Set<String> NOT_PLAIN = Set.of("disabled", "redirect");

    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private final Config config;
    private final boolean open;

    /**
     * Looks at settings.
     *
     * @param open whether nobody has to say who he is
     */
    public Exposure(Config config, boolean open) {
        this.config = config;
        this.open = open;
    }

    /**
     * Lets a bus start that nobody else can reach, or that is closed to whom it does not know.
     *
     * @throws IllegalArgumentException when others could do as they like with it, or read along
     */
    public void check() {
        if (config.getOptionalValue(INSECURE, Boolean.class).orElse(false)) {
            LOG.warn("{}=true: the bus does not mind who reaches it, and over what.", INSECURE);
            return;
        }
        check("quarkus.http.host", "quarkus.http.insecure-requests=disabled");
        check("quarkus.management.host", "quarkus.management.tls-configuration-name");
    }

    private void check(String setting, String tls) {
        String host = config.getOptionalValue(setting, String.class).orElse("127.0.0.1");
        if (isLoopback(host)) {
            return;
        }
        String reached = setting + "=" + host + ": other machines can reach it, ";
        if (open) {
            throw new IllegalArgumentException(
                    reached + "and there is no key of the API yet, so anybody could do anything."
                            + " Make one with ./switchboard key create --role admin --name NAME." + ALL_THE_SAME);
        }
        if (!hasTls(setting.startsWith("quarkus.http"))) {
            throw new IllegalArgumentException(reached + "and keys and messages would go there unencrypted. Set"
                    + " quarkus.tls.key-store.pem.0.cert and quarkus.tls.key-store.pem.0.key to the files of a certificate,"
                    + " and " + tls + "." + ALL_THE_SAME);
        }
    }

    private boolean hasTls(boolean rest) {
        boolean certificate = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .anyMatch(name -> CERTIFICATE.matcher(name).matches());
        return certificate
                && (rest
                        ? config.getOptionalValue("quarkus.http.insecure-requests", String.class)
                                .filter(how -> NOT_PLAIN.contains(how.toLowerCase(Locale.ROOT)))
                                .isPresent()
                        : config.getOptionalValue("quarkus.management.tls-configuration-name", String.class)
                                .isPresent());
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
