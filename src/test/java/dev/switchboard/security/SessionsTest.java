package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.store.Store;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {

    private static final Duration LIFETIME = Duration.ofHours(12);

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private Store store;
    private Keys keys;
    private Sessions sessions;
    private HttpServer server;
    private String token;

    @BeforeEach
    void begin() {
        store = Store.open("jdbc:sqlite:" + folder.resolve("store.db"), "", "");
        keys = new Keys(store.access());
        token = keys.create(new NewKey("op", List.of(Role.OPERATOR), List.of(), "", null, null))
                .orElseThrow();
        keys.refresh();
        restart();
        server = vertx.createHttpServer()
                .requestHandler(request ->
                        vertx.executeBlocking(() -> answer(request), false).onSuccess(request.response()::end))
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private void restart() {
        sessions = new Sessions(keys, new BoundedAudit(store.access(), later -> {}), LIFETIME, now::get);
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
        store.close();
    }

    private String answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/in" -> sessions.logIn(request, token).ifPresent(request.response()::addCookie);
            case "/out" -> request.response().addCookie(sessions.logOut(request));
            default -> {}
        }
        return sessions.find(request)
                .map(ApiKey::name)
                .orElseGet(() -> String.valueOf(sessions.ended(request).orElse(null)));
    }

    private HttpResponse<String> ask(String path, String cookie) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String who(String cookie) {
        return ask("/who", cookie).body();
    }

    private String logIn() {
        return logIn("");
    }

    private String logIn(String cookie) {
        String set = ask("/in", cookie).headers().firstValue("Set-Cookie").orElse("");
        assertThat(set)
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict", "Path=/")
                .doesNotContain("Secure", token);
        return set.substring(0, set.indexOf(';'));
    }

    private void later(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aLogoutEndsTheSessionAtTheBus() {
        String cookie = logIn();
        assertThat(who(cookie)).isEqualTo("op");
        assertThat(ask("/out", cookie).headers().firstValue("Set-Cookie").orElse(""))
                .contains("Max-Age=0");
        assertThat(who(cookie)).as("somebody has kept the cookie").isEqualTo("UNKNOWN");
    }

    @Test
    void anotherLoginEndsTheSessionBefore() {
        String before = logIn();
        assertThat(logIn(before)).isNotEqualTo(before);
        assertThat(who(before)).isEqualTo("UNKNOWN");
    }

    @Test
    void aSessionEndsThatIsNotUsed() {
        String cookie = logIn();
        later(Duration.ofMinutes(29));
        assertThat(who(cookie)).isEqualTo("op");
        later(Duration.ofMinutes(29));
        assertThat(who(cookie)).isEqualTo("op");
        later(Duration.ofMinutes(30));
        assertThat(who(cookie)).isEqualTo("IDLE");
    }

    @Test
    void aSessionEndsAfterItsLongestTimeHoweverItIsUsed() {
        String cookie = logIn();
        for (int i = 1; i < 12 * 4; i++) {
            later(Duration.ofMinutes(15));
            assertThat(who(cookie)).isEqualTo("op");
        }
        later(Duration.ofMinutes(15));
        assertThat(who(cookie)).isEqualTo("OLD");
    }

    @Test
    void aSessionEndsWithItsKeyAndWithTheProcess() {
        String cookie = logIn();
        Store.written(store.access().revoke("op"));
        keys.refresh();
        assertThat(who(cookie)).isEqualTo("KEY");
        restart();
        assertThat(who(cookie)).isEqualTo("UNKNOWN");
        assertThat(who("")).isEqualTo("null");
        assertThat(ask("/in", "").headers().firstValue("Set-Cookie"))
                .as("the key is revoked")
                .isEmpty();
    }

    @Test
    void whateverIsWrittenBeforeARefreshIsKnownAfterIt() {
        for (int i = 0; i < 20; i++) {
            var made = new NewKey("key-" + i, List.of(Role.OPERATOR), List.of(), "", null, null);
            String text = keys.create(made).orElseThrow();
            keys.refresh();
            assertThat(keys.ofToken(text)).isPresent();
        }
    }

    @Test
    void loginsAreInTheAuditAlsoThoseThatFailed() {
        String cookie = logIn();
        ask("/out", cookie);
        String good = token;
        token = good.substring(0, good.length() - 1) + (good.endsWith("A") ? "B" : "A");
        ask("/in", "");
        // a login does not wait for its row
        await().atMost(2, TimeUnit.SECONDS)
                .until(() -> audited("op").size() == 2 && audited("unknown").size() == 1);
        assertThat(audited("op"))
                .extracting(row -> row.operation() + row.status())
                .containsExactly("logOut200", "logIn200");
        AuditEntry failed = audited("unknown").get(0);
        assertThat(failed.status()).isEqualTo(401);
        assertThat(failed.detail()).isEqualTo("{\"key\":\"op\"}");
        assertThat(failed.address()).isEqualTo("127.0.0.1");
    }

    private List<AuditEntry> audited(String who) {
        return store.access().audited(by(who), Long.MAX_VALUE, 10);
    }

    private static AuditFilter by(String who) {
        return new AuditFilter(who, null, null, null, null);
    }
}
