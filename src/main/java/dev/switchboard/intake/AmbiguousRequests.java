package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refuses requests that a proxy before the bus could read in another way than the bus: for another host, sender or message. */
public final class AmbiguousRequests {

    private static final List<String> ONCE = List.of(
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Content-Type",
            "Authorization",
            "Idempotency-Key",
            "Origin");
    private static final Pattern ADDRESS = Pattern.compile("(?i)[a-z]+://([^/?#]*).*");

    private AmbiguousRequests() {}

    /** Takes its place before all others that handle requests. */
    public static void register(Router router) {
        router.route().order(Integer.MIN_VALUE).handler(AmbiguousRequests::admit);
    }

    private static void admit(RoutingContext http) {
        String fault = fault(http.request());
        if (fault == null) {
            http.next();
        } else {
            WebLimits.refuse(http, Refused.because(400, fault));
        }
    }

    private static @Nullable String fault(HttpServerRequest request) {
        for (String name : ONCE) {
            if (request.headers().getAll(name).size() > 1) {
                return name + ": is given more than once.";
            }
        }
        Matcher address = ADDRESS.matcher(request.uri());
        return address.matches() && !address.group(1).equalsIgnoreCase(request.getHeader(HttpHeaders.HOST))
                ? "Host: differs from the address of the request."
                : null;
    }
}
