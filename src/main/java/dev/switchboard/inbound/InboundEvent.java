package dev.switchboard.inbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Sha256;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Inbound;
import dev.switchboard.vendor.MessageCheck;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One call of a vendor.
 *
 * @param account whose vendor calls
 * @param path what follows the account's address; empty: nothing
 * @param type the body's media type; null: not named
 */
public record InboundEvent(
        Account account, String path, @Nullable String type) {

    /** The exchange property that holds the event. */
    static final String PROPERTY = "inboundEvent";

    private static final int MOST_TOKENS = 50_000;
    private static final int MOST_FIELDS = 1_000;
    private static final ObjectMapper STRICT = MessageCheck.strictJson(MOST_TOKENS);

    /** Makes an exchange for the route {@code direct:inbound} of a call. */
    public static void begin(Exchange exchange, Account account, String path, @Nullable String type, byte[] body) {
        Inbound inbound = account.vendor().inbound();
        String call = inbound == null ? "" : inbound.find(path).orElse("");
        exchange.setProperty(PROPERTY, new InboundEvent(account, path, type));
        exchange.setProperty("vendor", account.vendor().name());
        exchange.setProperty("call", call);
        exchange.getMessage().setBody(body);
    }

    /** Reads a body as JSON or as a form. What is neither is kept as text: a vendor's change must not lose what a customer wrote. */
    JsonNode read(byte[] body) {
        String text = text(body);
        try {
            JsonNode read = isForm(text) ? form(text) : STRICT.readTree(text);
            return read.isMissingNode() ? Json.object() : read.isNull() ? TextNode.valueOf(text) : read;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return TextNode.valueOf(text);
        }
    }

    private static String text(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            return new String(body, StandardCharsets.ISO_8859_1);
        }
    }

    /** By its type, or by its look: no vendor says which of the two it sends. */
    private boolean isForm(String text) {
        String named = String.valueOf(type).toLowerCase(Locale.ROOT);
        return named.startsWith("application/x-www-form-urlencoded")
                && !text.stripLeading().startsWith("{");
    }

    private static JsonNode form(String text) {
        ObjectNode fields = Json.object();
        new QueryStringDecoder(text, StandardCharsets.UTF_8, false, MOST_FIELDS, true)
                .parameters()
                .forEach((name, values) -> fields.put(name, values.get(values.size() - 1)));
        return fields;
    }

    /**
     * Returns what is the same for two calls of one event: the values at the vendor's pointers.
     *
     * @return null where the body has none of them
     */
    @Nullable
    String identity(JsonNode raw, List<String> pointers) {
        var values = new StringBuilder();
        boolean found = false;
        for (String pointer : pointers) {
            JsonNode value = raw.at(pointer);
            found |= !value.isMissingNode() && !value.isNull();
            values.append(pointer).append('=').append(value).append('\n');
        }
        return found ? values.toString() : null;
    }

    /** Returns the id of the message that hands the event on to a receiver. */
    String id(String identity, Account receiver) {
        return "in-"
                + Sha256.hex(account.lane() + "\n" + receiver.lane() + "\n" + identity)
                        .substring(0, 40);
    }
}
