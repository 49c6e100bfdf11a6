package dev.switchboard.console;

import dev.switchboard.security.Sessions;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a viewer asks of a screen. */
final class Visit {

    private static final List<String> TIMES = List.of("from", "to");

    private final RoutingContext http;
    private final Viewer viewer;

    Visit(RoutingContext http, Viewer viewer) {
        this.http = http;
        this.viewer = viewer;
    }

    Viewer viewer() {
        return viewer;
    }

    /** Returns why the viewer's session has ended. */
    Optional<Sessions.End> ended(Sessions sessions) {
        return sessions.ended(http.request());
    }

    /** Returns a decoded part of the path. */
    String path(String name) {
        return http.pathParam(name);
    }

    /** Returns a parameter of the query or a field of the form; an empty text if it is not given. */
    String given(String name) {
        String value = http.request().getFormAttribute(name);
        value = value == null ? http.request().getParam(name) : value;
        return value == null ? "" : value.strip();
    }

    /** Returns all values of a field of the form. */
    List<String> all(String name) {
        return http.request().formAttributes().getAll(name);
    }

    /** Returns all of those parameters, as {@link #given(String)} does. */
    Map<String, String> asked(List<String> names) {
        var asked = new LinkedHashMap<String, String>();
        names.forEach(name -> asked.put(name, given(name)));
        return asked;
    }

    /** Returns those parameters that are given. Times get the offset of the zone in which they were typed. */
    Map<String, String> given(List<String> names) {
        Map<String, String> given = asked(names);
        given.values().removeIf(String::isEmpty);
        given.replaceAll((name, value) -> TIMES.contains(name) ? time(name) : value);
        return given;
    }

    /** Returns those parameters as a form shows them: times in the viewer's zone. */
    Map<String, String> shown(List<String> names) {
        Map<String, String> shown = asked(names);
        shown.replaceAll((name, value) -> TIMES.contains(name) ? Times.local(time(name), viewer.zone()) : value);
        return shown;
    }

    /** Returns a time with its offset. The form says in which zone it was typed, which may have been switched meanwhile. */
    String time(String name) {
        String zone = given("zone");
        return Times.instant(given(name), zone.isEmpty() ? viewer.zone() : Times.zone(zone));
    }

    /** Returns the fields of a form that was sent, to be shown again. */
    Map<String, String> typed() {
        var typed = new LinkedHashMap<String, String>();
        MultiMap form = http.request().formAttributes();
        form.names().forEach(name -> typed.put(name, String.join(" ", form.getAll(name))));
        return typed;
    }

    /** Returns the address of the screen above, with the same query. */
    String above() {
        String query = http.request().query();
        return Renderer.up(http.request().path()) + (query == null ? "" : "?" + query);
    }

    /** Returns whether a page that is open asks for what is new. */
    boolean isRefresh() {
        return http.request().headers().contains("HX-Request");
    }

    /** Returns what the browser was told to remember; nothing if it was not. */
    String remembered(String name) {
        return Viewer.cookie(http.request(), name);
    }

    void remember(String name, String value) {
        http.response().addCookie(Console.remembered(name, value));
    }

    /**
     * Returns the operation of the API that the address asks for.
     *
     * @param operations by the last part of the address
     * @throws Api.Refusal (404) if it asks for another
     */
    String operation(Map<String, String> operations) {
        String operation = operations.get(path("action"));
        if (operation == null) {
            throw new Api.Refusal(404, "noPage");
        }
        return operation;
    }

    /** Returns the address of a screen with parameters. */
    static String address(String path, Map<String, String> parameters) {
        return parameters.isEmpty() ? path : path + "?" + query(parameters);
    }

    /** Returns parameters as the query of an address, without the question mark. */
    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Encodes a text as a segment of a path or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Decodes a value that a script of the console has encoded; nothing if another has written it. */
    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
