package dev.switchboard.vendor;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** An account's values by the settings' names, for its routes. Shows no value when it is printed. */
public final class Settings extends AbstractMap<String, String> {

    /** Forms of secrets that are no longer used; tokens come and go. */
    private static final int MOST_FORMER = 200;

    /** A shorter text would be hidden where it is no secret. */
    private static final int SHORTEST = 4;

    private final Map<String, String> values;
    private final Set<String> secretNames;
    private final List<String> secrets;
    private final List<String> former;

    /**
     * Keeps the values.
     *
     * @param secretNames which of them must never be seen
     */
    public Settings(Map<String, String> values, Set<String> secretNames) {
        this(values, secretNames, List.of());
    }

    private Settings(Map<String, String> values, Set<String> secretNames, List<String> former) {
        this.values = Map.copyOf(values);
        this.secretNames = secretNames;
        this.former = former.subList(Math.max(0, former.size() - MOST_FORMER), former.size());
        Stream<String> secret = values.entrySet().stream()
                .filter(value -> secretNames.contains(value.getKey())
                        && !value.getValue().isEmpty())
                .flatMap(value -> forms(value.getValue()));
        this.secrets = Stream.concat(secret, this.former.stream())
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Returns these with some values replaced; the old secrets are still masked, as answers may still hold them. */
    Settings with(Map<String, String> others) {
        var all = new HashMap<>(values);
        all.putAll(others);
        return new Settings(all, secretNames, secrets);
    }

    /** Returns these, in which a further secret is masked, such as an access token. */
    Settings hiding(String secret) {
        List<String> more = Stream.concat(former.stream(), forms(secret)).toList();
        return new Settings(values, secretNames, more);
    }

    /** The ways in which requests and answers can hold a secret: as it is, within JSON, within JSON in JSON, in a URL, in a login. */
    private Stream<String> forms(String secret) {
        String inJson = inJson(secret);
        Stream<String> logins = values.values().stream()
                .map(user ->
                        Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8)));
        // of a login or a header, user:password or Name: value, the second part alone is a secret too
        String last = secret.substring(secret.indexOf(':') + 1).strip();
        Stream<String> parts = last.length() < secret.length() && last.length() >= SHORTEST
                ? Stream.of(last, inJson(last))
                : Stream.of();
        return Stream.concat(
                Stream.concat(
                        parts,
                        Stream.of(secret, inJson, inJson(inJson), URLEncoder.encode(secret, StandardCharsets.UTF_8))),
                logins);
    }

    private static String inJson(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return values.entrySet();
    }

    @Override
    public String get(Object name) {
        return values.getOrDefault(name, "");
    }

    /** Returns the text with each secret in it replaced by {@code ***}. */
    public String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, "***");
        }
        return masked;
    }

    @Override
    public String toString() {
        return "settings " + values.keySet();
    }
}
