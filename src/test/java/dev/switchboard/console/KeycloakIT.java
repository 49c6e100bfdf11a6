package dev.switchboard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.switchboard.Ports;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.security.Keys;
import dev.switchboard.security.NewKey;
import dev.switchboard.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** People and programs sign on with Keycloak, and keys still work next to it. */
@Tag("soak")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeycloakIT {

    private Keycloak keycloak;
    private RunningBus bus;
    private Operator operator;
    private RestClient admin;

    @BeforeAll
    void start() throws IOException {
        Path folder = RunningBus.newFolder("keycloak");
        int port = Ports.free();
        keycloak = new Keycloak(folder, "http://127.0.0.1:" + port);
        bus = RunningBus.start(
                folder,
                Map.of(
                        "quarkus.http.port", "" + port,
                        "switchboard.sandbox.enabled", "true",
                        "switchboard.oidc.issuer", keycloak.issuer(),
                        "switchboard.oidc.client-id", "switchboard-console",
                        "switchboard.oidc.client-secret", "console-s3cret",
                        "switchboard.oidc.audience", "switchboard-api"));
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), "", "")) {
            String token = new Keys(store.access())
                    .create(new NewKey("boss", List.of("admin"), List.of(), "", null, null))
                    .orElseThrow();
            admin = bus.rest().withKey(token);
        }
        operator = new Operator(bus.rest().base());
    }

    @AfterAll
    void stop() {
        if (operator != null) {
            operator.close();
        }
        bus.close();
        keycloak.close();
    }

    private static void logIn(Page page, String user) {
        page.locator("#username").fill(user);
        page.locator("#password").fill("of-" + user);
        page.locator("#kc-login").click();
    }

    @Test
    @Order(1)
    void whoLogsInAtKeycloakIsAtTheConsoleAndOutOfBothAfterwards() {
        operator.changeTo("en-GB", 1280);
        Page page = operator.open("/console/lanes/kakao/default");
        page.locator("#sign-on").click();
        logIn(page, "mina");
        assertThat(page).hasURL(Pattern.compile(".*/console/lanes/kakao/default$"));
        assertThat(page.locator(".who")).containsText("@127.0.0.1");
        page.locator("form[action$='/pause'] button").first().click();
        assertThat(admin.get("/audit").text()).contains("/lanes/kakao/default/pause", "mina");
        page.locator("#logout").click();
        page.locator("#kc-logout").click();
        assertThat(page).hasURL(Pattern.compile(".*/console/login$"));
        page.locator("#sign-on").click();
        assertThat(page.locator("#username")).isVisible();
    }

    @Test
    @Order(2)
    void aRoleOfAnotherProgramIsNoRoleHere() {
        operator.changeTo("en-GB", 1280);
        Page page = operator.open("/console/login");
        page.locator("#sign-on").click();
        logIn(page, "jan");
        assertThat(page.locator("main [role=alert]:not(#lost)")).containsText("no role here");
    }

    private int status(String token) throws IOException {
        return bus.rest().withKey(token).get("/messages").status();
    }

    @Test
    @Order(3)
    void aProgramCallsTheApiWithAnAccessTokenAndNoOther() throws IOException {
        RestClient crm = bus.rest().withKey(keycloak.accessToken());
        assertThat(crm.submit(RestClient.send("room-1", "Hello").put("id", "one"))
                        .status())
                .isEqualTo(202);
        assertThat(crm.finished("one").at("/source/sender").asText())
                .endsWith("@" + keycloak.issuer().substring(7));
        assertThat(crm.get("/keys").status()).isEqualTo(403);
        var mina = keycloak.tokens(Map.of(
                "grant_type", "password",
                "client_id", "switchboard-console",
                "client_secret", "console-s3cret",
                "scope", "openid",
                "username", "mina",
                "password", "of-mina"));
        for (String kind : List.of("id_token", "access_token", "refresh_token")) {
            assertThat(status(mina.path(kind).asText())).as(kind).isEqualTo(401);
        }
    }

    @Test
    @Order(4)
    void anotherKeyOfKeycloakIsTaken() throws IOException {
        String before = keycloak.accessToken();
        keycloak.rotate();
        assertThat(status(keycloak.accessToken())).isEqualTo(200);
        assertThat(status(before)).isEqualTo(200);
    }

    @Test
    @Order(5)
    void withoutKeycloakTokensAndKeysGoOn() throws IOException {
        String token = keycloak.accessToken();
        keycloak.close();
        assertThat(status(token)).isEqualTo(200);
        assertThat(admin.get("/lanes").status()).isEqualTo(200);
        assertThat(bus.rest().get("/console/login").status()).isEqualTo(200);
        assertThat(bus.log()).doesNotContain(token, "console-s3cret", " ERROR ");
    }
}
