package dev.switchboard;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.component.file.GenericFileComponent;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs why an operator's own route could not take a file. Other consumers log that themselves; those of files and file servers
 * leave it to the error handler, which logs nothing here, as failed attempts are logged by what started them.
 */
final class FileFailureLog extends RoutePolicySupport {

    private static final Logger LOG = LoggerFactory.getLogger(FileFailureLog.class);

    private FileFailureLog() {}

    /** @param own the route files of the operator's folder */
    static RoutePolicyFactory of(Set<String> own) {
        return (camel, id, node) -> isOwn(node, own) && takesFiles(camel, node) ? new FileFailureLog() : null;
    }

    private static boolean isOwn(NamedNode node, Set<String> own) {
        return node instanceof RouteDefinition route
                && route.getResource() != null
                && own.stream().anyMatch(route.getResource().getLocation()::endsWith);
    }

    private static boolean takesFiles(CamelContext camel, NamedNode node) {
        String uri = node instanceof RouteDefinition route ? route.getInput().getEndpointUri() : "";
        return camel.getComponent(uri.replaceFirst(":.*", "")) instanceof GenericFileComponent;
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        @Nullable Exception failure = exchange.getException();
        if (failure != null) {
            LOG.warn(
                    "Route {} could not take {}: {}",
                    route.getRouteId(),
                    exchange.getIn().getHeader(Exchange.FILE_NAME),
                    failure.toString());
        }
    }
}
