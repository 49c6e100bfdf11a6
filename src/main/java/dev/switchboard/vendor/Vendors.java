package dev.switchboard.vendor;

import dev.switchboard.settings.KnownSettings;
import dev.switchboard.settings.SetNames;
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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All vendors that have a folder, and the accounts that are configured for them. */
public final class Vendors {

    public static final String PREFIX = "switchboard.vendors.";
    private static final Pattern ACCOUNT = Pattern.compile("switchboard\\.vendors\\.([^.]+)\\.accounts\\.([^.]+)\\..+");
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]+");

    private final SortedMap<String, Vendor> vendors = new TreeMap<>();
    private final SortedMap<String, Account> accounts = new TreeMap<>();
    private final SmallRyeConfig config;
    private final Map<String, String> presets;
    private final KnownSettings known;

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
        this.known = known(all);
        known.check(config);
        presets.keySet().forEach(known::check);
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

    /** Returns all settings that there are with these vendors. */
    public static KnownSettings known(Collection<Vendor> all) {
        return KnownSettings.OF_THE_BUS.and(all.stream().flatMap(Vendors::settings));
    }

    private static Stream<String> settings(Vendor vendor) {
        return KnownSettings.vendor(vendor.name(), settings(vendor, false), settings(vendor, true));
    }

    private static List<String> settings(Vendor vendor, boolean ofVendor) {
        return vendor.settings().entrySet().stream()
                .filter(setting ->
                        ofVendor == "vendor".equals(setting.getValue().scope()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Returns the variables of the environment that begin as ours do and set nothing. */
    public List<String> unknownVariables() {
        return known.unknownVariables(config);
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

    /** Where the accounts are listed, the environment adds no other; a file that describes one does. */
    private SortedSet<String> accountNames(Vendor vendor) {
        var names = new TreeSet<String>();
        String listed = PREFIX + vendor.name() + ".accounts";
        Optional<List<String>> list = config.getOptionalValues(listed, String.class);
        list.ifPresent(names::addAll);
        SortedSet<String> set = list.isPresent() ? SetNames.written(config) : known.in(config);
        Stream.concat(set.stream(), presets.keySet().stream())
                .map(ACCOUNT::matcher)
                .filter(account -> account.matches() && vendor.name().equals(account.group(1)))
                .forEach(account -> names.add(account.group(2)));
        names.stream().filter(name -> !NAME.matcher(name).matches()).findFirst().ifPresent(name -> {
            throw new IllegalArgumentException(
                    listed + ": an account's name holds a-z, 0-9 and - only, not \"" + name + "\"");
        });
        return names;
    }
}
