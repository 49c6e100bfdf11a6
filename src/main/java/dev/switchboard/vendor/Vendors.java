package dev.switchboard.vendor;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All vendors whose folders are there, and the accounts that are configured for them. */
public final class Vendors {

    private static final String PREFIX = "switchboard.vendors.";
    private static final Pattern SET =
            Pattern.compile("switchboard\\.vendors\\.([^.]+)\\.(?:accounts\\.([^.]+)\\.(.+)|(.+))");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

    private final SortedMap<String, Vendor> vendors = new TreeMap<>();
    private final SortedMap<String, Account> accounts = new TreeMap<>();
    private final SmallRyeConfig config;
    private final Map<String, String> presets;

    /**
     * Reads the accounts' settings.
     *
     * @param all the vendors whose folders are there
     * @param presets values for settings that the account {@code default} does not set, by their full names; addresses
     *     among them are for other accounts too
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public Vendors(Collection<Vendor> all, SmallRyeConfig config, Map<String, String> presets) {
        this.config = config;
        this.presets = presets;
        all.forEach(vendor -> vendors.put(vendor.name(), vendor));
        refuseUnknownSettings();
        vendors.values().forEach(this::addAccounts);
    }

    public Collection<Vendor> all() {
        return vendors.values();
    }

    public Collection<Account> accounts() {
        return accounts.values();
    }

    public Optional<Vendor> find(String vendor) {
        return Optional.ofNullable(vendors.get(vendor));
    }

    public Optional<Account> account(String vendor, String account) {
        return Optional.ofNullable(accounts.get(vendor + "/" + account));
    }

    /** Finds the account whose lane this is. */
    public Optional<Account> lane(String lane) {
        return Optional.ofNullable(accounts.get(lane));
    }

    private void refuseUnknownSettings() {
        for (String name : namesInFiles()) {
            Matcher set = SET.matcher(name);
            if (!set.matches()) {
                throw new IllegalArgumentException(name + ": is not a setting");
            }
            Vendor vendor = vendors.get(set.group(1));
            if (vendor == null) {
                throw new IllegalArgumentException(
                        name + ": there is no vendor " + set.group(1) + " (there are " + vendors.keySet() + ")");
            }
            refuseUnknown(name, vendor, set);
        }
    }

    private static void refuseUnknown(String name, Vendor vendor, Matcher set) {
        String key = set.group(3) == null ? set.group(4) : set.group(3);
        if (set.group(2) != null && !NAME.matcher(set.group(2)).matches()) {
            throw new IllegalArgumentException(name + ": an account's name holds a-z, 0-9 and - only");
        }
        boolean ofVendor = set.group(3) == null;
        if (ofVendor ? key.equals("accounts") : key.startsWith("lane.")) {
            return;
        }
        Vendor.Setting setting = vendor.settings().get(key);
        if (setting == null || ofVendor != "vendor".equals(setting.scope())) {
            throw new IllegalArgumentException(name + ": " + vendor.title() + " has no such setting (it has "
                    + new TreeSet<>(vendor.settings().keySet()) + ")");
        }
    }

    /** Names from the environment are spelt in capitals and do not say where a word ends: those are only looked up. */
    private List<String> namesInFiles() {
        Stream<String> set = StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .filter(source -> !(source instanceof EnvConfigSource))
                .flatMap(source -> source.getPropertyNames().stream());
        return Stream.concat(set, presets.keySet().stream())
                .filter(name -> name.startsWith(PREFIX))
                .distinct()
                .sorted()
                .toList();
    }

    private void addAccounts(Vendor vendor) {
        for (String name : accountNames(vendor)) {
            var values = new TreeMap<String, String>();
            vendor.settings()
                    .forEach((key, setting) -> raw(vendor, name, key, setting).ifPresent(raw -> values.put(key, raw)));
            vendor.settings()
                    .forEach((key, setting) ->
                            fallback(setting, values).ifPresent(text -> values.putIfAbsent(key, text)));
            vendor.settings().forEach((key, setting) -> check(path(vendor, name, key), setting, values.get(key)));
            var account =
                    new Account(vendor, name, new Settings(values, secretNames(vendor)), apis(vendor, name, values));
            accounts.put(account.lane(), account);
        }
    }

    private SortedSet<String> accountNames(Vendor vendor) {
        var names = new TreeSet<String>();
        String listed = PREFIX + vendor.name() + ".accounts";
        config.getOptionalValues(listed, String.class).ifPresent(names::addAll);
        namesInFiles().stream().map(SET::matcher).filter(Matcher::matches).forEach(set -> {
            if (vendor.name().equals(set.group(1)) && set.group(2) != null) {
                names.add(set.group(2));
            }
        });
        names.stream().filter(name -> !NAME.matcher(name).matches()).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    listed + ": an account's name holds a-z, 0-9 and - only, not \"" + name + "\"");
        });
        return names;
    }

    private Optional<String> raw(Vendor vendor, String account, String key, Vendor.Setting setting) {
        String name =
                "vendor".equals(setting.scope()) ? PREFIX + vendor.name() + "." + key : path(vendor, account, key);
        return config.getOptionalValue(name, String.class)
                .or(() -> preset(vendor, account, key, setting))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
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
            SettingCheck.check(path, setting, value);
        }
    }

    private static Set<String> secretNames(Vendor vendor) {
        return vendor.settings().entrySet().stream()
                .filter(setting -> setting.getValue().secret())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** An api of whose settings none is set is off; one of which only some are set is a mistake. */
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

    private static String path(Vendor vendor, String account, String key) {
        return PREFIX + vendor.name() + ".accounts." + account + "." + key;
    }
}
