package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Draws the routes that run: from each beginning, where its exchanges go. */
final class RoutePages {

    private static final Pattern OPEN = Pattern.compile("\\$\\{[^}]*}");

    private RoutePages() {}

    /**
     * A place in the drawing.
     *
     * @param label a route's id, or an address that is not a route
     * @param from where the route begins; empty if it is not a route
     * @param state of the route
     * @param inFlight how many exchanges are in it
     * @param depth how many messages wait for it, if it is a lane
     * @param next where it goes
     */
    record Place(String label, String from, String state, long inFlight, long depth, List<Place> next) {}

    static Screen show(Api api, Visit visit) {
        List<JsonNode> routes = Json.list(api.list("listRoutes", Map.of()).path("routes"));
        for (JsonNode lane : api.list("listLanes", Map.of()).path("lanes")) {
            String from = "lane:" + lane.path("vendor").asText() + "/"
                    + lane.path("account").asText();
            routes.stream()
                    .filter(route -> from(route).equals(from))
                    .forEach(route -> ((ObjectNode) route).set("depth", lane.path("depth")));
        }
        var flows = new LinkedHashMap<String, List<Place>>();
        List.of("intake", "lanes", "out", "calls").forEach(name -> flows.put(name, new ArrayList<>()));
        for (JsonNode route : routes) {
            String kind = kind(from(route));
            if (!kind.equals("calls") || routes.stream().noneMatch(other -> goes(other, from(route)))) {
                flows.getOrDefault(kind, List.of()).add(place(route, routes, new TreeSet<>()));
            }
        }
        return Screen.of("routes", Map.of("flows", flows));
    }

    static Screen one(Api api, Visit visit) {
        return Json.list(api.list("listRoutes", Map.of()).path("routes")).stream()
                .filter(each -> id(each).equals(visit.path("id")))
                .findFirst()
                .map(route -> Screen.of("route", Map.of("route", route)))
                .orElseThrow(() -> new Api.Refusal(404, "noRoute"));
    }

    private static String kind(String from) {
        return switch (from.replaceFirst(":.*", "")) {
            case "lane" -> "lanes";
            case "outbox", "dead-letters" -> "out";
            case "direct" -> "calls";
            default -> "intake";
        };
    }

    /** Shows a route that was drawn before without what follows it, so that the drawing ends. */
    private static Place place(JsonNode route, List<JsonNode> routes, Set<String> drawn) {
        drawn.add(id(route));
        var next = new ArrayList<Place>();
        for (JsonNode goal : route.path("to")) {
            List<JsonNode> met = met(goal, routes);
            for (JsonNode each : met) {
                boolean again = drawn.contains(id(each));
                next.add(again ? place(each, List.of()) : place(each, routes, drawn));
            }
            if (met.isEmpty()) {
                next.add(new Place(goal.asText(), "", "", 0, 0, List.of()));
            }
        }
        return place(route, next);
    }

    private static Place place(JsonNode route, List<Place> next) {
        long inFlight = route.path("inFlight").asLong();
        long depth = route.path("depth").asLong();
        return new Place(id(route), from(route), route.path("state").asText(), inFlight, depth, next);
    }

    /** Returns the routes to which an address leads, without those that only these lead to, which an address that depends on the message may match too. */
    private static List<JsonNode> met(JsonNode goal, List<JsonNode> routes) {
        List<JsonNode> all =
                routes.stream().filter(each -> matches(goal, from(each))).toList();
        return all.stream()
                .filter(each -> all.stream().noneMatch(other -> !id(other).equals(id(each)) && goes(other, from(each))))
                .toList();
    }

    private static boolean goes(JsonNode route, String from) {
        for (JsonNode goal : route.path("to")) {
            if (matches(goal, from)) {
                return true;
            }
        }
        return false;
    }

    /** An address that depends on the message matches each that it may become. */
    private static boolean matches(JsonNode goal, String from) {
        String address =
                OPEN.splitAsStream(goal.asText() + " ").map(Pattern::quote).collect(Collectors.joining("[^/]+"));
        return (from + " ").matches(address);
    }

    private static String id(JsonNode route) {
        return route.path("id").asText();
    }

    private static String from(JsonNode route) {
        return route.path("from").asText();
    }
}
