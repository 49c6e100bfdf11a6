package dev.switchboard.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.delivery.Attempt;
import dev.switchboard.message.Message;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendors;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.AdviceWithBuilder;
import org.apache.camel.builder.AdviceWithRouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.quarkus.test.CamelQuarkusTestSupport;
import org.apache.camel.util.function.ThrowingConsumer;
import org.junit.jupiter.api.AfterEach;

/**
 * A test of one route file. The ends of its routes are replaced, the steps and everything of ours in them are real. All
 * route tests share one application, so each advises only the routes of its own file.
 */
public abstract class RouteTest extends CamelQuarkusTestSupport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> ADVISED = ConcurrentHashMap.newKeySet();

    /** One application with an account of each vendor and no broker. Nothing of it reaches a vendor. */
    public static class Profile implements QuarkusTestProfile {

        static final Path DATA = folder();

        private static Path folder() {
            try {
                return Files.createTempDirectory("routes");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            var settings = new HashMap<String, String>();
            settings.put("quarkus.http.test-port", "0");
            settings.put("quarkus.management.test-port", "0");
            settings.put("switchboard.data-dir", DATA.toString());
            settings.put("switchboard.files.dir", DATA.resolve("files").toString());
            settings.put("switchboard.broker.url", "none");
            settings.put("camel.component.direct.block", "false");
            settings.put("switchboard.vendors.happytalk.accounts.crm.client-id", "id-1");
            settings.put("switchboard.vendors.happytalk.accounts.crm.client-secret", "secret-1");
            settings.put("switchboard.vendors.happytalk.accounts.crm.token", "token-1");
            settings.put("switchboard.vendors.thulium.accounts.crm.url", "http://localhost:9/api");
            settings.put("switchboard.vendors.thulium.accounts.crm.username", "api");
            settings.put("switchboard.vendors.thulium.accounts.crm.password", "password-1");
            settings.put("switchboard.vendors.kakao.accounts.crm.channel", "@shop");
            return settings;
        }
    }

    @AfterEach
    void forget() {
        MockEndpoint.resetMocks(context);
    }

    /** Replaces ends of a route, once: the application keeps what was replaced. */
    protected void advise(String route, ThrowingConsumer<AdviceWithRouteBuilder, Exception> ends) throws Exception {
        if (ADVISED.add(route)) {
            AdviceWith.adviceWith(context, route, ends);
        }
    }

    /** Replaces the call of a vendor by {@code mock:<route>}, which answers as it is told. */
    protected MockEndpoint vendor(String route, int status, String answer) throws Exception {
        advise(route, ends -> callOf(ends).replace().to("mock:" + route));
        MockEndpoint vendor = getMockEndpoint("mock:" + route);
        vendor.whenAnyExchangeReceived(exchange -> {
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
            exchange.getMessage().setBody(answer);
        });
        return vendor;
    }

    /** The call is the last endpoint that an api's route goes to; its address is a parameter of the template. */
    protected static AdviceWithBuilder<ToDefinition> callOf(AdviceWithRouteBuilder ends) throws Exception {
        return ends.weaveByType(ToDefinition.class).selectLast();
    }

    /** What went out by JMS since the last test. */
    protected List<Exchange> sentByJms() {
        return context.getEndpoints().stream()
                .filter(each ->
                        each instanceof MockEndpoint mock && mock.getName().startsWith("jms:"))
                .flatMap(each -> ((MockEndpoint) each).getReceivedExchanges().stream())
                .toList();
    }

    protected static <T> T bean(Class<T> type) {
        return Arc.container().instance(type).get();
    }

    /** Reads JSON in which single quotes stand for double ones. */
    protected static ObjectNode json(String text) throws IOException {
        return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    }

    /** Sends a body to the beginning of a route; gives what came of it. */
    protected Exchange send(String uri, Object body, Map<String, Object> headers, Map<String, Object> properties) {
        return template().send(uri, exchange -> {
            exchange.getMessage().setBody(body);
            headers.forEach(exchange.getMessage()::setHeader);
            properties.forEach(exchange::setProperty);
        });
    }

    /** Asks a route of the API, and returns what it gives to {@code direct:answer}. */
    protected JsonNode answer(String route, Map<String, Object> parameters) throws Exception {
        advise(route, ends -> ends.weaveByToUri("direct:answer").replace().to("mock:answer-" + route));
        Exchange done = send("direct:" + route, "", parameters, Map.of());
        assertThat(done.getException()).isNull();
        assertThat(getMockEndpoint("mock:answer-" + route).getReceivedCounter()).isEqualTo(1);
        return done.getMessage().getBody(JsonNode.class);
    }

    /** Gives what a lane gives to an operation. */
    protected static Map<String, Object> ofALane(ObjectNode message) {
        Account account = bean(Vendors.class)
                .account(message.path("vendor").asText(), "crm")
                .orElseThrow();
        var limits = new Attempt.Limits(Duration.ofSeconds(5), 1 << 20, Duration.ofSeconds(1), false);
        message.put("id", "m-1").put("account", "crm");
        return Map.of(
                "vendor",
                account.vendor().name(),
                "account",
                "crm",
                "operation",
                message.path("operation").asText(),
                "settings",
                account.settings(),
                Attempt.PROPERTY,
                new Attempt(new Message(message.deepCopy()), account, 1, limits));
    }

    /** Sends a message through its operation, as a lane does. */
    protected Exchange attempt(String message) throws IOException {
        ObjectNode json = json(message);
        Map<String, Object> properties = ofALane(json);
        String uri = "direct:" + properties.get("vendor") + "-" + properties.get("operation");
        return send(uri, json, Map.of("X-Of-The-Caller", "x"), properties);
    }

    /** What a vendor was sent: its body as text, and its headers. */
    protected static void assertRequest(MockEndpoint vendor, String body, Map<String, Object> headers) {
        assertThat(vendor.getReceivedExchanges()).hasSize(1);
        var request = vendor.getReceivedExchanges().get(0).getMessage();
        assertThat(request.getBody(String.class)).isEqualTo(body);
        assertThat(request.getHeaders()).containsAllEntriesOf(headers);
    }

    protected static void assertResult(Exchange done, String result) {
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody(JsonNode.class)).hasToString(result.replace('\'', '"'));
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
