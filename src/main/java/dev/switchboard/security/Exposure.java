package dev.switchboard.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that a bus which other machines can reach needs keys and encrypts. */
public final class Exposure {

    private static final String INSECURE = "switchboard.insecure";
    private static final String ANYWAY = " Or set " + INSECURE + "=true, to start anyway.";
    private static final Pattern CERTIFICATE =
            Pattern.compile("quarkus\\.(tls\\..*key-store|http\\.ssl\\.certificate)\\..+");
    private static final String PUBLIC = "switchboard.public.host";

    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private final Config config;
    private final boolean open;

    /**
     * Looks at settings.
     *
     * @param open whether no login is needed
     */
    public Exposure(Config config, boolean open) {
        this.config = config;
        this.open = open;
    }

    /**
     * Lets a bus start if only its own machine can reach it, or if it needs keys and encrypts.
     *
     * @throws IllegalArgumentException when other machines could use it without a key, or read its traffic
     */
    public void check() {
        if (isInsecure(config)) {
            LOG.warn("{}=true: the bus does not check whether it can be reached without keys or encryption.", INSECURE);
            return;
        }
        check("quarkus.http.host", "quarkus.http.insecure-requests=disabled");
        check("quarkus.management.host", "quarkus.management.tls-configuration-name");
        check(PUBLIC, "");
    }

    /** Returns whether the user wants the bus to be reachable without keys and encryption. */
    public static boolean isInsecure(Config config) {
        return config.getOptionalValue(INSECURE, Boolean.class).orElse(false);
    }

    private void check(String setting, String andTls) {
        String host = config.getOptionalValue(setting, String.class).orElse("127.0.0.1");
        if (isLoopback(host)) {
            return;
        }
        String reached = setting + "=" + host + ": other machines can reach it, ";
        if (open && !setting.equals(PUBLIC)) {
            throw new IllegalArgumentException(
                    reached + "and there is no key of the API yet, so anyone could do anything."
                            + " Make one with ./switchboard key create --role admin --name NAME." + ANYWAY);
        }
        if (!hasCertificate() || !isSet(andTls)) {
            throw new IllegalArgumentException(reached + "and what is said there would be unencrypted. Set"
                    + " quarkus.tls.key-store.pem.0.cert and quarkus.tls.key-store.pem.0.key to the files of a certificate"
                    + (andTls.isEmpty() ? "." : ", and " + andTls + ".") + ANYWAY);
        }
    }

    private boolean hasCertificate() {
        return StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .anyMatch(name -> CERTIFICATE.matcher(name).matches());
    }

    /** Returns whether a setting is set, and to the value if one is named. */
    private boolean isSet(String setting) {
        int equals = setting.indexOf('=');
        String name = equals < 0 ? setting : setting.substring(0, equals);
        return setting.isEmpty()
                || config.getOptionalValue(name, String.class)
                        .filter(value -> equals < 0 || value.equalsIgnoreCase(setting.substring(equals + 1)))
                        .isPresent();
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
