package dev.switchboard.vendor.kakao;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Refused;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartLinkTest {
    private static final String PAGE = "https://bizmessage.kakao.com/v1/chat/write";
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final StartLink links = new StartLink();

    private static ObjectNode message() {
        return new ObjectMapper().createObjectNode();
    }

    private static Map<String, String> settings(String... more) {
        var settings = new HashMap<>(Map.of("url", PAGE, "channel", "@shop"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private static Map<String, String> encrypting() {
        return settings("extra-key", Base64.getEncoder().encodeToString(KEY));
    }

    private static Map<String, String> parameters(ObjectNode made) {
        var parameters = new LinkedHashMap<String, String>();
        for (String pair : URI.create(made.path("link").asText()).getRawQuery().split("&", -1)) {
            int equals = pair.indexOf('=');
            parameters.put(
                    pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private ObjectNode made(String extra, Map<String, String> settings) {
        return links.make(message().put("extra", extra), settings);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** As the Javadoc of ExtraKey says. */
    private static String decrypted(String value) throws Exception {
        byte[] whole = Base64.getUrlDecoder().decode(value);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, whole, 0, 12));
        return new String(cipher.doFinal(Arrays.copyOfRange(whole, 12, whole.length)), StandardCharsets.UTF_8);
    }

    @Test
    void theParametersStandInKakaosOrderAndABlankIsNoPlus() {
        var made = links.make(
                message()
                        .put("event", "환영 인사")
                        .put("bot", "AUTO")
                        .put("extra", "a b+c&d=e*~/")
                        .put("channel", "@my"),
                settings());
        assertThat(made.path("link").asText())
                .isEqualTo(PAGE
                        + "?uuid=%40my&extra=a%20b%2Bc%26d%3De%2A~%2F&bot=auto&event=%ED%99%98%EC%98%81%20%EC%9D%B8%EC%82%AC"
                                .replace("~", "%7E"));
        assertThat(made.path("called").asBoolean(true)).isFalse();
        assertThat(links.form(made))
                .isEqualTo(URI.create(made.path("link").asText()).getRawQuery());
    }

    @Test
    void botMayBeABoolean() {
        assertThat(parameters(links.make(message().put("bot", true).put("event", "e"), settings())))
                .containsExactly(Map.entry("uuid", "@shop"), Map.entry("bot", "true"), Map.entry("event", "e"));
        assertThat(parameters(links.make(message().put("bot", false), settings())))
                .containsEntry("bot", "false");
    }

    @Test
    void anEmptyExtraIsNotSent() {
        assertThat(parameters(made("", encrypting()))).containsOnlyKeys("uuid");
        assertThat(made("", encrypting()).path("extraEncrypted").asBoolean(true))
                .isFalse();
    }

    @Test
    void anAddressWithAQueryIsContinued() {
        assertThat(links.make(message(), settings("url", "https://proxy/x?uuid=1"))
                        .path("link")
                        .asText())
                .isEqualTo("https://proxy/x?uuid=1&uuid=%40shop");
        assertThat(links.form(links.make(message(), settings("url", "https://proxy/x?uuid=1"))))
                .isEqualTo("uuid=%40shop");
    }

    @ParameterizedTest
    @CsvSource({"가, 1000, 1000, false", "가, 1001, 1000, true", "😀, 1000, 1000, false", "x, 70000, 1000, true"})
    void extraIsCutByCodePoint(String piece, int count, int sent, boolean cut) {
        var made = made(piece.repeat(count), settings());
        assertThat(parameters(made)).containsEntry("extra", piece.repeat(sent));
        assertThat(made.path("extraCut").asBoolean()).isEqualTo(cut);
        assertThat(made.path("extraEncrypted").asBoolean(true)).isFalse();
    }

    @Test
    void theLimitIsASettingAndAboveFiftyThereIsAWarning() {
        assertThat(made("x".repeat(50), settings()).has("warning")).isFalse();
        assertThat(made("x".repeat(51), settings()).path("warning").asText()).contains("51 characters");
        var made = made("x".repeat(51), settings("extra-limit", "50"));
        assertThat(parameters(made)).containsEntry("extra", "x".repeat(50));
        assertThat(made.path("extraCut").asBoolean()).isTrue();
        assertThat(made.has("warning")).isFalse();
    }

    @Test
    void theCutSplitsNoPair() {
        var made = made("x".repeat(999) + "😀😀", settings());
        assertThat(parameters(made)).containsEntry("extra", "x".repeat(999) + "😀");
        assertThat(made.path("extraCut").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "x, 1, 1",
        "x, 722, 722",
        "x, 723, 722",
        "x, 70000, 722",
        "가, 240, 240",
        "가, 241, 240",
        "😀, 180, 180",
        "😀, 1000, 180"
    })
    void aCipherTextFitsAndCanBeRead(String piece, int count, int sent) throws Exception {
        var made = made(piece.repeat(count), encrypting());
        String value = parameters(made).getOrDefault("extra", "");
        assertThat(value).matches("[A-Za-z0-9_-]{1,1000}");
        assertThat(decrypted(value)).isEqualTo(piece.repeat(sent));
        assertThat(made.path("extraCut").asBoolean()).isEqualTo(sent < count);
        assertThat(made.path("extraEncrypted").asBoolean()).isTrue();
        assertThat(length(value)).isLessThanOrEqualTo(1000);
    }

    @Test
    void noTwoCipherTextsAreAlike() {
        assertThat(made("x", encrypting()).path("link"))
                .isNotEqualTo(made("x", encrypting()).path("link"));
    }

    @Test
    void withAKeyPersonalDataMayBeSent() throws Exception {
        var made = made("010-1234-5678", encrypting());
        assertThat(decrypted(parameters(made).getOrDefault("extra", ""))).isEqualTo("010-1234-5678");
        assertThat(made.path("warning").asText()).doesNotContain("looks as if");
    }

    @Test
    void withoutAKeyItIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> made("주문 1 010-1234-5678", settings("personal-data", "refuse")))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.faults().get(0).field()).isEqualTo("extra"))
                .hasMessageContaining("a phone number")
                .hasMessageNotContaining("1234");
    }

    @Test
    void beyondTheCutItIsRefusedTheSame() {
        assertThatThrownBy(() -> made("x".repeat(5000) + " a@b.co", settings())).isInstanceOf(Refused.class);
    }

    @Test
    void anAccountMayLetItPassWithAWarning() {
        var made = made("a@b.co", settings("personal-data", "warn"));
        assertThat(parameters(made)).containsEntry("extra", "a@b.co");
        assertThat(made.path("warning").asText()).isEqualTo("extra looks as if it held an e-mail address");
    }

    @ParameterizedTest
    @CsvSource({
        "channel, shop, channel",
        "channel, @, channel",
        "bot, maybe, bot",
        "event, hello, event",
    })
    void aWrongFieldIsNamed(String field, String value, String named) {
        assertThatThrownBy(() -> links.make(message().put(field, value), settings()))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith(named + ":");
    }

    @Test
    void aMissingChannelIsNamed() {
        assertThatThrownBy(() -> links.make(message(), Map.of("url", PAGE)))
                .isInstanceOf(Refused.class)
                .hasMessageStartingWith("channel:");
    }

    @Test
    void theAnswerIsAddedToTheLink() {
        var made = made("a@b.co", settings("personal-data", "warn"));
        assertThat(links.called(made, 302, "/login").toString())
                .endsWith(
                        "\"called\":true,\"httpStatus\":302,\"location\":\"/login\",\"extraCut\":false,\"extraEncrypted\":false,\"warning\":\"extra looks as if it held an e-mail address\"}");
        assertThat(links.called(made, 200, null).has("location")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "c2hvcnQ=", "0123456789abcdef0123456789abcdef012345678"})
    void aWrongKeyIsFoundAtTheStart(String key) {
        assertThatThrownBy(() -> ExtraKey.of(settings("extra-key", key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("extra-key")
                .hasMessageNotContaining(key)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 24, 32})
    void aKeyOfAnAesLengthIsTaken(int length) {
        String key = Base64.getEncoder().encodeToString(new byte[length]);
        assertThatCode(() -> ExtraKey.of(settings("extra-key", key))).doesNotThrowAnyException();
        assertThatCode(() -> ExtraKey.of(settings())).doesNotThrowAnyException();
    }
}
