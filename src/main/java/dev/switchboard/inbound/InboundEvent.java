package dev.switchboard.inbound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.switchboard.charset.NamedCharset;
import dev.switchboard.message.Json;
import dev.switchboard.message.Sha256;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Characters;
import dev.switchboard.vendor.Inbound;
import dev.switchboard.vendor.MessageCheck;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
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

    /**
     * Reads a body as JSON or as a form. What is neither is kept as text: a vendor's change must not lose what a customer wrote.
     * What no store can hold is replaced.
     */
    JsonNode read(byte[] body) {
        Charset charset = charsetOf(body);
        String text = new String(body, charset);
        return Characters.replaced(read(text.startsWith("\uFEFF") ? text.substring(1) : text, charset));
    }

    private JsonNode read(String text, Charset charset) {
        try {
            JsonNode read = isForm(text) ? form(text, charset) : STRICT.readTree(text);
            return read.isMissingNode() ? Json.object() : read.isNull() ? TextNode.valueOf(text) : read;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return TextNode.valueOf(text);
        }
    }

    /** Letters that are whole UTF-8 are UTF-8, whatever the header says. */
    private Charset charsetOf(byte[] body) {
        boolean utf8 = isUtf8(body);
        Charset ifNone = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        Charset named = NamedCharset.of(type).orElse(ifNone);
        boolean wide = named.name().matches("UTF-(16|32).*");
        boolean fits = wide ? holds(body, each -> each == 0) : !utf8 || !holds(body, each -> each < 0);
        return fits ? named : ifNone;
    }

    private static boolean holds(byte[] body, IntPredicate what) {
        return IntStream.range(0, body.length).anyMatch(i -> what.test(body[i]));
    }

    private static boolean isUtf8(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** By its type, or by its look: no vendor says which of the two it sends. */
    private boolean isForm(String text) {
        String named = String.valueOf(type).toLowerCase(Locale.ROOT);
        return named.startsWith("application/x-www-form-urlencoded")
                && !text.stripLeading().startsWith("{");
    }

    private static JsonNode form(String text, Charset charset) {
        ObjectNode fields = Json.object();
        new QueryStringDecoder(text, charset, false, MOST_FIELDS, true)
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

    /** Returns the id of the event, which is the same for each receiver. */
    String id(String identity) {
        return "in-" + Sha256.hex(account.lane() + "\n" + identity).substring(0, 40);
    }
}
