package dev.switchboard.vendor.kakao;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.vendor.OperationCheck;
import java.util.Map;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes the link with which a customer's browser starts a conversation; a bean of Kakao's routes.
 *
 * <p>A result is {@code {"link","called","httpStatus","location","extraCut","extraEncrypted","warning"}}; the status and the
 * location are absent where the page was not called or named none, the warning where there is none.
 */
public final class StartLink implements OperationCheck {

    /** Checks what makes a link, so that personal data is refused before it is stored. */
    @Override
    public void check(Message message, Map<String, String> settings) {
        make(message.json(), settings);
    }

    /**
     * Makes the checked link without a call: {@code link}, {@code called} (false), {@code extraCut}, {@code extraEncrypted} and,
     * where there is one, {@code warning}. The customer's own browser may be sent to it as it stands.
     *
     * @param message {@code extra}, {@code bot} (text or boolean), {@code event}, {@code channel}; all may be missing
     * @param settings the account's {@code url}, {@code channel}, {@code extra-key}, {@code personal-data}
     * @throws Refused naming the field that is wrong: no channel, an unknown bot, an event without a bot, personal data
     */
    public ObjectNode make(@Body JsonNode message, @ExchangeProperty("settings") Map<String, String> settings) {
        Extra extra = Extra.of(message.path("extra").asText(""), settings);
        String url = settings.getOrDefault("url", "");
        String form = StartForm.of(message, settings, extra).encoded();
        ObjectNode link = Json.object()
                .put("link", url + (url.contains("?") ? "&" : "?") + form)
                .put("called", false)
                .put("extraCut", extra.cut())
                .put("extraEncrypted", extra.encrypted());
        extra.warning().ifPresent(warning -> link.put("warning", warning));
        return link;
    }

    /** Gives the form of a link that was made, for a call: the same parameters, encoded in the same way. */
    public String form(@Body JsonNode made) {
        String link = made.path("link").asText();
        // The last one: an equals sign in a value is encoded, one in the account's address may not be.
        return link.substring(link.lastIndexOf("uuid="));
    }

    /** Adds what the start page answered to the link that was made. */
    public ObjectNode called(
            @ExchangeProperty("startLink") ObjectNode made,
            @Header("CamelHttpResponseCode") @Nullable Integer status,
            @Header("Location") @Nullable String location) {
        ObjectNode result = Json.object();
        result.set("link", made.path("link"));
        result.put("called", true);
        if (status != null) {
            result.put("httpStatus", status);
        }
        if (location != null && !location.isEmpty()) {
            result.put("location", location);
        }
        made.properties().forEach(field -> result.putIfAbsent(field.getKey(), field.getValue()));
        return result;
    }
}
