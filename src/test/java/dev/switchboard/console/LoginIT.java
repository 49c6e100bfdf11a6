package dev.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.security.Keys;
import dev.switchboard.security.NewKey;
import dev.switchboard.security.OpenIdServer;
import dev.switchboard.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People log in to the console, with a key or at an OpenID provider, and see and do there what their roles allow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1) // it takes long
class LoginIT {

    private OpenIdServer provider;
    private RunningBus bus;
    private Store store;
    private Keys keys;
    private Operator operator;

    @BeforeAll
    void start() throws IOException {
        Path folder = RunningBus.newFolder("login");
        provider = OpenIdServer.start();
        var settings = new HashMap<>(provider.settings());
        settings.put("switchboard.sandbox.enabled", "true");
        settings.put("switchboard.oidc.lanes-claim", "lanes");
        bus = RunningBus.start(folder, settings);
        store = Store.open("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), "", "");
        keys = new Keys(store.access());
        assertThat(bus.rest().get("/lanes").status())
                .as("with sign-on, a bus without keys is not open")
                .isEqualTo(401);
        RestClient admin = bus.rest().withKey(key("first", "admin"));
        admin.submit(RestClient.send("fail-700-1", "Only between us.").put("id", "gone-1"));
        admin.finished("gone-1");
        operator = new Operator(bus.rest().request("").build().uri().toString());
    }

    @AfterAll
    void stop() {
        if (operator != null) {
            operator.close();
        }
        store.close();
        bus.close();
        provider.close();
    }

    @BeforeEach
    void nobodyIsLoggedIn() {
        operator.changeTo("en-GB", 1280);
        provider.logIn(user("mina", "switchboard-operator"));
    }

    private static Map<String, Object> user(String subject, String role) {
        return Map.of("sub", subject, "preferred_username", "Mina", "roles", List.of(role), "lanes", "*");
    }

    @AfterEach
    void theBrowserDoesNotComplain() {
        assertThat(operator.complaints())
                .filteredOn(each -> !each.contains("403"))
                // the charts of a page whose session has just ended
                .filteredOn(each -> !each.contains("401"))
                .isEmpty();
    }

    private String key(String name, String role) {
        return keys.create(new NewKey(name, List.of(role), List.of(), "", null, null))
                .orElseThrow();
    }

    private Page logIn(String address, String key) {
        Page page = operator.open(address);
        assertThat(page).hasURL(Pattern.compile(".*/console/login"));
        page.locator("input[name=key]").fill(key);
        page.locator("#login").click();
        return page;
    }

    @Test
    void whoIsNotKnownIsLedToTheLoginAndBack() {
        Page page = logIn("/console/messages/gone-1", key("op-1", "operator"));
        assertThat(page).hasURL(Pattern.compile(".*/console/messages/gone-1"));
        assertThat(page.locator("dd.body")).hasText("Only between us.");
        assertThat(page.locator(".who")).containsText("op-1");
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void aPageLoadsNothingOfOthersAndIsInNoFrame() throws IOException {
        RestClient.Answer page = bus.rest().get("/console/login");
        assertThat(page.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; ")
                .contains("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'")
                .doesNotContain("unsafe", "*");
        assertThat(page.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void theLoginHasNoSeriousFault() {
        operator.open("/console/login");
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void aKeyThatIsNotValidDoesNotLogIn() {
        Page page = logIn("/console", "swb_op-1_" + "A".repeat(43));
        assertThat(page.locator("main [role=alert]:not(#lost)")).containsText("Invalid, expired or revoked key.");
        assertThat(page.locator(".who")).hasCount(0);
    }

    @Test
    void whoLogsOutIsNotKnownAnyMore() {
        Page page = logIn("/console", key("op-2", "operator"));
        page.locator("#logout").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/login"));
        assertThat(operator.open("/console/messages")).hasURL(Pattern.compile(".*/console/login"));
    }

    /** Quarkus keeps the address in a cookie until the login is done, and these fit into none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console;x",
                "/console/messages;jsessionid=1",
                "/console/login;x",
                "/console/messages?state=dead,waiting",
                "/console/nothing",
                "/consolex;y"
            })
    void eachAddressLeadsToTheLoginAtOnce(String path) throws IOException {
        var answer = bus.rest().get(path);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).endsWith("/console/login");
    }

    private RestClient.Answer post(String path, String type, String body) throws IOException {
        return bus.rest()
                .post(path, body, "Content-Type", type, "Origin", bus.rest().base());
    }

    @Test
    void aKeyInTheAddressIsRefusedAndInNoLog() throws IOException {
        String form = "application/x-www-form-urlencoded";
        String key = key("op-6", "operator");
        assertThat(post("/console/login?key=" + key, form, "").status()).isEqualTo(400);
        assertThat(post("/console/login?key=" + key, form, "key=" + key).status())
                .isEqualTo(400);
        assertThat(post("/console/login?key=" + key, "text/plain", "").status()).isEqualTo(400);
        assertThat(post("/console/login;?key=" + key, "text/plain", "").status())
                .isEqualTo(400);
        assertThat(post("/console/login", "multipart/form-data", key).status()).isEqualTo(415);
        assertThat(post("/console/login", form, "name=op-6").header("Location")).isEqualTo("/console/login?failed=yes");
        assertThat(bus.rest().get("/messages?key=" + key).status()).isEqualTo(401);
        assertThat(bus.log()).doesNotContain(key, " ERROR ");
    }

    @Test
    void aLogoutEndsTheSessionAtTheBus() throws IOException {
        Page page = logIn("/console", key("op-11", "operator"));
        String session = page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("switchboard-session"))
                .map(cookie -> cookie.value)
                .findFirst()
                .orElseThrow();
        assertThat(status("/console/messages", session)).isEqualTo(200);
        assertThat(status("/lanes", session)).isEqualTo(200);
        page.locator("#logout").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/login"));
        assertThat(status("/console/messages", session)).isEqualTo(302);
        assertThat(status("/lanes", session)).isEqualTo(401);
    }

    private int status(String path, String session) throws IOException {
        return bus.rest()
                .ask(bus.rest().request(path).header("Cookie", "switchboard-session=" + session))
                .status();
    }

    @Test
    void whoseSessionIsNotKnownIsToldWhy() throws IOException {
        Page page = logIn("/console/messages", key("op-12", "operator"));
        Store.written(store.access().revoke("op-12"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> operator.open("/console/messages").url().endsWith("/console/login"));
        assertThat(page.locator("main [role=alert]:not(#lost)")).containsText("revoked");
        String shown = bus.rest()
                .ask(bus.rest().request("/console/login").header("Cookie", "switchboard-session=of-a-process-before"))
                .text();
        assertThat(shown).contains("the bus was restarted");
    }

    @Test
    void aSessionEndsWithItsKey() {
        Page page = logIn("/console", key("op-3", "operator"));
        assertThat(page.locator(".who")).containsText("op-3");
        Store.written(store.access().revoke("op-3"));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> operator.open("/console/messages").url().endsWith("/console/login"));
    }

    @Test
    void anOpenPageLeadsToTheLoginWithTheReasonWhenItsKeyIsRevoked() {
        Page page = logIn("/console/dead-letters", key("op-16", "operator"));
        assertThat(page.locator("#live")).isVisible();
        Store.written(store.access().revoke("op-16"));
        page.waitForURL(Pattern.compile(".*/console/login$"), new Page.WaitForURLOptions().setTimeout(15_000));
        assertThat(page.locator("main [role=alert]")).containsText("has expired or was revoked");
        assertThat(page.locator("input[name=key]")).isVisible();
    }

    @Test
    void aFormThatIsSentAfterTheSessionHasEndedLeadsToTheLoginAndThenToItsScreen() throws IOException {
        String key = key("op-17", "operator");
        Page page = logIn("/console/messages/gone-1", key);
        Store.written(store.access().revoke("op-17"));
        RestClient client = bus.rest().withKey(key);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> client.get("/messages/gone-1").status() == 401);
        page.locator("#discard summary").click();
        page.locator("#discard input").fill("typed in vain");
        page.locator("#discard button").click();
        assertThat(page.locator("main [role=alert]")).containsText("not carried out");
        page.locator("input[name=key]").fill(key("op-18", "operator"));
        page.locator("#login").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/messages/gone-1"));
        assertThat(page.locator("h1")).containsText("dead");
    }

    @Test
    void anAdminCreatesAKeyThatIsShownOnceAndRevokesIt() throws IOException {
        Page page = logIn("/console/keys", key("boss", "admin"));
        page.locator("input[name=name]").fill("crm 1");
        page.locator("form.edit").evaluate("form => form.noValidate = true");
        page.locator("select[name=roles]").selectOption("sender");
        page.locator("#create-key").click();
        assertThat(page.locator(".fault")).containsText("must match");
        assertThat(page.locator("input[name=name]")).hasValue("crm 1");
        assertThat(page.locator("select[name=roles]")).hasValue("sender");
        page.locator("input[name=name]").fill("crm-1");
        page.locator("input[name=expiresAt]").fill("2099-01-01T00:00");
        page.locator("#create-key").click();
        String token = page.locator("#token").textContent();
        assertThat(operator.faults()).isEmpty();
        operator.open("/console/keys");
        assertThat(page.locator("#token")).hasCount(0);
        assertThat(page.content()).doesNotContain(token);
        assertThat(bus.rest().withKey(token).get("/messages").status()).isEqualTo(200);
        Locator row = page.locator("tr", new Page.LocatorOptions().setHasText("crm-1"));
        row.locator("summary").click();
        row.locator("button").click();
        assertThat(page.locator("[role=status]")).containsText("Key revoked.");
        assertThat(row).containsText("revoked");
        await().atMost(Duration.ofSeconds(5))
                .until(() -> bus.rest().withKey(token).get("/messages").status() == 401);
        operator.complaints();
    }

    @Test
    void aSenderStartsWithItsMessages() {
        Page page = logIn("/console", key("crm-2", "sender"));
        assertThat(page).hasURL(Pattern.compile(".*/console/messages"));
        assertThat(page.locator("header nav a")).hasCount(2);
    }

    @Test
    void aReaderSeesNoTextAndMayNotAct() {
        Page page = logIn("/console/messages/gone-1", key("look-1", "reader"));
        assertThat(page.locator("dd.body")).hasText("***");
        assertThat(page.content()).doesNotContain("Only between us.");
        assertThat(page.locator("main form, main details:has(form)")).hasCount(0);
        assertThat(page.locator("header nav a")).hasCount(5);
        for (String screen : List.of("/console/lanes/happytalk/default", "/console/dead-letters", "/console/batches")) {
            operator.open(screen);
            assertThat(page.locator("main form[method=post], a[id^=again]")).hasCount(0);
        }
        operator.open("/console/audit");
        assertThat(page.locator("main")).containsText("listAudit is for admin, operator");
    }

    @Test
    void aListIsSavedByWhoHasLoggedIn() {
        Page page = logIn("/console/messages", key("op-4", "operator"));
        var file =
                page.waitForDownload(() -> page.locator("a[download]").first().click());
        assertThat(file.suggestedFilename()).isEqualTo("messages.csv");
    }

    @Test
    void whatWasDoneIsShown() {
        Page page = logIn("/console/lanes/thulium/default", key("op-5", "operator"));
        page.locator("form[action$='/pause'] button").first().click();
        page = operator.open("/console/audit?who=op-5");
        assertThat(page.locator("table.audit tbody tr")).hasCount(2);
        assertThat(page.locator("table.audit")).containsText("logIn");
        assertThat(page.locator("table.audit")).containsText("/lanes/thulium/default/pause");
        assertThat(operator.faults()).isEmpty();
    }

    @Test
    void whoSignsOnIsLedBackAndOutAgain() throws IOException {
        Page page = operator.open("/console/messages/gone-1");
        page.locator("#sign-on").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/messages/gone-1$"));
        assertThat(page.locator("dd.body")).hasText("Only between us.");
        assertThat(page.locator(".who")).containsText("mina@127.0.0.1");
        String session = page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("switchboard-session"))
                .map(cookie -> cookie.value)
                .findFirst()
                .orElseThrow();
        page.locator("#logout").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/login$"));
        assertThat(provider.asked()).as("its session is ended, too").contains("/realms/test/logout");
        assertThat(status("/lanes", session)).isEqualTo(401);
        assertThat(audit()).contains("\"logIn\"", "\"logOut\"", "Mina");
    }

    private String audit() throws IOException {
        String who = "mina@" + provider.issuer().replace("http://", "");
        return bus.rest()
                .withKey(key("auditor-" + System.nanoTime(), "admin"))
                .get("/audit?who=" + RestClient.encoded(who))
                .text();
    }

    @Test
    void whoHasNoRoleIsNotLetIn() {
        provider.logIn(user("nobody", "admin"));
        Page page = operator.open("/console/login");
        page.locator("#sign-on").click();
        assertThat(page.locator("main [role=alert]:not(#lost)")).containsText("no role here");
        assertThat(operator.open("/console/messages")).hasURL(Pattern.compile(".*/console/login"));
    }

    /** Goes to the provider and back as a browser does. */
    private String signOn(RestClient.Answer begun) throws IOException {
        String address = begun.header("Location");
        RestClient there = new RestClient(URI.create(address.replaceFirst("/realms.*", "")));
        return there.get(address.substring(there.base().length()))
                .header("Location")
                .substring(bus.rest().base().length());
    }

    private RestClient.Answer back(String address, String... cookies) throws IOException {
        return bus.rest().ask(bus.rest().request(address).header("Cookie", String.join("; ", cookies)));
    }

    @Test
    void aSignOnEndsOnceInTheBrowserThatBeganItAndLeadsNowhereElse() throws IOException {
        RestClient.Answer begun = bus.rest().get("/console/sign-on");
        String cookie = begun.header("Set-Cookie").replaceFirst(";.*", "");
        assertThat(begun.header("Set-Cookie")).containsIgnoringCase("HttpOnly").contains("SameSite=Lax");
        assertThat(begun.header("Location"))
                .contains("state=", "nonce=", "code_challenge_method=S256")
                .doesNotContain(cookie.replaceFirst(".*=", ""));
        String address = signOn(begun);
        String other = bus.rest().get("/console/sign-on").header("Set-Cookie").replaceFirst(";.*", "");
        for (RestClient.Answer refused : List.of(
                back(address),
                back(address, other),
                back(address.replaceFirst("state=", "state=A"), cookie),
                back(address.replaceFirst("code=[^&]*", "error=access_denied"), cookie),
                back(address + "&iss=https%3A%2F%2Fid.example.com", cookie))) {
            assertThat(refused.header("Location")).isEqualTo("/console/login?failed=401");
            assertThat(refused.header("Set-Cookie")).doesNotContain("switchboard-session=");
        }
        RestClient.Answer in = back(address, cookie, "switchboard-address=https%3A%2F%2Fevil.example%2Fconsole");
        assertThat(in.text()).contains("content=\"0;url=/console\"").doesNotContain("evil");
        assertThat(in.headers().allValues("Set-Cookie")).anyMatch(set -> set.startsWith("switchboard-session="));
        assertThat(back(address, cookie).header("Location")).as("again").isEqualTo("/console/login?failed=503");
        assertThat(bus.log()).doesNotContain(OpenIdServer.SECRET, cookie.replaceFirst(".*=", ""), " ERROR ");
    }

    @Test
    void anAccessTokenOpensTheApiAndAKeyStillDoes() throws IOException {
        String token = provider.sign(provider.claims().build());
        assertThat(bus.rest().withKey(token).get("/lanes").status()).isEqualTo(200);
        assertThat(bus.rest().withKey(token).get("/keys").status()).isEqualTo(403);
        assertThat(bus.rest()
                        .withKey(token)
                        .post("/lanes/kakao/default/resume", "")
                        .status())
                .isEqualTo(200);
        assertThat(audit()).contains("/lanes/kakao/default/resume");
        assertThat(bus.management().withKey(token).get("/q/metrics").status()).isEqualTo(200);
        assertThat(bus.rest().get("/lanes?access_token=" + token).status()).isEqualTo(401);
        assertThat(back("/lanes", "switchboard-session=" + token).status()).isEqualTo(401);
        String expired = provider.sign(provider.claims()
                .expirationTime(Date.from(Instant.now().minusSeconds(120)))
                .build());
        assertThat(bus.rest().withKey(expired).get("/lanes").status()).isEqualTo(401);
        assertThat(bus.rest().withKey(token + "A".repeat(12_000)).get("/lanes").status())
                .isEqualTo(401);
        assertThat(bus.rest().withKey(token + "A".repeat(20_000)).get("/lanes").status())
                .isEqualTo(431);
        provider.logIn(Map.of("sub", "mina", "roles", "switchboard-operator", "lanes", List.of("thulium")));
        RestClient bound = bus.rest().withKey(provider.sign(provider.claims().build()));
        assertThat(bound.get("/messages/gone-1").status()).isEqualTo(404);
        assertThat(bound.post("/lanes/kakao/default/resume", "").status()).isEqualTo(403);
        assertThat(bus.log()).doesNotContain(token, " ERROR ");
    }

    /** What its token allowed is not known when the file is read. */
    @Test
    void aFileOfAProgramIsLimitedLikeASenders() throws IOException {
        provider.logIn(user("crm", "switchboard-sender"));
        RestClient crm = bus.rest().withKey(provider.sign(provider.claims().build()));
        String others = RestClient.JSON
                .createObjectNode()
                .put("vendor", "happytalk")
                .put("operation", "transcript")
                .put("conversationId", "fail-700-1")
                .toString();
        ObjectNode own = RestClient.send("crm-room", "Mine.").put("id", "of-crm");
        String batch = crm.post("/batches?name=crm.jsonl", others + "\n" + own + "\n")
                .json()
                .path("id")
                .asText();
        await().until(() -> crm.get("/batches/" + batch + "/results").status() == 200);
        assertThat(crm.get("/batches/" + batch + "/results").text()).contains("1,,invalid,", "2,of-crm,delivered,");
    }
}
