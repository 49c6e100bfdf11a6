package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.BusProfile;
import dev.switchboard.RestClient;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages say, without a browser: forms that are refused, times in the viewer's zone, and what needs consent. */
@QuarkusTest
@TestProfile(BusProfile.class)
class ConsoleBusTest {

    private static final String LANE = "/console/lanes/happytalk/chat-only";

    @TestHTTPResource("/")
    URI base;

    private RestClient bus;

    @BeforeEach
    void connect() {
        bus = new RestClient(base);
    }

    private RestClient.Answer send(String path, Map<String, String> form) {
        return bus.post(
                path,
                Visit.query(form),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Sec-Fetch-Site",
                "same-origin");
    }

    private String page(String path, String... headers) {
        var request = bus.request(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        RestClient.Answer answer = bus.ask(request);
        assertThat(answer.status()).isEqualTo(200);
        return answer.text();
    }

    private String message(String conversation) {
        String id = UUID.randomUUID().toString();
        bus.submit(RestClient.send(conversation, "Your order is on its way.").put("id", id));
        bus.finished(id);
        return id;
    }

    private String state(String id) {
        return bus.get("/messages/" + id).json().path("state").asText();
    }

    @Test
    void aRefusedPauseKeepsWhatWasTypedWithTheFaultNextToItsField() {
        RestClient.Answer answer = send(
                LANE + "/pause",
                Map.of("reason", "a \"new\" password", "until", "2020-01-01T08:30", "zone", "Asia/Seoul"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .contains("value=\"a &quot;new&quot; password\"")
                .containsPattern(
                        "name=\"until\" value=\"2020-01-01T08:30\"><span class=\"fault\"[^>]*>must be a time to come");
    }

    @ParameterizedTest
    @CsvSource({
        "rate, fast, must be a rate",
        "stopAt, lots, must be a number from 0 to 100",
        "stopAt, 101, must be a number from 0 to 100"
    })
    void aRefusedReplayKeepsWhatWasTyped(String field, String value, String fault) {
        RestClient.Answer answer =
                send("/console/replays", Map.of("class", "gone", "reason", "the rooms are back", field, value));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .contains("value=\"the rooms are back\"")
                .contains("name=\"class\" value=\"gone\"")
                .containsPattern(
                        "name=\"" + field + "\"[^>]* value=\"" + value + "\"[^>]*><span class=\"fault\"[^>]*>" + fault);
    }

    @Test
    void aRefusedEditKeepsWhatWasTyped() {
        String id = message("fail-700-console-edit");
        RestClient.Answer answer = send(
                "/console/messages/" + id + "/edit",
                Map.of("conversationId", "", "customerId", "user-01", "text", "On its way, again."));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .contains("On its way, again.</textarea>")
                .containsPattern("name=\"conversationId\" value=\"\"[^>]*><span class=\"fault\"");
        assertThat(state(id)).isEqualTo("dead");
    }

    @Test
    void aDiscardWithoutAReasonIsAskedForOne() {
        String id = message("fail-700-console-discard");
        RestClient.Answer answer = send("/console/messages/" + id + "/discard", Map.of("reason", " "));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .containsPattern("<details [^>]*id=\"discard\" open>")
                .contains("is missing");
    }

    @Test
    void aRefusedFilterKeepsWhatWasTyped() {
        RestClient.Answer answer = bus.get("/console/messages?q=order&class=nonsense&from=yesterday");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text())
                .contains("name=\"q\" value=\"order\"")
                .contains("must be one of invalid, unauthorized")
                .contains("Request failed");
    }

    @ParameterizedTest
    @CsvSource({
        "/console/messages/o-1/replay, /console/messages/o-1",
        "/console/lanes/kakao/default/pause, /console/lanes/kakao/default",
        "/console/batches/b/cancel, /console/batches/b",
        "/console/keys/crm/revoke, /console/keys/crm"
    })
    void theAddressOfAFormLeadsToItsScreen(String address, String screen) {
        RestClient.Answer answer = bus.get(address);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo(screen);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/nothing",
                "/console/messages/a/b/c",
                "/console/lanes/kakao/none",
                "/console/assets/none.js"
            })
    void whatDoesNotExistIsAPageThatSaysSo(String address) {
        RestClient.Answer answer = bus.get(address);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text()).contains("Request failed").contains("There is no such ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"replay", "edit"})
    void aMessageThatMayHaveBeenSentIsNotSentAgainWithoutConsent(String action) {
        String id = message("drop-console-" + action);
        var form = new HashMap<>(Map.of("conversationId", "room-3", "customerId", "user-01", "text", "Hello"));
        RestClient.Answer answer = send("/console/messages/" + id + "/" + action, form);
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.text()).contains("may have been sent already").contains("name=\"maybeTwice\"");
        assertThat(state(id)).isEqualTo("uncertain");
        form.put("maybeTwice", "yes");
        assertThat(send("/console/messages/" + id + "/" + action, form).status())
                .isEqualTo(303);
    }

    @Test
    void aDiscardedMessageShowsReasonTimeAndWho() {
        String id = message("fail-700-console-who");
        send("/console/messages/" + id + "/discard", Map.of("reason", "the customer has called"));
        String at = bus.get("/messages/" + id).json().path("discardedAt").asText();
        assertThat(page("/console/messages/" + id))
                .containsPattern("id=\"discarded\">discarded <time datetime=\"" + at
                        + "\"[^>]*>[^<]*</time>\\s*· [a-z]+: the customer has called");
    }

    @Test
    void timesAreInTheZoneOfTheBrowserOrInUtc() {
        String id = message("room-console-zone");
        JsonNode view = bus.get("/messages/" + id).json();
        String hour = view.path("acceptedAt").asText().substring(11, 13);
        String inSeoul = String.format("%02d", (Integer.parseInt(hour) + 9) % 24);
        String path = "/console/messages/" + id;
        assertThat(page(path, "Cookie", "zone=Asia%2FSeoul"))
                .containsPattern("title=\"[-\\d]+ " + inSeoul + ":[\\d:.]+ \\+09:00\"")
                .contains("Asia/Seoul (UTC+09:00)");
        assertThat(page(path, "Cookie", "zone=Asia%2FSeoul; clock=utc"))
                .containsPattern("title=\"[-\\d]+ " + hour + ":[\\d:.]+ Z\"");
        assertThat(page(path, "Cookie", "zone=Nowhere%2FElse%")).contains(Times.name(Times.zone("")));
    }

    @Test
    void aTimeIsTakenInTheZoneInWhichItWasTypedAndShownInTheViewers() {
        String page = page("/console/messages?from=2026-11-28T10:00&zone=Asia/Seoul", "Cookie", "zone=Europe%2FWarsaw");
        assertThat(page)
                .contains("from=2026-11-28T10%3A00%3A00%2B09%3A00")
                .contains("name=\"from\" value=\"2026-11-28T02:00\"")
                .contains("Europe/Warsaw");
    }

    @Test
    void theAuditShowsWhatWasAskedAndNothingElse() {
        String reason = "as asked " + UUID.randomUUID();
        bus.post(
                "/dead-letters/replay",
                "{\"filter\":{\"class\":\"gone\"},\"dryRun\":true,\"reason\":\"" + reason + "\"}");
        String page = page("/console/audit?subject=/dead-letters/replay");
        assertThat(page).contains(reason, "<b>dry run</b>").doesNotContain("vendor=&amp;account=");
        assertThat(page("/console/audit?operation=pauseLane")).doesNotContain(reason);
        assertThat(page("/console/audit?from=2999-01-01T00:00")).doesNotContain(reason);
        assertThat(bus.get("/console/audit?from=then").text()).contains("class=\"fault\"");
    }

    @Test
    void aStoppedBatchSaysWhyInTheListAndIsNotPausedOrCancelled() {
        String name = "console-" + UUID.randomUUID() + ".csv";
        RestClient.Answer uploaded =
                bus.post("/batches?name=" + name, "vendor,colour\n", "Content-Type", "application/octet-stream");
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(202);
        String id = uploaded.json().path("id").asText();
        await().untilAsserted(() -> assertThat(bus.get("/batches/" + id).text()).contains("\"stopped\""));
        assertThat(page("/console/batches?name=" + name))
                .contains("<p class=\"why\">")
                .contains("colour");
        assertThat(page("/console/batches/" + id)).doesNotContain("/pause\"").doesNotContain("/cancel\"");
        assertThat(send("/console/batches/" + id + "/pause", Map.of()).status()).isEqualTo(409);
    }

    private RestClient.Answer sendOf(String path, List<String> ids, String more) {
        String form = ids.stream().map(id -> "ids=" + id + "&").collect(Collectors.joining()) + more;
        return bus.post(
                path, form, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin");
    }

    @Test
    void theSelectedAreDiscardedForOneReasonAndTheRunIsNamedAfterThem() {
        var ids = List.of(message("fail-700-console-many-1"), message("fail-700-console-many-2"));
        String look = sendOf("/console/replays/new", ids, "").text();
        assertThat(look).contains("2 selected messages", "id=\"discard-all\"", "Was sent", "Would be sent");
        assertThat(look).doesNotContain("id=\"resolve-all\"");
        RestClient.Answer refused = sendOf("/console/replays", ids, "cutoff=&reason=&action=discard");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("is missing", "name=\"ids\" value=\"" + ids.get(1) + "\"");
        RestClient.Answer begun = sendOf("/console/replays", ids, "reason=too+late&action=discard");
        assertThat(begun.status()).isEqualTo(303);
        await().untilAsserted(() -> assertThat(ids).allMatch(id -> state(id).equals("discarded")));
        String run = begun.header("Location");
        await().untilAsserted(() -> assertThat(page(run)).contains("100 %").doesNotContain("hx-trigger"));
        assertThat(page(run)).contains("Discard: 2 selected messages", "too late");
    }

    @Test
    void theUncertainOfAGroupAreClosedAndTheGroupShowsItsLastRun() {
        String id = message("drop-console-close");
        JsonNode failure = bus.get("/messages/" + id).json().path("failure");
        String group =
                "vendor=happytalk&account=default&code=" + failure.path("code").asText("-") + "&class="
                        + failure.path("class").asText()
                        + (failure.has("deadLetter")
                                ? "&deadLetter=" + failure.path("deadLetter").asText()
                                : "");
        assertThat(page("/console/replays/new?group=yes&" + group)).contains("id=\"resolve-all\"");
        sendOf("/console/replays", List.of(), "group=yes&" + group + "&reason=known&action=resolve");
        await().untilAsserted(() -> assertThat(state(id)).isEqualTo("delivered"));
        message("drop-console-again");
        assertThat(page("/console/dead-letters")).containsPattern("id=\"last-\\d+\"[^>]*>Close as delivered</a>");
    }

    @Test
    void theRoutesShowWhatIsInThemAndHowTheyShape() {
        JsonNode routes = bus.get("/routes").json().path("routes");
        assertThat(routes)
                .allSatisfy(route -> assertThat(route.path("inFlight").isInt()).isTrue());
        assertThat(page("/console/routes/happytalk-send")).contains("conversationId");
    }
}
