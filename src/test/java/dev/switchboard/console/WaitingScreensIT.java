package dev.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.message.WaitReason;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the console says of a message that waits, for each thing that it can wait for. */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class WaitingScreensIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ACCOUNTS = "switchboard.vendors.%s.accounts.%s.";
    private static final String UNKNOWN_ELSEWHERE = "unknown";

    private final List<FakeVendor> vendors = new ArrayList<>();
    private final Map<String, String> settings = new TreeMap<>();
    private RunningBus bus;
    /** Has the same store, serves no lane of it and lacks one of the accounts. */
    private RunningBus other;

    private Operator operator;
    private Operator elsewhere;
    private RestClient rest;

    @BeforeAll
    void start() throws IOException {
        LocalTime opens = LocalTime.now(ZoneOffset.UTC).plusHours(2).truncatedTo(ChronoUnit.MINUTES);
        thulium("failing", Answer.of(503));
        thulium("asked", new Answer(429, Map.of("Retry-After", "3600"), "", Answer.Fault.NONE), "retry", "1m,1m");
        thulium("down", Answer.of(503));
        thulium("busy", Answer.failing(Answer.Fault.HANG), "concurrency", "1", "timeout", "10m");
        thulium("rated", Answer.of(204), "rate", "1/m");
        thulium("paused", Answer.of(204));
        thulium("shut", Answer.of(204), "zone", "UTC", "hours", opens + "-" + opens.plusHours(1));
        happytalk("closed", "{\"code\":-901,\"message\":\"Consulting\"}");
        happytalk("staffed", "{\"code\":0,\"work_cs_count\":\"0\"}", "gate", "1h");
        Path folder = RunningBus.newFolder("waiting");
        settings.put("switchboard.data-dir", folder.resolve("data").toString());
        settings.put("switchboard.lane.retry", "1h,1h,1h");
        Map<String, String> known = Map.copyOf(settings);
        thulium(UNKNOWN_ELSEWHERE, Answer.of(503));
        bus = RunningBus.start(folder, settings);
        rest = bus.rest();
        submitAll();
        other = RunningBus.start(RunningBus.newFolder("waiting-elsewhere"), known);
        operator = new Operator(rest.base()).changeTo("en-GB", 760);
        elsewhere = new Operator(other.rest().base()).changeTo("en-GB", 760);
    }

    private void thulium(String account, Answer answer, String... lane) {
        add("thulium", account, answer, lane);
        String prefix = ACCOUNTS.formatted("thulium", account);
        settings.put(prefix + "url", url());
        settings.put(prefix + "username", "user");
        settings.put(prefix + "password", "password-" + account);
    }

    private void happytalk(String account, String answer, String... lane) {
        add("happytalk", account, Answer.of(200, answer), lane);
        String prefix = ACCOUNTS.formatted("happytalk", account);
        settings.put(prefix + "biz-url", url());
        settings.put(prefix + "client-id", "id");
        settings.put(prefix + "client-secret", "secret-" + account);
    }

    private void add(String vendor, String account, Answer answer, String... lane) {
        vendors.add(FakeVendor.start().answerBy(request -> answer));
        for (int i = 0; i < lane.length; i += 2) {
            settings.put(ACCOUNTS.formatted(vendor, account) + "lane." + lane[i], lane[i + 1]);
        }
    }

    private String url() {
        return vendors.get(vendors.size() - 1).url();
    }

    private static ObjectNode send(String account, String id, String conversation) {
        return RestClient.send(conversation, "Your order is on its way.")
                .put("vendor", "thulium")
                .put("account", account)
                .put("id", id)
                .without(List.of("customerId"));
    }

    private static ObjectNode start(String vendor, String account, String id) {
        ObjectNode start = send(account, id, "").put("vendor", vendor).put("operation", "start");
        start.remove(List.of("conversationId", "text"));
        return start;
    }

    private void submit(ObjectNode message) {
        RestClient.Answer accepted = rest.submit(message);
        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
    }

    private void submitAll() {
        submit(send("failing", "retry", "room-1"));
        submit(send("failing", "conversation", "room-1"));
        submit(start("thulium", "failing", "opening").put("queue", "orders"));
        ObjectNode follows = send("failing", "start", "").put("conversationOf", "opening");
        submit(follows.without(List.of("conversationId")));
        submit(send("failing", "not-before", "room-2")
                .put("notBefore", Instant.now().plusSeconds(86_400).toString()));
        submit(send("asked", "retry-after", "room-1"));
        submit(start("happytalk", "closed", "later").put("customerId", "user-01"));
        submit(start("happytalk", "staffed", "gate").put("customerId", "user-01"));
        submit(send("shut", "hours", "room-1"));
        IntStream.range(0, 14).forEach(i -> submit(send("down", "down-" + i, "room-" + i)));
        rest.post("/lanes/thulium/paused/pause", "{\"reason\":\"a new password\"}");
        submit(send("paused", "paused", "room-1"));
        submit(send(UNKNOWN_ELSEWHERE, "account", "room-1"));
        submit(send("rated", "sent", "room-1"));
        rest.finished("sent");
        IntStream.range(0, 10).forEach(i -> submit(send("rated", "rate-" + i, "more-" + i)));
        submit(send("busy", "hangs", "room-1"));
        submit(send("busy", "turn", "room-2"));
        String batch = rest.post(
                        "/batches?name=orders.csv",
                        "id,vendor,account,operation,conversationId,text\nbatch,thulium,busy,send,room-3,Hello\n",
                        "Content-Type",
                        "application/octet-stream")
                .json()
                .path("id")
                .asText();
        await("its line").atMost(LIMIT).until(() -> rest.get("/messages/batch").status(), status -> status == 200);
        rest.post("/batches/" + batch + "/pause", "");
        await("the circuit").atMost(LIMIT).until(() -> reason("down-13"), "circuit"::equals);
    }

    private String reason(String id) {
        return rest.get("/messages/" + id).json().at("/waitingFor/reason").asText();
    }

    @AfterAll
    void stop() {
        for (Operator each : Arrays.asList(operator, elsewhere)) {
            if (each != null) {
                each.close();
            }
        }
        for (RunningBus each : Arrays.asList(other, bus)) {
            if (each != null) {
                each.close();
            }
        }
        vendors.forEach(FakeVendor::close);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retry        | retry       | the next try · until
            retry-after  | retry-after | the time that the vendor asked for · until
            later        | later       | the vendor, which is closed · until
            hours        | hours       | the opening hours · until
            gate         | gate        | someone at the vendor to be available · until
            circuit      | down-13     | the circuit · rest open since
            rate         | rate-9      | the rate · 1/m · until
            turn         | turn        | its turn
            conversation | conversation | a message ahead of it retry
            start        | start       | the start of its conversation opening
            not-before   | not-before  | its earliest time · until
            paused       | paused      | the paused lane
            batch        | batch       | the paused batch
            instance     | turn        | another instance
            account      | account     | an account
            """)
    void theConsoleSaysWhatAMessageWaitsFor(String reason, String id, String words) {
        Operator viewer = List.of("instance", "account").contains(reason) ? elsewhere : operator;
        Page page = viewer.open("/console/messages/" + id);
        Locator waits = page.locator("section[aria-labelledby=waits]");
        assertThat(waits).containsText("Waits for");
        assertThat(waits).containsText(words);
        assertThat(page.locator("h1")).containsText(id);
        boolean tried = List.of("retry", "retry-after", "later", "circuit", "rate", "turn")
                .contains(reason);
        assertThat(page.locator("#try")).hasCount(tried ? 1 : 0);
        viewer.keep("waiting-" + reason, waits);
        assertThat(viewer.tooWide()).isEmpty();
    }

    @Test
    void eachKindIsShownAbove() throws NoSuchMethodException {
        CsvSource shown = WaitingScreensIT.class
                .getDeclaredMethod("theConsoleSaysWhatAMessageWaitsFor", String.class, String.class, String.class)
                .getAnnotation(CsvSource.class);
        assertThat(shown.textBlock().lines().map(line -> line.split(" ", -1)[0]))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(WaitReason.values())
                        .map(WaitReason::toString)
                        .toList());
    }
}
