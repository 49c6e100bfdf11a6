package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Refuses requests to a foreign host name while the bus asks no one for a key. Otherwise any web page that an operator opens could
 * use the bus: its own name may lead to this machine (DNS rebinding).
 */
public final class HostCheck {

    private static final Pattern LOOPBACK =
            Pattern.compile("(?i)(.+\\.)?localhost\\.?|127(\\.\\d{1,3}){3}|\\[?(0{0,4}:){2,7}0{0,3}1]?");

    private final BooleanSupplier open;
    private final Set<String> names;

    /**
     * Makes the check.
     *
     * @param open whether the bus asks no one for a key
     * @param names other names that the bus has, in lower case
     */
    public HostCheck(BooleanSupplier open, Set<String> names) {
        this.open = open;
        this.names = names;
    }

    /** Takes its place before all others that handle requests. */
    public void register(Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::admit);
    }

    private void admit(RoutingContext http) {
        if (open.getAsBoolean() && !isOurs(http.request())) {
            WebLimits.refuse(
                    http,
                    Refused.because(
                            421,
                            "The bus has no key yet, so it answers only as localhost. Use that name, make a key"
                                    + " (./switchboard key create), or add the host name to switchboard.host-names."));
            return;
        }
        http.next();
    }

    /** A request without a name comes from no browser. */
    private boolean isOurs(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        return authority == null
                || LOOPBACK.matcher(authority.host()).matches()
                || names.contains(authority.host().toLowerCase(Locale.ROOT));
    }
}
