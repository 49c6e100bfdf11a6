package dev.switchboard.vendor;

import java.util.AbstractMap;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An account's values by the settings' names, for its routes. Shows no value when it is printed. */
public final class Settings extends AbstractMap<String, String> {

    private final Map<String, String> values;
    private final List<String> secrets;

    /**
     * Keeps the values.
     *
     * @param secretNames which of them must never be seen
     */
    public Settings(Map<String, String> values, Set<String> secretNames) {
        this.values = Map.copyOf(values);
        this.secrets = values.entrySet().stream()
                .filter(value -> secretNames.contains(value.getKey())
                        && !value.getValue().isEmpty())
                .map(Map.Entry::getValue)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
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
