package dev.switchboard.intake;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Refused;
import dev.switchboard.vendor.RouteFolder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.Consumer;
import org.apache.camel.component.platform.http.HttpEndpointModel;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;

/**
 * Refuses calls that {@code routes/openapi.yaml} does not list and no route of an operator's takes. Camel would answer them with
 * the request's own body and type, so that a link could show a page that someone else has made.
 */
public final class UnknownCalls {

    /** After all handlers that answer paths of their own, and before Camel, which answers every path. */
    static final int ORDER = -2;

    private final Map<Pattern, Set<String>> methods = new LinkedHashMap<>();
    private final Supplier<PlatformHttpComponent> routes;

    /**
     * Knows the calls.
     *
     * @param routes knows the paths that running routes take
     * @throws IllegalArgumentException when the document cannot be read
     */
    public UnknownCalls(RouteFolder folder, Supplier<PlatformHttpComponent> routes) {
        this.routes = routes;
        folder.api()
                .path("paths")
                .properties()
                .forEach(path -> methods.put(form(path.getKey()), methods(path.getValue())));
    }

    private static Pattern form(String path) {
        String form =
                Pattern.quote(path).replaceAll("\\{[^/}]+}", "\\\\E[^/]+\\\\Q").replace("*", "\\E.*\\Q");
        return Pattern.compile(form + "/?");
    }

    private static Set<String> methods(JsonNode calls) {
        var names = new TreeSet<String>();
        calls.fieldNames().forEachRemaining(name -> names.add(name.toUpperCase(Locale.ROOT)));
        if (names.contains("GET")) {
            names.add("HEAD");
        }
        return names;
    }

    /** Takes its place among those who handle requests. */
    public void register(Router router) {
        router.route().order(ORDER).handler(this::admit);
    }

    private void admit(RoutingContext http) {
        // no one keeps what customers wrote, and no browser takes an answer for a page
        http.response().putHeader("X-Content-Type-Options", "nosniff").putHeader("Cache-Control", "no-store");
        String path = String.valueOf(http.request().path());
        String method = http.request().method().name();
        Set<String> allowed = methods.entrySet().stream()
                .filter(known -> known.getKey().matcher(path).matches())
                .findFirst()
                .map(Map.Entry::getValue)
                .orElseGet(() -> ofRoutes(http.normalizedPath(), method));
        if (allowed.isEmpty()) {
            WebLimits.answer(http, Refused.because(404, "The API has no such path."));
        } else if (!allowed.contains(method)) {
            http.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
            WebLimits.answer(http, Refused.because(405, "Call this path with " + String.join(" or ", allowed) + "."));
        } else {
            http.next();
        }
    }

    /** Returns the methods with which a path may be called that a route of an operator's takes. */
    private Set<String> ofRoutes(String path, String method) {
        var names = new TreeSet<String>();
        for (HttpEndpointModel route : routes.get().getHttpEndpoints()) {
            if (takes(route, path)) {
                String verbs = route.getVerbs();
                names.addAll(verbs == null ? List.of(method) : List.of(verbs.split(",")));
            }
        }
        return names;
    }

    /** The calls of the document are not among these: they share one consumer, which has another path. */
    private static boolean takes(HttpEndpointModel route, String path) {
        Consumer consumer = route.getConsumer();
        String uri = route.getUri();
        return consumer != null
                && consumer.getEndpoint() instanceof PlatformHttpEndpoint own
                && own.getPath().equals(uri)
                && form(own.isMatchOnUriPrefix() ? uri + "*" : uri)
                        .matcher(path)
                        .matches();
    }
}
