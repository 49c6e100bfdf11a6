package dev.switchboard;

import static java.util.stream.Collectors.toSet;

import dev.switchboard.intake.Intakes;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendors;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives Camel the route files of the route folder, and makes the routes of each configured account from its templates. */
@ApplicationScoped
class BusRoutes extends RouteBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(BusRoutes.class);

    private static final String DIRECT = "direct://";

    /** The packaged rules and routes, which come last: an operator's own are asked before them. */
    private static final List<String> LAST = List.of("dispatch/failures.camel.yaml", "intake/rest.camel.yaml");

    private final RouteFolder folder;
    private final Vendors vendors;

    BusRoutes(RouteFolder folder, Vendors vendors) {
        this.folder = folder;
        this.vendors = vendors;
    }

    @Override
    public void configure() throws Exception {
        getContext().addRoutePolicyFactory(FileFailureLog.of(folder.overlaid().keySet()));
        List<Resource> resources = folder.names(".+\\.camel\\.yaml").stream()
                .sorted(Comparator.comparing(LAST::indexOf))
                .map(name -> ResourceHelper.fromBytes(folder.where(name), folder.bytes(name)))
                .toList();
        try {
            PluginHelper.getRoutesLoader(getContext()).loadRoutes(resources);
        } catch (Exception e) {
            throw new ConfigurationException(unreadable(e));
        }
        DeadLetterRoutes.prepare(this);
        if (vendors.accounts().isEmpty()) {
            LOG.warn(
                    "No vendor has an account: every message will be refused. config/application.properties says what to set.");
        }
        if (!vendors.unknownVariables().isEmpty()) {
            LOG.warn(
                    "These variables of the environment set nothing: {}. ./switchboard config shows what is set.",
                    String.join(", ", vendors.unknownVariables()));
        }
        vendors.accounts().forEach(this::addRoutes);
    }

    private static String unreadable(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? String.valueOf(root.getMessage()) : failure.getMessage() + ": " + root.getMessage();
    }

    /** Adds the routes that call the vendor first, as a lane may claim as soon as it starts. */
    private void addRoutes(Account account) {
        String vendor = account.vendor().name();
        for (String api : account.apis()) {
            TemplatedRouteBuilder.builder(getContext(), vendor + "-" + api)
                    .routeId(vendor + "-" + api + "-" + account.name())
                    .parameter("account", account.name())
                    .parameter("url", account.url(api))
                    .add();
        }
        TemplatedRouteBuilder.builder(getContext(), "lane")
                .routeId("lane-" + vendor + "-" + account.name())
                .parameter("vendor", vendor)
                .parameter("account", account.name())
                .add();
    }

    /**
     * Returns the {@code direct:} endpoints to which messages may go and that no route begins with: the operations of the
     * configured accounts, the calls of their vendors, and the targets of all steps.
     */
    static List<String> missing(CamelContext camel, Vendors vendors) {
        Stream<String> operations = vendors.accounts().stream()
                .flatMap(account -> account.vendor().operations().entrySet().stream()
                        .filter(operation ->
                                account.apis().contains(operation.getValue().api()))
                        .map(operation -> account.vendor().name() + "-" + operation.getKey()));
        Stream<String> inbound = vendors.accounts().stream()
                .filter(account -> account.vendor().inbound() != null)
                .flatMap(account -> account.vendor().inbound().calls().keySet().stream()
                        .map(call -> account.vendor().name() + "-inbound-" + call));
        Stream<String> targets = camel.getEndpoints().stream()
                .map(Endpoint::getEndpointUri)
                .filter(uri -> uri.startsWith(DIRECT))
                .map(uri -> uri.substring(DIRECT.length()));
        Set<String> begun = camel.getRoutes().stream()
                .map(route -> route.getEndpoint().getEndpointUri())
                .collect(toSet());
        return Stream.of(operations, inbound, targets)
                .flatMap(names -> names)
                .filter(name -> !begun.contains(DIRECT + name))
                .map(name -> "direct:" + name)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns whether a route runs. */
    static Intakes.Condition condition(CamelContext camel, String route) {
        ServiceStatus status = camel.getRouteController().getRouteStatus(route);
        if (status == ServiceStatus.Started || status == ServiceStatus.Starting) {
            return Intakes.RUNNING;
        }
        boolean suspended = status == ServiceStatus.Suspended || status == ServiceStatus.Suspending;
        return new Intakes.Condition(
                suspended ? "suspended" : "stopped",
                "The route " + route + " does not run. Resume or start it by JMX, or start the bus again.");
    }
}
