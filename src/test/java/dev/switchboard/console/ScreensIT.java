package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every screen, in each language, at the width of a phone and of a desk, in light and dark. */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScreensIT {

    private RunningBus bus;
    private Operator operator;

    @BeforeAll
    void start() throws IOException {
        bus = RunningBus.start(RunningBus.newFolder("screens"), Map.of("switchboard.sandbox.enabled", "true"));
        RestClient rest = bus.rest();
        operator = new Operator(rest.request("").build().uri().toString());
        for (String conversation : List.of("room-1", "fail-700-1", "drop-1")) {
            rest.submit(RestClient.send(conversation, "안녕하세요, 주문하신 상품이 출발했습니다. ".repeat(8))
                    .put("id", conversation)
                    .put("customerId", "customer-" + "9".repeat(11)));
            rest.finished(conversation);
        }
        rest.post("/batches?name=orders.csv", "vendor,colour\n", "Content-Type", "application/octet-stream");
        rest.post("/dead-letters/replay", "{\"filter\":{\"class\":\"gone\"},\"rate\":\"1/m\"}");
    }

    @AfterAll
    void stop() {
        if (operator != null) {
            operator.close();
        }
        bus.close();
    }

    private static List<String> screens(RestClient rest) {
        var screens = new ArrayList<>(List.of(
                "/console",
                "/console/messages",
                "/console/messages/room-1",
                "/console/messages/fail-700-1",
                "/console/messages/drop-1",
                "/console/messages/drop-1/edit",
                "/console/conversations/happytalk/default/drop-1",
                "/console/dead-letters",
                "/console/dead-letters/list",
                "/console/invalid",
                "/console/replays",
                "/console/replays/new?vendor=happytalk",
                "/console/batches",
                "/console/lanes/happytalk/default",
                "/console/routes",
                "/console/routes/happytalk-send",
                "/console/send?operation=kakao/start",
                "/console/keys",
                "/console/audit",
                "/console/login"));
        rest.get("/replays")
                .json()
                .path("replays")
                .forEach(run -> screens.add("/console/replays/" + run.path("id").asText()));
        rest.get("/batches")
                .json()
                .path("batches")
                .forEach(batch ->
                        screens.add("/console/batches/" + batch.path("id").asText()));
        return screens;
    }

    @ParameterizedTest
    @CsvSource({"en-GB, 390", "ko-KR, 390", "pl-PL, 390", "en-GB, 1280", "ko-KR, 1280", "pl-PL, 1280"})
    void everyScreenFitsAndHasNoSeriousFault(String language, int width) throws IOException {
        operator.changeTo(language, width);
        var faults = new ArrayList<String>();
        for (String screen : screens(bus.rest())) {
            operator.open(screen);
            operator.tooWide().forEach(each -> faults.add(screen + " is too wide: " + each));
            operator.brokenWords().forEach(each -> faults.add(screen + " breaks a word: " + each));
            faults.addAll(operator.faults());
        }
        assertThat(faults).isEmpty();
    }
}
