package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient.Answer;
import dev.switchboard.vendor.RouteFolder;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator's own routes take paths of their own; no other path is taken for that, and the API is called as before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class OwnRoutesIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private RunningBus bus;
    private Path written;
    private Path orders;

    @BeforeAll
    void start() throws IOException {
        Path folder = RunningBus.newFolder("own-routes");
        Path routes = Files.createDirectories(folder.resolve("own"));
        // the packaged route that takes every path has a name between these two
        Files.writeString(routes.resolve("first.camel.yaml"), """
                - route:
                    id: own-first
                    from:
                      uri: platform-http:/own/first/{number}
                      parameters:
                        httpMethodRestrict: GET,PUT
                      steps:
                        - setBody:
                            expression:
                              simple:
                                expression: "first ${header.number}"
                - route:
                    id: own-longer
                    from:
                      uri: platform-http:/own/longer
                      parameters:
                        matchOnUriPrefix: true
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: longer
                """);
        Files.writeString(routes.resolve("last.camel.yaml"), """
                - rest:
                    path: /own/last
                    get:
                      - to: direct:own-last
                - route:
                    id: own-last
                    from:
                      uri: direct:own-last
                      steps:
                        - setBody:
                            expression:
                              constant:
                                expression: last
                """);
        String commented = RouteFolder.read(Optional.empty()).text("dispatch/failures.camel.yaml");
        String example = commented
                .substring(commented.indexOf("# - routeConfiguration"), commented.indexOf("\n- routeConfiguration"))
                .replaceAll("(?m)^# ?", "");
        Files.writeString(
                routes.resolve("blocked.camel.yaml"),
                example.replace("'acme'", "'happytalk'")
                        .replace("'17'", "'-702'")
                        .replace("file:blocked", "file:" + folder.resolve("blocked")));
        written = folder.resolve("blocked/refused.json");
        for (String sample : List.of("cron", "xml-drop")) {
            String file = sample + ".camel.yaml";
            Files.copy(Path.of("samples/routes", file), routes.resolve(file));
        }
        Files.writeString(routes.resolve("added.steps.yaml"), """
                - before: happytalk-biz
                  steps:
                    - log: { message: "calls for ${exchangeProperty.messageId}" }
                """);
        orders = Files.createDirectories(folder.resolve("orders"));
        bus = RunningBus.start(
                folder,
                Map.of(
                        "switchboard.sandbox.enabled",
                        "true",
                        "switchboard.routes.dir",
                        routes.toString(),
                        "cron.times",
                        "* * * * * ?",
                        "xml-drop.folder",
                        orders.toString()));
    }

    @AfterAll
    void stop() {
        bus.close();
    }

    private Answer call(String method, String path) throws IOException {
        RestClient rest = bus.rest();
        return rest.ask(rest.request(path)
                .method(method, BodyPublishers.ofString("<script>x</script>"))
                .header("Content-Type", "text/html"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /own/first/7, first 7",
        "PUT, /own/first/7, first 7",
        "GET, /own/first/7/, first 7",
        "GET, /own/longer, longer",
        "DELETE, /own/longer/and/more, longer",
        "GET, /own/last, last"
    })
    void aRouteTakesItsPath(String method, String path, String body) throws IOException {
        Answer answer = call(method, path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(body);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /own, 404",
        "GET, /own/first, 404",
        "GET, /own/first/7/8, 404",
        "GET, /own/last/more, 404",
        "GET, /own/longer/../nowhere, 404",
        "POST, /messagesx, 404",
        "POST, //messages, 404",
        "DELETE, /own/first/7, 405",
        "POST, /own/last, 405",
        "PUT, /messages, 405"
    })
    void whatNoRouteTakesIsRefusedAndNotSentBack(String method, String path, int status) throws IOException {
        Answer answer = call(method, path);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).doesNotContain("script");
        assertThat(answer.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    @Test
    void theApiIsCalledAsBefore() throws IOException {
        assertThat(bus.rest().submit(RestClient.send("room", "x")).status()).isEqualTo(202);
    }

    @Test
    void aStepThatIsAddedToAPackagedTemplateRuns() throws IOException {
        bus.rest().submit(RestClient.send("room", "x").put("id", "stepped"));
        assertThat(bus.rest().finished("stepped").path("state").asText()).isEqualTo("delivered");
        assertThat(bus.log()).contains("calls for stepped").contains("own/added.steps.yaml is added");
    }

    @Test
    void aTimerSubmitsMessages() throws IOException {
        RestClient rest = bus.rest();
        JsonNode asked = await("a message of the timer")
                .until(
                        () -> rest.get("/messages?q=counsellors&state=delivered")
                                .json()
                                .at("/messages/0"),
                        found -> !found.isMissingNode());
        assertThat(asked.path("id").asText()).matches("counsellors-\\d{14}");
        assertThat(rest.finished(asked.path("id").asText()).at("/source/intake").asText())
                .isEqualTo("cron");
    }

    @Test
    void anXmlFileSubmitsItsOrdersAndOneThatIsWrongIsSetAsideAndNamed() throws IOException {
        drop("whole.xml", """
                <orders>
                  <order number="1"><customer>mina88</customer><room>r-1</room><text>Żółć &amp; 감사</text></order>
                  <order><number>2</number><customer>mina88</customer><room>r-2</room><text>two</text></order>
                </orders>
                """);
        drop(
                "one.xml",
                "<orders><order number='3'><customer>mina88</customer><room>r-3</room><text>x</text></order></orders>");
        drop("wrong.xml", "<orders><order number='4'><text>x</text></order></orders>");
        RestClient rest = bus.rest();
        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(names("done")).hasSize(2);
            assertThat(names("failed")).singleElement().asString().endsWith("-wrong.xml");
        });
        JsonNode first = rest.finished("order-1");
        assertThat(first.path("text").asText()).isEqualTo("Żółć & 감사");
        assertThat(first.at("/source/intake").asText()).isEqualTo("xml");
        for (int i = 1; i <= 3; i++) {
            assertThat(rest.finished("order-" + i).path("state").asText()).isEqualTo("delivered");
        }
        assertThat(bus.log())
                .contains("Route xml-drop brought what is no message: conversationId: is missing")
                .contains("Route xml-drop could not take wrong.xml")
                .doesNotContain("Stacktrace");
    }

    private void drop(String name, String text) throws IOException {
        Path whole = Files.writeString(orders.resolve(name + ".part"), text);
        Files.move(whole, orders.resolve(name));
    }

    private List<String> names(String below) throws IOException {
        Path folder = orders.resolve(below);
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** The example of the packaged file: a rule of your own, and a route that writes a file. */
    @Test
    void aRuleLeadsACodeToARouteOfItsOwn() throws IOException {
        RestClient rest = bus.rest();
        rest.submit(RestClient.send("fail-702", "x").put("id", "refused"));
        rest.submit(RestClient.send("fail-703", "x").put("id", "other"));
        assertThat(rest.finished("refused").at("/failure/deadLetter").asText()).isEqualTo("blocked");
        JsonNode other = rest.finished("other").path("failure");
        assertThat(other.path("deadLetter")).isEqualTo(other.path("class"));
        await().untilAsserted(() -> assertThat(written).content().contains("\"deadLetter\":\"blocked\""));
    }
}
