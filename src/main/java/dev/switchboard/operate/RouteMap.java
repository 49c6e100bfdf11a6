package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SetHeaderDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;

/** Shows the routes that run, where each begins and where it leads. */
@Singleton
@Named("routeMap")
final class RouteMap {

    /** Steps whose expression decides or shapes; those of others may hold a secret. */
    private static final Set<String> SHAPING = Set.of("filter", "when", "transform", "split", "validate");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Lists the routes: {@code {"routes":[{"id","description","from","state","inFlight","to":[…],"steps":[{"kind","what","why"}]}]}}. */
    public ObjectNode list(CamelContext context) {
        ObjectNode all = Json.object();
        ArrayNode routes = all.putArray("routes");
        for (Route route : context.getRoutes()) {
            routes.add(describe(context, route));
        }
        return all;
    }

    private static ObjectNode describe(CamelContext context, Route route) {
        ObjectNode described = Json.object();
        described.put("id", route.getId());
        put(described, "description", route.getDescription());
        described.put("from", address(route.getEndpoint().getEndpointUri()));
        ServiceStatus status = context.getRouteController().getRouteStatus(route.getId());
        put(described, "state", status == null ? null : status.name().toLowerCase(Locale.ROOT));
        described.put("inFlight", context.getInflightRepository().size(route.getId()));
        RouteDefinition definition = ((ModelCamelContext) context).getRouteDefinition(route.getId());
        ArrayNode steps = JSON.arrayNode();
        Set<String> goals = new LinkedHashSet<>();
        if (definition != null) {
            steps(definition, definition.getOutputs(), steps, goals);
        }
        ArrayNode to = described.putArray("to");
        goals.forEach(to::add);
        described.set("steps", steps);
        return described;
    }

    private static void steps(
            RouteDefinition route, List<ProcessorDefinition<?>> outputs, ArrayNode steps, Set<String> goals) {
        for (ProcessorDefinition<?> each : outputs) {
            if (each instanceof OnExceptionDefinition) {
                continue; // listed among the steps of each route, but not a step
            }
            ObjectNode step = steps.addObject().put("kind", each.getShortName());
            String what = resolved(route, what(each));
            put(step, "what", what);
            put(step, "why", each.getNote() == null ? each.getDescription() : each.getNote());
            if (what != null && (each instanceof ToDefinition || each instanceof ToDynamicDefinition)) {
                goals.add(what);
            }
            if (!each.getOutputs().isEmpty()) {
                steps(route, each.getOutputs(), step.putArray("steps"), goals);
            }
        }
    }

    /** Returns what a step is about, without the values that it sets: one may be a secret. */
    private static @Nullable String what(ProcessorDefinition<?> step) {
        if (step instanceof ToDefinition to) {
            return address(to.getUri());
        }
        if (step instanceof ToDynamicDefinition to) {
            return address(to.getUri());
        }
        if (step instanceof SetHeaderDefinition set) {
            return set.getName();
        }
        if (SHAPING.contains(step.getShortName()) && step instanceof ExpressionNode shaping) {
            return shaping.getExpression().getExpression();
        }
        if (step instanceof BeanDefinition bean) {
            return bean.getRef();
        }
        return step instanceof ProcessDefinition process ? process.getRef() : null;
    }

    /** Replaces a template's parameters by the account's values. */
    private static @Nullable String resolved(RouteDefinition route, @Nullable String what) {
        if (what == null || route.getTemplateParameters() == null) {
            return what;
        }
        String resolved = what;
        for (var parameter : route.getTemplateParameters().entrySet()) {
            resolved = resolved.replace("{{" + parameter.getKey() + "}}", String.valueOf(parameter.getValue()));
        }
        return address(resolved);
    }

    /** Camel writes each address with {@code //}; in the route files, only web addresses have it. */
    private static String address(String uri) {
        String whole = URISupport.sanitizeUri(uri).replaceFirst("\\?.*", "");
        return whole.startsWith("http") ? whole : whole.replaceFirst("^([\\w-]+)://", "$1:");
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            node.put(name, value);
        }
    }
}
