package dev.switchboard.vendor;

import dev.switchboard.log.LogMask;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads an account's settings, and checks them by what {@code vendor.yaml} says of each.
 *
 * @param presets values for settings that the account {@code default} does not set, by their full names
 */
record AccountReader(SmallRyeConfig config, Map<String, String> presets) {

    /**
     * Reads an account.
     *
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    Account read(Vendor vendor, String name) {
        var values = new TreeMap<String, String>();
        vendor.settings()
                .forEach((key, setting) -> raw(vendor, name, key, setting).ifPresent(raw -> values.put(key, raw)));
        vendor.settings()
                .forEach((key, setting) -> fallback(setting, values).ifPresent(text -> values.putIfAbsent(key, text)));
        vendor.settings().forEach((key, setting) -> check(path(vendor, name, key), setting, values.get(key)));
        return new Account(vendor, name, new Settings(values, secretNames(vendor)), apis(vendor, name, values));
    }

    private Optional<String> raw(Vendor vendor, String account, String key, Vendor.Setting setting) {
        String name = "vendor".equals(setting.scope())
                ? Vendors.PREFIX + vendor.name() + "." + key
                : path(vendor, account, key);
        return value(name)
                .or(() -> preset(vendor, account, key, setting))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    private Optional<String> value(String name) {
        try {
            return config.getOptionalValue(name, String.class);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": its ${…} cannot be resolved", e);
        }
    }

    /** Where accounts have presets, no account calls an address that was not set for it. */
    private Optional<String> preset(Vendor vendor, String account, String key, Vendor.Setting setting) {
        boolean preset = account.equals("default") || "url".equals(setting.type());
        return preset ? Optional.ofNullable(presets.get(path(vendor, "default", key))) : Optional.empty();
    }

    private static Optional<String> fallback(Vendor.Setting setting, Map<String, String> values) {
        if (setting.fallback() == null) {
            return Optional.empty();
        }
        if (!setting.fallback().isObject()) {
            return Optional.of(setting.fallback().asText());
        }
        String by = setting.fallback().path("by").asText();
        return Optional.of(setting.fallback().path(values.getOrDefault(by, "")).asText());
    }

    private static void check(String path, Vendor.Setting setting, @Nullable String value) {
        if (value != null) {
            if (setting.secret()) {
                LogMask.hide(value);
            }
            SettingCheck.check(path, setting, value);
        }
    }

    private static Set<String> secretNames(Vendor vendor) {
        return vendor.settings().entrySet().stream()
                .filter(setting -> setting.getValue().secret())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** An api without any of its settings is off; with only some of them, that is a mistake. */
    private static Set<String> apis(Vendor vendor, String account, Map<String, String> values) {
        var on = new TreeSet<String>();
        vendor.apis().forEach((name, api) -> {
            List<String> needs = new ArrayList<>(api.needs());
            Vendor.Setting url = vendor.settings().get(api.url());
            if (url == null || url.fallback() == null) {
                needs.add(api.url());
            }
            List<String> missing =
                    needs.stream().filter(key -> !values.containsKey(key)).toList();
            if (missing.isEmpty()) {
                on.add(name);
            } else if (missing.size() < needs.size()) {
                throw new IllegalArgumentException(path(vendor, account, missing.get(0)) + " is missing");
            }
        });
        if (on.isEmpty()) {
            throw new IllegalArgumentException(path(vendor, account, "*") + ": the account has none of "
                    + vendor.title() + "'s apis: set what one of them needs " + vendor.apis());
        }
        return on;
    }

    static String path(Vendor vendor, String account, String key) {
        return Vendors.PREFIX + vendor.name() + ".accounts." + account + "." + key;
    }
}
