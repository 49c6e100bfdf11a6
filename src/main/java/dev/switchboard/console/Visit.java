package dev.switchboard.console;

import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What somebody asks of a screen. */
final class Visit {

    private final RoutingContext http;

    Visit(RoutingContext http) {
        this.http = http;
    }

    /** Returns a part of the path, as it is meant. */
    String path(String name) {
        return http.pathParam(name);
    }

    /** Returns a parameter of the query or a field of the form; an empty text where it is not given. */
    String given(String name) {
        String value = http.request().getFormAttribute(name);
        value = value == null ? http.request().getParam(name) : value;
        return value == null ? "" : value.strip();
    }

    /** Returns all of those parameters, as {@link #given(String)} does. */
    Map<String, String> asked(List<String> names) {
        var asked = new LinkedHashMap<String, String>();
        names.forEach(name -> asked.put(name, given(name)));
        return asked;
    }

    /** Returns those parameters that are given. */
    Map<String, String> given(List<String> names) {
        Map<String, String> given = asked(names);
        given.values().removeIf(String::isEmpty);
        return given;
    }

    /**
     * Returns the operation of the API that the address asks for.
     *
     * @param operations by what stands in the address
     * @throws Api.Refusal (404) when it is none of them
     */
    String operation(Map<String, String> operations) {
        String operation = operations.get(path("action"));
        if (operation == null) {
            throw new Api.Refusal(404, "There is nothing here.");
        }
        return operation;
    }

    /** Returns the address of a screen with parameters. */
    static String address(String path, Map<String, String> parameters) {
        return parameters.isEmpty() ? path : path + "?" + query(parameters);
    }

    /** Returns parameters as they stand behind the question mark of an address. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Encodes a text as a segment of a path or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
