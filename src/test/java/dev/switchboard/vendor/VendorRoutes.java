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
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** The packaged routes of an account's vendor, put into a Camel with what they name, and called as a lane calls them. */
public final class VendorRoutes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RouteFolder FOLDER = RouteFolder.read(Optional.empty());
    private static final List<Vendor> ALL = List.copyOf(Vendor.readAll(FOLDER));

    private boolean maySend = true;
    private final CamelContext camel;
    private final Account account;

    /** Conversations that began on some days. */
    public record Begun(String days) {}

    public VendorRoutes(CamelContext camel, Account account) throws Exception {
        this(camel, account, Map.of());
    }

    /**
     * Adds routes that reach the vendor in a way of their own.
     *
     * @param shared settings by their full names
     */
    VendorRoutes(CamelContext camel, Account account, Map<String, String> shared) throws Exception {
        this.camel = camel;
        this.account = account;
        String vendor = account.vendor().name();
        bindHttp(new VendorNetwork(config(shared)));
        camel.getRegistry().bind("judge", new Judge(FOLDER, ALL));
        camel.getRegistry().bind("transcript", new TranscriptDecoder(FOLDER));
        if (camel.getRegistry().lookupByName("conversations") == null) {
            camel.getRegistry().bind("conversations", new Begun(""));
        }
        for (String file : FOLDER.names("vendors/" + vendor + "/.*\\.camel\\.yaml")) {
            PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromBytes(file, FOLDER.bytes(file)));
        }
        for (String api : account.apis()) {
            TemplatedRouteBuilder.builder(camel, vendor + "-" + api)
                    .routeId(vendor + "-" + api + "-" + account.name())
                    .parameter("account", account.name())
                    .parameter("url", account.url(api))
                    .add();
        }
    }

    /** Makes the account {@code crm} of a vendor. */
    static Account account(String vendor, Map<String, String> settings) {
        var named = new HashMap<String, String>();
        settings.forEach((name, value) -> named.put("switchboard.vendors." + vendor + ".accounts.crm." + name, value));
        return new Vendors(ALL, config(named), Map.of()).account(vendor, "crm").orElseThrow();
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    private void bindHttp(VendorNetwork network) {
        var call = new VendorCall(network);
        camel.getRegistry().bind("vendorCall", VendorCall.class, call, null, "close");
        camel.getRegistry().bind("http", http(call, network));
        camel.getRegistry().bind("https", http(call, network));
    }

    /** As application.properties sets it. */
    private static HttpComponent http(VendorCall call, VendorNetwork network) {
        var http = new HttpComponent();
        http.setAutomaticRetriesDisabled(true);
        http.setCookieManagementDisabled(true);
        http.setCopyHeaders(false);
        http.setHttpClientConfigurer(call);
        http.setHttpActivityListener(call);
        http.setClientConnectionManager(VendorCall.connections(network));
        return http;
    }

    /** Sets whether requests may leave; they may by default. */
    void maySend(boolean may) {
        maySend = may;
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
                .put("account", account.name())
                .put("operation", operation);
        var attempt = new Attempt(
                new Message(message.deepCopy()),
                account,
                1,
                new Attempt.Limits(Duration.ofSeconds(10), 16 << 20, Duration.ofSeconds(4), false),
                () -> maySend);
        var exchange = new DefaultExchange(camel);
        exchange.setProperty("vendor", account.vendor().name());
        exchange.setProperty("account", account.name());
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
}
