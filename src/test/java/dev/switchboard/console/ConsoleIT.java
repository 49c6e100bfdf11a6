package dev.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator works at the console of the packaged program, whose vendors are stand-ins. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1) // it takes long
class ConsoleIT {

    private static final String SCRIPT = "<script>document.title='taken'</script> & \"quoted\"";
    private static final LocatorAssertions.ContainsTextOptions SOON =
            new LocatorAssertions.ContainsTextOptions().setTimeout(20_000);
    private static final LocatorAssertions.ContainsTextOptions LATE =
            new LocatorAssertions.ContainsTextOptions().setTimeout(40_000);
    private static final LocatorAssertions.HasTextOptions QUICK =
            new LocatorAssertions.HasTextOptions().setTimeout(10_000);

    private RunningBus bus;
    private RestClient rest;
    private Operator operator;

    @BeforeAll
    void start() throws IOException {
        bus = RunningBus.start(
                RunningBus.newFolder("console"),
                Map.of(
                        "switchboard.sandbox.enabled",
                        "true",
                        "switchboard.vendors.thulium.accounts.default.lane.rate",
                        "10/s"));
        rest = bus.rest();
        operator = new Operator(rest.request("").build().uri().toString());
        submit("script", "room-1", SCRIPT);
        submit("gone-1", "fail-700-1", "안녕하세요, 주문하신 상품이 출발했습니다.");
        submit("lost-1", "drop-1", "Your order is on its way.");
    }

    private JsonNode submit(String id, String conversation, String text) {
        RestClient.Answer answer =
                rest.submit(RestClient.send(conversation, text).put("id", id));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return rest.finished(id);
    }

    @AfterAll
    void stop() {
        if (operator != null) {
            operator.close();
        }
        bus.close();
    }

    /** The browser tells of each breach of the Content-Security-Policy, each missing file, each fault of a script. */
    @AfterEach
    void theBrowserDoesNotComplain() {
        assertThat(operator.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/messages",
                "/console/messages/script",
                "/console/messages/gone-1",
                "/console/messages/lost-1",
                "/console/dead-letters",
                "/console/dead-letters/list",
                "/console/messages/gone-1/edit",
                "/console/batches",
                "/console/routes",
                "/console/routes/happytalk-send",
                "/console/lanes/happytalk/default",
                "/console/send",
                "/console/keys",
                "/console/audit"
            })
    void aScreenHasNoSeriousFault(String address) {
        operator.open(address);
        assertThat(operator.faults()).isEmpty();
    }

    /** The browser tells of the 404, and of nothing else. */
    @Test
    void aPageThatDoesNotExistHasNoSeriousFault() {
        operator.open("/console/nothing");
        assertThat(operator.faults()).isEmpty();
        assertThat(operator.complaints()).singleElement().asString().contains("404");
    }

    @ParameterizedTest
    @CsvSource({
        "/console, pl-PL",
        "/console/messages, ko-KR",
        "/console/messages/gone-1, pl-PL",
        "/console/dead-letters, ko-KR",
        "/console/dead-letters/list, pl-PL"
    })
    void aScreenFitsAPhone(String address, String language) {
        operator.changeTo(language, 390).open(address);
        assertThat(operator.tooWide()).isEmpty();
        operator.changeTo("en-GB", 1280);
    }

    @ParameterizedTest
    @CsvSource({"ko-KR, 실패 메시지", "pl-PL, Niedoręczone", "fr-FR, Dead letters"})
    void aBrowserIsAnsweredInItsLanguage(String language, String deadLetters) {
        operator.changeTo(language, 1280).open("/console");
        assertThat(operator.page().locator("header nav")).containsText(deadLetters);
        operator.changeTo("en-GB", 1280);
    }

    @Test
    void aLanguageIsChosenAndStays() {
        Page page = operator.open("/console/messages?q=gone");
        page.locator("[action$=language] button[value=pl]").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/messages\\?q=gone$"));
        assertThat(page.locator("html")).hasAttribute("lang", "pl");
        operator.open("/console");
        assertThat(page.locator("html")).hasAttribute("lang", "pl");
        operator.changeTo("en-GB", 1280);
    }

