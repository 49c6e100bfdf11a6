package dev.switchboard.vendor.kakao;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Refused;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of the start page in the order of Kakao's table; those that a message leaves out are not sent. */
record StartForm(Map<String, String> parameters) {
    private static final Set<String> BOTS = Set.of("false", "true", "auto");

    static StartForm of(JsonNode message, Map<String, String> settings, Extra extra) {
        String bot = bot(message);
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("uuid", channel(message, settings)); // sic: the channel, not a customer
        parameters.put("extra", extra.value());
        parameters.put("bot", bot);
        parameters.put("event", event(message, bot));
        parameters.values().removeIf(String::isEmpty);
        return new StartForm(parameters);
    }

    private static String channel(JsonNode message, Map<String, String> settings) {
        String own = message.path("channel").asText("");
        String channel = own.isEmpty() ? settings.getOrDefault("channel", "") : own;
        if (channel.isEmpty()) {
            throw Refused.invalid("channel", "required", "is named neither by the message nor by the account");
        }
        if (channel.length() < 2 || channel.charAt(0) != '@') {
            throw Refused.invalid("channel", "pattern", "must begin with @");
        }
        return channel;
    }

    /** Upper case is not recognised by Kakao, and the conversation would start with the wrong side. */
    private static String bot(JsonNode message) {
        String bot = message.path("bot").asText("").toLowerCase(Locale.ROOT);
        if (!bot.isEmpty() && !BOTS.contains(bot)) {
            throw Refused.invalid("bot", "enum", "must be false, true or auto");
        }
        return bot;
    }

    private static String event(JsonNode message, String bot) {
        String event = message.path("event").asText("");
        if (!event.isEmpty() && (bot.isEmpty() || bot.equals("false"))) {
            throw Refused.invalid("event", "unused", "needs bot to be true or auto, for an event is the bot's");
        }
        return event;
    }

    /** Encodes as a query or form; a blank is {@code %20}, which both are read to mean, where {@code +} is only a form's. */
    String encoded() {
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }
}
