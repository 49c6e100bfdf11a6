package dev.switchboard.vendor;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
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

/** All vendors that have a folder, and the accounts that are configured for them. */
public final class Vendors {

    public static final String PREFIX = "switchboard.vendors.";
    private static final Pattern SET =
            Pattern.compile("switchboard\\.vendors\\.([^.]+)\\.(?:accounts\\.([^.]+)\\.(.+)|(.+))");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

    /** How all vendors are reached. */
    private static final Set<String> SHARED = Stream.of(
                    "trust-store", "trust-store-password", "proxy", "proxy-username", "proxy-password")
            .map(PREFIX::concat)
            .collect(Collectors.toUnmodifiableSet());

    private final SortedMap<String, Vendor> vendors = new TreeMap<>();
    private final SortedMap<String, Account> accounts = new TreeMap<>();
    private final SmallRyeConfig config;
    private final Map<String, String> presets;

    /**
     * Reads the accounts' settings.
     *
     * @param all the vendors that have a folder
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
            if (SHARED.contains(name)) {
                continue;
            }
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

    /** Leaves out names from the environment: they are in capitals and do not show where a word ends, so they can only be looked up. */
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
            Account account = new AccountReader(config, presets).read(vendor, name);
            accounts.put(account.lane(), account);
        }
    }

    /**
     * Reads an account's credentials again from its settings. All other settings take effect at the next start.
     *
     * @return the names of those that have changed
     * @throws IllegalArgumentException when a setting is wrong or a credential is missing now; the text names it, and the
     *     old ones stay in force
     */
    public synchronized Set<String> readAgain(Account account, SmallRyeConfig now) {
        Account read = new AccountReader(now, presets).read(account.vendor(), account.name());
        var changed = new TreeMap<String, String>();
        for (String key : account.vendor().credentials()) {
            String old = account.settings().get(key);
            String found = read.settings().get(key);
            if (found.isEmpty() && !old.isEmpty()) {
                throw new IllegalArgumentException(
                        AccountReader.path(account.vendor(), account.name(), key) + " is missing");
            }
            if (!found.equals(old)) {
                changed.put(key, found);
            }
        }
        account.take(changed);
        return changed.keySet();
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
}