    @Test
    void aSearchShowsWhatIsAskedForAndNothingElse() {
        Page page = operator.open("/console/messages?q=lost-&state=uncertain");
        assertThat(page.locator("table.messages tbody a.id")).hasText(new String[] {"lost-1"});
        page = operator.open("/console/messages?conversation=room-1");
        assertThat(page.locator("table.messages tbody a.id")).hasText(new String[] {"script"});
        page = operator.open("/console/messages?q=no-one-has-this");
        assertThat(page.locator("table.messages")).hasCount(0);
        page = operator.open("/console/dead-letters/list?class=uncertain");
        assertThat(page.locator("table.messages tbody a.id")).hasText(new String[] {"lost-1"});
        page = operator.open("/console/messages?class=nonsense");
        assertThat(page.locator("label:has([name=class]) .fault")).containsText("must be one of invalid");
        assertThat(operator.complaints()).singleElement().asString().contains("422");
        page = operator.open("/console/batches?name=never-dropped.csv");
        assertThat(page.locator(".batches li")).hasCount(0);
    }

    @Test
    void olderMessagesAreAPageFurther() {
        IntStream.range(0, 60)
                .forEach(i ->
                        rest.submit(RestClient.send("page-" + i, "One of many.").put("id", "page-" + i)));
        Page page = operator.open("/console/messages?q=page-");
        assertThat(page.locator("table.messages tbody tr")).hasCount(50);
        page.locator("a[rel=next]").click();
        assertThat(page.locator("table.messages tbody tr")).hasCount(10);
        assertThat(page.locator("#m-page-0")).isVisible();
        assertThat(page.locator("a[rel=next]")).hasCount(0);
    }

    @Test
    void aTextThatHoldsAScriptIsShownAsText() {
        Page page = operator.open("/console/messages/script");
        assertThat(page.locator("dd.body")).hasText(SCRIPT);
        assertThat(page).hasTitle("script · Switchboard");
        operator.open("/console/messages?conversation=room-1");
        assertThat(page.locator("tr:has(#m-script) .excerpt")).hasText(SCRIPT);
    }

    @Test
    void aLaneIsPausedAndResumedWithTheKeyboardAlone() {
        Page page = operator.open("/console");
        page.keyboard().press("Tab");
        assertThat(page.locator(".skip")).isFocused();
        page.keyboard().press("Enter");
        tabTo(page.locator("#lane-kakao-default"));
        page.keyboard().press("Enter");
        tabTo(page.locator("input[name=reason]"));
        page.keyboard().type("they asked for it");
        page.keyboard().press("Enter");
        assertThat(page.locator("[role=status]")).containsText("paused");
        assertThat(page.locator("#live .state").first()).hasText("paused");
        assertThat(page.locator("#live > .why").first()).hasText("they asked for it");
        assertThat(state("kakao")).isEqualTo("paused");
        tabTo(page.locator("form[action$=resume] button"));
        page.keyboard().press("Enter");
        assertThat(page.locator("#live .state").first()).hasText("running");
        assertThat(state("kakao")).isEqualTo("running");
    }

    private void tabTo(Locator wanted) {
        for (int i = 0; i < 40; i++) {
            if (Boolean.TRUE.equals(wanted.evaluate("each => each === document.activeElement"))) {
                return;
            }
            operator.page().keyboard().press("Tab");
        }
        assertThat(wanted).isFocused();
    }

    private String state(String vendor) {
        for (JsonNode lane : rest.get("/lanes").json().path("lanes")) {
            if (lane.path("vendor").asText().equals(vendor)) {
                return lane.path("state").asText();
            }
        }
        return "none";
    }

    @Test
    void theFailingGroupIsFoundAMessageMendedAndSent() {
        Page page = operator.open("/console");
        operator.keep("overview");
        Locator group = page.locator(".groups tr", new Page.LocatorOptions().setHasText("-700"));
        assertThat(group).containsText("gone");
        assertThat(group).containsText("happytalk/default");
        group.locator("a[id^=look]").click();
        page.locator("#m-gone-1").click();
        assertThat(page.locator(".timeline .attempt")).containsText("-700");
        page.locator("#request-1 summary").click();
        assertThat(page.locator("#request-1 pre")).containsText("fail-700-1");
        operator.keep("message");
        page.locator("#edit").click();
        page.locator("input[name=conversationId]").fill("room-9");
        page.locator("#send").click();
        assertThat(page.locator("h1")).containsText("delivered", SOON);
        page.locator("a:text('gone-1')").click();
        assertThat(page.locator("h1")).containsText("replaced");
    }

