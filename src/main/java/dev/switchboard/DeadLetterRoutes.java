package dev.switchboard;

import dev.switchboard.message.FailureClass;
import dev.switchboard.outbox.OutboxEndpoint;
import dev.switchboard.vendor.Vendors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.OnWhenDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.language.ExpressionDefinition;
import org.jspecify.annotations.Nullable;

/** Adds the default dead-letter routes, and checks at the start that the error handlers' choices lead somewhere. */
final class DeadLetterRoutes {

    private static final String SCHEME = "dead-letters:";
    private static final Pattern CLASS = Pattern.compile("\\$\\{exception\\.(getF|f)ailureClass}");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}");

    /** What error handlers lead to: a pattern for each of their steps. */
    private final List<Pattern> chosen = new ArrayList<>();

    private final Set<String> named = new TreeSet<>(classes().toList());
    private final Set<String> consumed = new TreeSet<>();

    private DeadLetterRoutes(ModelCamelContext camel, Vendors vendors) {
        camel.getRouteDefinitions().stream()
                .map(DeadLetterRoutes::uri)
                .filter(uri -> uri.startsWith(SCHEME))
                .map(DeadLetterRoutes::name)
                .forEach(consumed::add);
        Set<String> operations = new TreeSet<>();
        vendors.all()
                .forEach(vendor -> vendor.operations()
                        .keySet()
                        .forEach(operation -> operations.add("direct:" + vendor.name() + "-" + operation)));
        camel.getRouteDefinitions().stream()
                .filter(route -> operations.contains(uri(route)))
                .flatMap(route -> handlers(route.getOutputs()))
                .flatMap(handler -> targets(handler))
                .map(camel::resolvePropertyPlaceholders)
                .filter(uri -> uri.startsWith(SCHEME))
                .distinct()
                .forEach(uri -> choose(name(uri)));
    }

    private static String uri(RouteDefinition route) {
        String uri = route.getInput().getEndpointUri().replaceFirst("://", ":");
        Map<String, Object> parameters = route.getTemplateParameters();
        return parameters == null ? uri : uri.replace("{{class}}", String.valueOf(parameters.get("class")));
    }

    private static String name(String uri) {
        return uri.substring(SCHEME.length());
    }

    private static Stream<OnExceptionDefinition> handlers(Collection<?> outputs) {
        return outputs.stream().filter(OnExceptionDefinition.class::isInstance).map(OnExceptionDefinition.class::cast);
    }

    private static Stream<String> targets(OnExceptionDefinition handler) {
        return Stream.concat(
                ProcessorDefinitionHelper.filterTypeInOutputs(handler.getOutputs(), ToDefinition.class).stream()
                        .map(ToDefinition::getEndpointUri),
                ProcessorDefinitionHelper.filterTypeInOutputs(handler.getOutputs(), ToDynamicDefinition.class).stream()
                        .map(ToDynamicDefinition::getUri));
    }

    /** A name with an expression may be any name that fits; only the values of the failure class are known. */
    private void choose(String name) {
        Stream<String> names = CLASS.matcher(name).find()
                ? classes().map(each -> CLASS.matcher(name).replaceAll(each))
                : Stream.of(name);
        names.forEach(each -> {
            if (EXPRESSION.matcher(each).find()) {
                String[] fixed = EXPRESSION.split(each, -1);
                chosen.add(Pattern.compile(
                        String.join(".*", Stream.of(fixed).map(Pattern::quote).toList())));
            } else {
                chosen.add(Pattern.compile(Pattern.quote(each)));
                named.add(each);
            }
        });
    }

    private static Stream<String> classes() {
        return Stream.of(FailureClass.values()).map(FailureClass::toString);
    }

    /**
     * Adds the route of each class that has none, and limits handlers that apply to every route to final failures: one for a wide
     * class of exceptions would otherwise swallow other failures, such as a reply that cannot go out.
     */
    static void prepare(RouteBuilder routes) {
        var camel = (ModelCamelContext) routes.getContext();
        List<String> begun =
                camel.getRouteDefinitions().stream().map(DeadLetterRoutes::uri).toList();
        boolean template = camel.getRouteTemplateDefinition("dead-letter") != null;
        classes()
                .filter(name -> template && !begun.contains(SCHEME + name))
                .forEach(name -> TemplatedRouteBuilder.builder(camel, "dead-letter")
                        .routeId("dead-letter-" + name)
                        .parameter("class", name)
                        .add());
        camel.getRouteConfigurationDefinitions().stream()
                .filter(each -> each.getId() == null)
                .flatMap(each -> each.getOnExceptions().stream())
                .forEach(handler -> handler.setOnWhen(onlyFinal(handler.getOnWhen())));
    }

    private static OnWhenDefinition onlyFinal(@Nullable OnWhenDefinition when) {
        ExpressionDefinition given = when == null ? null : when.getExpression();
        return new OnWhenDefinition(new Predicate() {
            @Override
            public boolean matches(Exchange exchange) {
                return exchange.getProperty(OutboxEndpoint.FAILURE) != null
                        && (given == null || given.matches(exchange));
            }
        });
    }

    /** Returns, as sentences, what is wrong: a choice that leads nowhere, a route to which no choice leads. */
    static List<String> faults(CamelContext camel, Vendors vendors) {
        var all = new DeadLetterRoutes((ModelCamelContext) camel, vendors);
        return Stream.concat(
                        all.named.stream()
                                .filter(name -> !all.consumed.contains(name))
                                .map(name -> "No route begins from: " + SCHEME + name
                                        + ". Add one, or correct the error handler that chooses it."),
                        all.consumed.stream()
                                .filter(name -> all.chosen.stream()
                                        .noneMatch(each -> each.matcher(name).matches()))
                                .map(name -> "No error handler leads to the route from: " + SCHEME + name
                                        + ". Add an onException with a step to: " + SCHEME + name
                                        + ", such as dispatch/failures.camel.yaml shows, or remove the route."))
                .toList();
    }
}
