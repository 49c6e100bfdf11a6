package dev.switchboard.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.intake.AcceptComponent;
import dev.switchboard.intake.Lifetime;
import dev.switchboard.intake.NoBroker;
import dev.switchboard.lane.FinalOnly;
import dev.switchboard.lane.LaneComponent;
import dev.switchboard.lane.LateFailures;
import dev.switchboard.outbox.OutboxComponent;
import dev.switchboard.security.Keys;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Store;
import dev.switchboard.tracing.Spans;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.VendorRoutes;
import dev.switchboard.vendor.Vendors;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.jackson.JacksonDataFormat;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.DataFormatCustomizer;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.util.function.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A test of route files without the application, in a Camel and with a store that its methods share. The ends of the routes are
 * replaced; the steps and everything of ours in them are real. What a file's steps name, its test binds.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class RouteTest extends CamelTestSupport {

    protected static final RouteFolder FOLDER = RouteFolder.read(Optional.empty());

    /** An account of each vendor. Nothing of it reaches a vendor. */
    protected static final SmallRyeConfig CONFIG = config(Map.of(
            "switchboard.vendors.happytalk.accounts.crm.client-id", "id-1",
            "switchboard.vendors.happytalk.accounts.crm.client-secret", "secret-1",
            "switchboard.vendors.happytalk.accounts.crm.token", "token-1",
            "switchboard.vendors.thulium.accounts.crm.url", "http://localhost:9/api",
            "switchboard.vendors.thulium.accounts.crm.username", "api",
            "switchboard.vendors.thulium.accounts.crm.password", "password-1",
            "switchboard.vendors.kakao.accounts.crm.channel", "@shop",
            "switchboard.vendors.receivers.accounts.crm.queue", "switchboard.inbound"));

    private static final ObjectMapper JSON = new ObjectMapper();

    protected final Path dir = newFolder();
    protected final Store store = Store.open("jdbc:sqlite:" + dir.resolve("store.db"), "", "");
    protected final Vendors vendors = new Vendors(Vendor.readAll(FOLDER), CONFIG, Map.of());
    protected final MessageCheck check = new MessageCheck(FOLDER, vendors);
    protected final LaneComponent lanes = new LaneComponent(store, vendors, CONFIG, List.of());
    protected final Lifetime lifetime = new Lifetime(
            vendors, (account, operation, from) -> lanes.settings(account).expiry(operation, from));
    protected final Keys keys = new Keys(store.access());
    protected final SenderLimits limits = new SenderLimits(keys, store, vendors);

    private final List<String> files;
    private final Set<String> advised = new HashSet<>();

    /**
     * Makes a test of route files.
     *
     * @param files their names, as {@code dispatch/lane}
     */
    protected RouteTest(String... files) {
        this.files = List.of(files);
        camelContextConfiguration().withMockEndpointsAndSkip("jms:*");
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "routes")), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    protected static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    /** An application in the same process leaves its settings behind, as system properties. */
    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        var properties = (PropertiesComponent) camel.getPropertiesComponent();
        properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        camel.getComponent("direct", DirectComponent.class).setBlock(false);
        return camel;
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        registry.bind("jms", new NoBroker());
        registry.bind("lane", lanes);
        registry.bind("outbox", new OutboxComponent(store.outbox()));
        registry.bind("dead-letters", new OutboxComponent(store.outbox()));
        registry.bind("finalOnly", new FinalOnly());
        registry.bind("lateFailures", new LateFailures(store, vendors, lanes));
        registry.bind("accept", new AcceptComponent(store, check, lifetime, new Spans(OpenTelemetry.noop()), limits));
        registry.bind("messageCheck", check);
        registry.bind("strictJson", MessageCheck.strictJson());
        registry.bind(
                "json", // as application.properties sets it
                DataFormatCustomizer.forType(JacksonDataFormat.class, json -> json.setAutoDiscoverObjectMapper(true)));
    }

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                load(
                        getContext(),
                        files.stream().map(file -> file + ".camel.yaml").toList());
                addFurtherRoutes();
            }
        };
    }

    @AfterEach
    void forget() {
        MockEndpoint.resetMocks(context);
    }

    /** Lanes and inboxes would go on. */
    @AfterAll
    void stop() {
        context.stop();
        store.close();
    }

    /** Adds other routes that the routes of the files call. */
    protected void addFurtherRoutes() throws Exception {
        // most need nothing
    }

    protected static void load(CamelContext camel, List<String> files) throws Exception {
        List<Resource> resources = files.stream()
                .map(file -> ResourceHelper.fromBytes("routes/" + file, FOLDER.bytes(file)))
                .toList();
        PluginHelper.getRoutesLoader(camel).loadRoutes(resources);
    }

    /** Adds the routes of a vendor and of its account. */
    protected VendorRoutes vendorRoutes(String vendor) throws Exception {
        return new VendorRoutes(context, vendors.account(vendor, "crm").orElseThrow());
    }

    /** Adds the lane of a vendor's account. */
    protected void addLane(String vendor) throws Exception {
        TemplatedRouteBuilder.builder(context, "lane")
                .routeId("lane-" + vendor + "-crm")
                .parameter("vendor", vendor)
                .parameter("account", "crm")
                .add();
    }

    /** Replaces ends of a route, once: what was replaced stays so for all methods. */
    protected void advise(String route, ThrowingConsumer<AdviceWithRouteBuilder, Exception> ends) throws Exception {
        if (advised.add(route)) {
            AdviceWith.adviceWith(context, route, ends);
        }
    }

    /** Replaces {@code accept:} by its check and a mock of what it does then. */
    protected static void replaceStore(AdviceWithRouteBuilder ends, String mock) throws Exception {
        ends.weaveByToUri("accept:*").replace().bean("messageCheck", "check").to(mock);
    }

    /** Replaces the call of a vendor: the last endpoint that an api's route goes to. Its address is a parameter of the template. */
    protected MockEndpoint vendor(String route) throws Exception {
        advise(
                route,
                ends -> ends.weaveByType(ToDefinition.class)
                        .selectLast()
                        .replace()
                        .to("mock:" + route));
        return getMockEndpoint("mock:" + route);
    }

    /** Replaces the call of a vendor, which answers as it is told. */
    protected MockEndpoint vendor(String route, int status, String answer) throws Exception {
        MockEndpoint vendor = vendor(route);
        vendor.whenAnyExchangeReceived(exchange -> {
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
            exchange.getMessage().setBody(answer);
        });
        return vendor;
    }

    /** What went out by JMS since the last test. */
    protected List<Exchange> sentByJms() {
        return context.getEndpoints().stream()
                .filter(each ->
                        each instanceof MockEndpoint mock && mock.getName().startsWith("jms:"))
                .flatMap(each -> ((MockEndpoint) each).getReceivedExchanges().stream())
                .toList();
    }

    /** Reads JSON in which single quotes stand for double ones. */
    protected static ObjectNode json(String text) throws IOException {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    /** Sends a body to the beginning of a route; gives what came of it. */
    protected Exchange send(String uri, Object body, Map<String, Object> headers, Map<String, Object> properties) {
        return template.send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
            properties.forEach(exchange::setProperty);
        });
    }

    /** What a vendor was sent: its body as text, and its headers. */
    protected static void assertRequest(MockEndpoint vendor, String body, Map<String, Object> headers) {
        assertThat(vendor.getReceivedExchanges()).hasSize(1);
        var request = vendor.getReceivedExchanges().get(0).getMessage();
        assertThat(request.getBody(String.class)).isEqualTo(body);
        assertThat(request.getHeaders()).containsAllEntriesOf(headers);
    }

    /** What a caller is told: the status, and the problem. */
    protected static JsonNode assertProblem(Exchange done, int status) throws IOException {
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE)).isEqualTo(status);
        assertThat(done.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo("application/problem+json");
        JsonNode problem = JSON.readTree(done.getMessage().getBody(String.class));
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        return problem;
    }

    protected static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
