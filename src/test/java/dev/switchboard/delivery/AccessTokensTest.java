package dev.switchboard.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchboard.message.Message;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.OAuth;
import dev.switchboard.vendor.Request;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokensTest {

    private static final String VENDOR = """
            title: Acme
            settings: { url: { type: url }, id: {}, secret: { secret: true }, renew: { optional: true } }
            apis:
              chat: { url: url, needs: [id], oauth: { token: url, client: id, secret: secret%s } }
            operations: { send: { api: chat, message: {} } }
            """;

    @TempDir
    Path folder;

    private final FakeVendor vendor = FakeVendor.start();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);
    private final AccessTokens tokens = new AccessTokens(new VendorNetwork(config(Map.of())), clock);

    @AfterEach
    void stop() throws IOException {
        tokens.close();
        clock.shutdownNow();
        vendor.close();
    }

    private static SmallRyeConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build();
    }

    private Account account(String oauth) throws IOException {
        Path file = folder.resolve("vendors/acme/vendor.yaml");
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, VENDOR.formatted(oauth));
        String prefix = "switchboard.vendors.acme.accounts.crm.";
        SmallRyeConfig config = config(Map.of(
                prefix + "url",
                vendor.url(),
                prefix + "id",
                "id-1",
                prefix + "secret",
                "secret-1",
                prefix + "renew",
                "renew-0"));
        return new Vendors(Vendor.readAll(RouteFolder.read(Optional.of(folder))), config, Map.of())
                .account("acme", "crm")
                .orElseThrow();
    }

    private static Attempt attempt(Account account, Duration timeout) {
        var message = JsonNodeFactory.instance
                .objectNode()
                .put("id", "m")
                .put("vendor", "acme")
                .put("account", "crm")
                .put("operation", "send");
        return new Attempt(new Message(message), account, 1, new Attempt.Limits(timeout, 1 << 20, timeout, false));
    }

    private String get(Account account, String... refused) {
        OAuth oauth = Objects.requireNonNull(account.api("chat").oauth());
        return tokens.get(attempt(account, Duration.ofSeconds(10)), oauth, refused.length == 0 ? null : refused[0]);
    }

    private List<String> bodies() {
        return vendor.requests().stream().map(Request::body).toList();
    }

    @Test
    void manyAttemptsFetchOneToken() throws Exception {
        vendor.answerBy(request -> Answer.of(200, "{\"access_token\":\"t-1\",\"token_type\":\"bearer\"}"));
        Account account = account("");
        assertThat(IntStream.range(0, 16).parallel().mapToObj(i -> get(account)))
                .containsOnly("t-1");
        assertThat(vendor.requests()).hasSize(1);
        assertThat(account.settings().mask("Bearer t-1 and secret-1")).isEqualTo("Bearer *** and ***");
    }

    @Test
    void aTokenIsFetchedAgainWhenItHasExpiredOrWasRefused() throws Exception {
        vendor.enqueue(Answer.of(200, "{\"access_token\":\"t-1\",\"expires_in\":0}"))
                .enqueue(Answer.of(200, "{\"access_token\":\"t-2\",\"expires_in\":\"600\"}"))
                .enqueue(Answer.of(200, "{\"access_token\":\"t-3\"}"));
        Account account = account(", login: body");
        assertThat(List.of(get(account), get(account), get(account))).containsExactly("t-1", "t-2", "t-2");
        assertThat(get(account, "t-2")).isEqualTo("t-3");
        assertThat(get(account, "t-2")).isEqualTo("t-3");
        assertThat(bodies())
                .hasSize(3)
                .allMatch(body -> body.equals("client_id=id-1&client_secret=secret-1&grant_type=client_credentials"));
    }

    @Test
    void aNewRefreshTokenReplacesTheOneOfTheSettings() throws Exception {
        vendor.enqueue(Answer.of(200, "{\"access_token\":\"t-1\",\"refresh_token\":\"renew-1\"}"))
                .enqueue(Answer.of(400, "{\"error\":\"invalid_grant\"}"))
                .enqueue(Answer.of(200, "{\"access_token\":\"t-2\"}"));
        Account account = account(", refresh: renew, parameters: { scope: \"of {id}\" }");
        get(account);
        assertThatThrownBy(() -> get(account, "t-1")).isInstanceOfSatisfying(DeliveryFailed.class, failed -> {
            assertThat(failed.getFailureClass()).hasToString("unauthorized");
            assertThat(failed.code()).isEqualTo("invalid_grant");
            assertThat(failed.mayHaveBeenSent()).isFalse();
        });
        assertThat(get(account, "t-1")).isEqualTo("t-2");
        assertThat(bodies())
                .containsExactly(
                        "grant_type=refresh_token&refresh_token=renew-0&scope=of+id-1",
                        "grant_type=refresh_token&refresh_token=renew-1&scope=of+id-1",
                        "grant_type=refresh_token&refresh_token=renew-0&scope=of+id-1");
    }

    @Test
    void aVendorThatDoesNotAnswerInTimeIsUnavailable() throws Exception {
        vendor.enqueue(new Answer(200, Map.of(), "", Answer.Fault.HANG));
        Account account = account("");
        OAuth oauth = Objects.requireNonNull(account.api("chat").oauth());
        assertThatThrownBy(() -> tokens.get(attempt(account, Duration.ofMillis(300)), oauth, null))
                .isInstanceOfSatisfying(DeliveryFailed.class, failed -> {
                    assertThat(failed.getFailureClass()).hasToString("unavailable");
                    assertThat(failed.uncertain()).isFalse();
                });
    }

    @Test
    void whatAVendorsFolderSaysWrongIsNamed() {
        assertThatThrownBy(() -> account(", refresh: none"))
                .hasMessageContaining("acme/vendor.yaml: oauth: ")
                .hasMessageContaining("none is not one");
        assertThatThrownBy(() -> account(" }, signature: { secret: secret, header: X, over: \"{day}\""))
                .hasMessageContaining("signature: over has {day}");
        assertThatThrownBy(() -> account(" }, signature: { secret: secret, header: X, algorithm: HmacNone"))
                .hasMessageContaining("HmacNone");
    }
}