    @Test
    void aGroupIsSentAgainSlowlyAndStopsWhenItFailsAgain() {
        IntStream.range(0, 30).forEach(i -> rest.submit(RestClient.send("fail-704-" + i, "Still refused.")));
        await().until(() -> rest.get("/dead-letters/groups?class=refused")
                        .json()
                        .at("/groups/0/count")
                        .asInt()
                == 30);
        Page page = operator.open("/console/dead-letters");
        operator.keep("dead-letters");
        page.locator(".groups tr", new Page.LocatorOptions().setHasText("-704"))
                .locator("a[id^=again]")
                .click();
        assertThat(page.locator("#total")).hasText("30");
        assertThat(page.locator("table.messages tbody tr").first()).containsText("Still refused.");
        assertThat(page.locator("input[name=ramp]")).isChecked();
        assertThat(operator.faults()).isEmpty();
        page.locator("input[name=stopAt]").fill("50");
        page.locator("#begin").click();
        assertThat(page.locator("h1")).containsText("running");
        assertThat(page.locator(".counts .dead b")).not().hasText("0", QUICK);
        assertThat(page.locator("h1")).containsText("stopped", LATE);
        assertThat(operator.faults()).isEmpty();
        operator.keep("replay");
        JsonNode run = rest.get(page.url().replaceFirst(".*/console", "")).json();
        assertThat(run.path("relapsed").asInt()).isGreaterThanOrEqualTo(5);
        assertThat(run.path("replayed").asInt()).isLessThan(30);
        operator.open("/console/replays");
        assertThat(page.locator(".batch-head").filter(new Locator.FilterOptions().setHasText("-704")))
                .containsText("stopped");
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void manyAreDiscardedForOneReasonInThreeClicks() {
        IntStream.range(0, 12).forEach(i -> submit("many-" + i, "fail-700-many-" + i, "Too late."));
        Page page = operator.open("/console/dead-letters/list?q=many-");
        page.locator("#all").click();
        page.locator("#selected").click();
        assertThat(page.locator("#total")).hasText("12");
        assertThat(operator.faults()).isEmpty();
        page.locator("input[name=reason]").fill("the shop has called them");
        page.locator("#discard-all").click();
        assertThat(page.locator(".batch-head")).containsText("100 %", SOON);
        assertThat(page.locator(".batch-head")).containsText("12 selected messages");
        assertThat(rest.get("/messages/many-7").json().path("state").asText()).isEqualTo("discarded");
    }

    @Test
    void aRunIsCancelled() {
        IntStream.range(0, 20).forEach(i -> rest.submit(RestClient.send("fail-999-" + i, "No table has this code.")));
        await().until(() -> rest.get("/dead-letters/groups?class=unmapped")
                        .json()
                        .at("/groups/0/count")
                        .asInt()
                == 20);
        Page page = operator.open("/console/dead-letters");
        page.locator(".groups tr", new Page.LocatorOptions().setHasText("unmapped"))
                .locator("a[id^=again]")
                .click();
        page.locator("input[name=includeMaybeSent]").check();
        page.locator("#begin").click();
        page.locator("#cancel").click();
        assertThat(page.locator("h1")).containsText("cancelled");
    }

    @Test
    void aMessageIsDiscardedForAReasonAndTakenBack() {
        submit("gone-2", "fail-700-2", "It is too late for this.");
        Page page = operator.open("/console/messages/gone-2");
        page.locator("#discard summary").click();
        page.locator("#discard input").fill("the customer has called");
        page.locator("#discard button").click();
        assertThat(page.locator("h1")).containsText("discarded");
        page.locator("form[action$=undiscard] button").click();
        assertThat(page.locator("h1")).containsText("dead");
    }

    @Test
    void anUncertainStartIsClosedWithItsConversationAndWhatWaitsGoesOn() {
        var start = JsonNodeFactory.instance
                .objectNode()
                .put("id", "start-1")
                .put("vendor", "happytalk")
                .put("operation", "start")
                .put("customerId", "mina88")
                .put("title", "drop-start");
        assertThat(rest.submit(start).status()).isEqualTo(202);
        rest.finished("start-1");
        var follows = RestClient.send("", "Hello").put("id", "follows-1").put("conversationOf", "start-1");
        follows.remove("conversationId");
        assertThat(rest.submit(follows).status()).isEqualTo(202);
        Page page = operator.open("/console/messages/follows-1");
        page.getByText("start-1").first().click();
        assertThat(page.locator("dl.fields")).containsText("drop-start");
        assertThat(operator.faults()).isEmpty();
        page.getByLabel("The conversation that it started, if known").fill("room-77");
        page.getByText("Close as delivered").click();
        assertThat(page.locator("body")).containsText("Message closed as delivered.", SOON);
        assertThat(rest.finished("follows-1").path("conversationId").asText()).isEqualTo("room-77");
    }

    @Test
    void anUncertainMessageIsResolvedFirstAndSentAgainOnlyAfterAQuestion() {
        submit("lost-2", "drop-2", "Your order is on its way.");
        Page page = operator.open("/console/messages/lost-2");
        assertThat(page.locator("h2").first()).hasText("Outcome unknown");
        assertThat(page.locator("main button").first()).hasText("Close as delivered");
        page.locator("#resend summary").click();
        assertThat(page.locator("#resend")).containsText("twice");
        assertThat(operator.faults()).isEmpty();
        operator.keep("uncertain");
        page.locator("#resolve").click();
        assertThat(page.locator("h1")).containsText("delivered");
        assertThat(page.locator(".failure")).hasCount(0);
        assertThat(rest.get("/messages/lost-2").json().path("state").asText()).isEqualTo("delivered");
    }

    @Test
    void aPageThatWasOpenedBeforeAMessageBecameUncertainAsksToo() {
        submit("lost-3", "fail-700-3", "Your order is on its way.");
        Page page = operator.open("/console/messages/lost-3");
        page.evaluate("() => document.querySelector('#replay').form.action = '/console/messages/lost-1/replay'");
        page.locator("#replay").click();
        assertThat(page.locator("main [role=alert]")).containsText("may have been sent already");
        assertThat(page.locator("#resend")).hasAttribute("open", "");
        assertThat(rest.get("/messages/lost-1").json().path("state").asText()).isEqualTo("uncertain");
        assertThat(operator.complaints()).allMatch(each -> each.contains("409"));
    }

    @Test
    void deadLettersAreNewUntilSomeoneHasLookedAtThem() {
        operator.changeTo("en-GB", 1280);
        submit("new-1", "fail-700-9", "Your order is on its way.");
        Page page = operator.open("/console");
        Locator row = page.locator(".attention li.warn", new Page.LocatorOptions().setHasText("New dead letters"));
        row.locator("a").click();
        assertThat(page.locator(".groups")).containsText("gone");
        operator.open("/console");
        assertThat(row).hasCount(0);
    }

    @Test
    void timesAreInTheZoneOfTheBrowserAndSwitchedToUtc() {
        operator.changeTo("en-GB", 1280, "Asia/Seoul");
        Page page = operator.open("/console/messages/script");
        assertThat(page.locator("html")).hasAttribute("data-zone", "Asia/Seoul");
        assertThat(page.locator(".timeline time").first()).hasAttribute("title", Pattern.compile(".* \\+09:00"));
        page.locator("[action$=clock] button[value=utc]").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/messages/script$"));
        assertThat(page.locator(".timeline time").first()).hasAttribute("title", Pattern.compile(".* Z"));
        operator.open("/console/lanes/happytalk/default");
        assertThat(page.locator("label", new Page.LocatorOptions().setHasText("Until")))
                .containsText("UTC");
        operator.changeTo("en-GB", 1280);
    }

    @Test
    void aConversationIsShownInItsOrderAndTheWayBackIsTheListAsItWasFiltered() {
        submit("talk-1", "talk-a", "First of all.");
        submit("talk-2", "talk-a", "Then this.");
        submit("talk-3", "talk-b", "Another one.");
        Page page = operator.open("/console/messages?q=TALK-");
        page.locator("#m-talk-1").click();
        page.locator(".fields a[href*=conversations]").click();
        assertThat(page.locator("h1")).containsText("talk-a");
        assertThat(page.locator(".timeline .body")).hasText(new String[] {"First of all.", "Then this."});
        assertThat(operator.faults()).isEmpty();
        page.locator(".up a").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/messages\\?q=TALK-$"));
    }

    @Test
    void aMessageIsSentFromAFormOfTheOperation() {
        Page page = operator.open("/console/messages");
        page.locator("#send-message").click();
        page.locator("select[name=operation]").selectOption("happytalk/send");
        page.locator("#choose").click();
        page.locator("[name=conversationId]").fill("by-hand");
        page.locator("[name=text]").fill("Only a test.");
        page.locator("#send").click();
        assertThat(page.locator("label:has([name=customerId]) .fault")).containsText("missing");
        assertThat(page.locator("[name=text]")).hasValue("Only a test.");
        page.locator("[name=customerId]").fill("mina88");
        page.locator("#send").click();
        assertThat(page.locator("dd.body")).hasText("Only a test.");
        assertThat(page.locator("main")).containsText("delivered");
        assertThat(operator.complaints()).singleElement().asString().contains("422");
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void whatSomeoneHasSelectedSurvivesARefresh() {
        Page page = operator.open("/console/lanes/happytalk/default");
        page.evaluate("() => getSelection().selectAllChildren(document.querySelector('h1'))");
        String refresh = "() => htmx.ajax('GET', location.href, {target: '#live', select: '#live', swap: 'outerHTML'})";
        page.evaluate(refresh);
        assertThat(page.evaluate("() => getSelection().toString()").toString()).contains("happytalk");
        page.evaluate("() => getSelection().removeAllRanges()");
        page.evaluate("() => { document.querySelector('h1').textContent = 'old'; }");
        page.evaluate(refresh);
        assertThat(page.locator("h1")).containsText("happytalk");
    }

    @Test
    void theLastHourOfALaneIsDrawn() {
        Page page = operator.open("/console/lanes/happytalk/default");
        Locator caption = page.locator("[data-chart=throughput] output");
        assertThat(caption)
                .containsText(Pattern.compile("[.\\d]*[1-9][.\\d]* delivered · [.\\d]*[1-9][.\\d]* failed"), SOON);
        assertThat(page.locator("[data-chart=failures] output")).containsText("gone");
    }

    @Test
    void theRoutesThatRunAreDrawn() {
        Page page = operator.open("/console/routes");
        assertThat(page.locator(".flow .flow a", new Page.LocatorOptions().setHasText("happytalk-send"))
                        .first())
                .isVisible();
        assertThat(page.locator("section[aria-labelledby=intake]")).not().containsText("dead-letter");
        page.locator("#lanes").scrollIntoViewIfNeeded();
        operator.keep("routes");
    }

    @Test
    void aBatchIsFollowedHeldBackAndLetOn() {
        String lines = IntStream.range(0, 60)
                .mapToObj(i -> "thulium,end,c-" + i)
                .collect(Collectors.joining("\n", "vendor,operation,conversationId\n", "\n"));
        assertThat(rest.post("/batches?name=orders.csv", lines, "Content-Type", "application/octet-stream")
                        .status())
                .isEqualTo(202);
        Page page = operator.open("/console");
        page.locator("a:text('orders.csv')").first().click();
        page.locator("#pause").click();
        assertThat(page.locator("[role=status]")).containsText("paused");
        assertThat(page.locator(".batch-head")).containsText("paused");
        operator.keep("batch");
        page.locator("#resume").click();
        assertThat(page.locator(".batch-head")).containsText("finished", SOON);
        assertThat(page.locator(".counts .delivered")).containsText("60");
        assertThat(page.locator("a[download]")).hasAttribute("href", Pattern.compile("/batches/.*/results"));
    }

    @Test
    void aFileThatStoppedIsOnTheOverviewUntilItIsDroppedAgain() {
        String name = "stopped-" + System.nanoTime() + ".csv";
        assertThat(rest.post("/batches?name=" + name, "vendor,colour\n", "Content-Type", "application/octet-stream")
                        .status())
                .isEqualTo(202);
        Page page = operator.open("/console");
        Locator row = page.locator(".attention li", new Page.LocatorOptions().setHasText(name));
        assertThat(row).containsText("colour", SOON);
        row.locator("a").click();
        assertThat(page.locator(".batch-head")).containsText("stopped");
        rest.post("/batches?name=" + name, "vendor\n", "Content-Type", "application/octet-stream");
        operator.open("/console");
        assertThat(row).hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(10_000));
    }

    @Test
    void anotherSitesPageChangesNothing() {
        String pause = "/lanes/kakao/default/pause";
        assertThat(rest.post("/console" + pause, "", "Sec-Fetch-Site", "cross-site")
                        .status())
                .isEqualTo(403);
        assertThat(rest.post("/console" + pause, "", "Origin", "http://elsewhere.example")
                        .status())
                .isEqualTo(403);
        assertThat(rest.post(pause, "", "Origin", "http://elsewhere.example").status())
                .isEqualTo(403);
        assertThat(state("kakao")).isEqualTo("running");
    }
}
