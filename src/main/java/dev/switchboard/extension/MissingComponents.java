package dev.switchboard.extension;

import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.model.EndpointRequiredDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;

/** Finds the steps of routes whose component is neither packaged nor in {@code lib/}. */
public final class MissingComponents {

    private MissingComponents() {}

    /**
     * Looks up the component of each endpoint that a route names.
     *
     * @return the schemes that are missing: none
     * @throws IllegalArgumentException naming each that is missing, and how to get it
     */
    public static Set<String> refuse(ModelCamelContext camel) {
        var missing = new TreeMap<String, String>();
        for (RouteDefinition route : camel.getRouteDefinitions()) {
            steps(route)
                    .map(step -> step.getEndpointUri().replaceFirst(":.*", ""))
                    .filter(scheme ->
                            scheme.matches("[a-z][a-z0-9.+-]*") && camel.getComponent(scheme, true, false) == null)
                    .forEach(scheme -> missing.putIfAbsent(scheme, route.getRouteId()));
        }
        if (!missing.isEmpty()) {
            var text = new StringBuilder();
            missing.forEach((scheme, route) -> text.append("The route ")
                    .append(route)
                    .append(" names the component ")
                    .append(scheme)
                    .append(", which is missing. "));
            throw new IllegalArgumentException(text + "./switchboard components lists those that are; ./switchboard"
                    + " components add camel-" + missing.firstKey() + " fetches one; most have such a name.");
        }
        return missing.keySet();
    }

    private static Stream<EndpointRequiredDefinition> steps(RouteDefinition route) {
        return Stream.concat(
                Stream.of(route.getInput()),
                ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class).stream());
    }
}
