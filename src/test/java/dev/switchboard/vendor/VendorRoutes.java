package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.delivery.Judge;
import dev.switchboard.delivery.VendorCall;
import dev.switchboard.delivery.VendorNetwork;
import dev.switchboard.message.Message;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The packaged routes of one vendor in a Camel of their own, with one account, as a lane would call them. */
public final class VendorRoutes implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final VendorNetwork network;
    private final VendorCall call;
    private final Account account;

    public VendorRoutes(String vendor, Map<String, String> settings) throws Exception {
        this(vendor, settings, Map.of());
    }

    /**
     * Starts routes that reach the vendor in a way of their own.
     *
     * @param shared settings by their full names
     */
    VendorRoutes(String vendor, Map<String, String> settings, Map<String, String> shared) throws Exception {
        network = new VendorNetwork(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(shared, "shared", 100))
                .build());
        call = new VendorCall(network);
        var folder = RouteFolder.read(Optional.empty());
        List<Vendor> all = List.copyOf(Vendor.readAll(folder));
        account = new Vendors(all, config(vendor, settings), Map.of())
                .account(vendor, "crm")
                .orElseThrow();
        camel.getRegistry().bind("judge", new Judge(folder, all));
        camel.getRegistry().bind("transcript", new TranscriptDecoder(folder));
        camel.addComponent("http", http());
        camel.addComponent("https", http());
        for (String file : folder.names("vendors/" + vendor + "/.*\\.camel\\.yaml")) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromBytes(file, folder.bytes(file)));
        }
        for (String api : account.apis()) {
            TemplatedRouteBuilder.builder(camel, vendor + "-" + api)
                    .parameter("account", "crm")
                    .parameter("url", account.url(api))
                    .add();
        }
        camel.start();
    }

    private static io.smallrye.config.SmallRyeConfig config(String vendor, Map<String, String> settings) {
        var keyed = new java.util.HashMap<String, String>();
        settings.forEach((name, value) -> keyed.put("switchboard.vendors." + vendor + ".accounts.crm." + name, value));
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(keyed, "test", 100))
                .build();
    }

    /** As application.properties sets it. */
    private HttpComponent http() {
        var http = new HttpComponent();
        http.setAutomaticRetriesDisabled(true);
        http.setCookieManagementDisabled(true);
        http.setCopyHeaders(false);
        http.setHttpClientConfigurer(call);
        http.setHttpActivityListener(call);
        http.setClientConnectionManager(VendorCall.connections(network));
        return http;
    }

    /** Sends a message through its operation's route; single quotes in the JSON stand for double ones. */
    public Exchange exchange(String operation, String json) throws Exception {
        ObjectNode message = (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        return exchange(operation, message);
    }

    public Exchange exchange(String operation, ObjectNode message) {
        return exchange("direct:" + account.vendor().name() + "-" + operation, operation, message);
    }

    public Exchange exchange(String uri, String operation, ObjectNode message) {
        message.put("id", "m-1")
                .put("vendor", account.vendor().name())
                .put("account", "crm")
                .put("operation", operation);
        var attempt = new Attempt(
                new Message(message.deepCopy()),
                account,
                1,
                new Attempt.Limits(Duration.ofSeconds(10), 16 << 20, Duration.ofSeconds(4), false));
        var exchange = new DefaultExchange(camel);
        exchange.setProperty("vendor", account.vendor().name());
        exchange.setProperty("account", "crm");
        exchange.setProperty("operation", operation);
        exchange.setProperty("settings", account.settings());
        exchange.setProperty(Attempt.PROPERTY, attempt);
        exchange.getMessage().setBody(message);
        try (var template = camel.createProducerTemplate()) {
            return template.send(uri, exchange);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends a message and gives its result. */
    public JsonNode result(String operation, String json) throws Exception {
        Exchange done = exchange(operation, json);
        if (done.getException() != null) {
            throw done.getException();
        }
        return done.getMessage().getBody(JsonNode.class);
    }

    @Override
    public void close() {
        camel.stop();
        call.close();
    }
}
