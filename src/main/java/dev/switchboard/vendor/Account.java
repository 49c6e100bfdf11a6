package dev.switchboard.vendor;

import java.util.Map;
import java.util.Set;

/**
 * One set of a vendor's credentials and addresses. The credentials may be replaced while attempts are made, so two looks at the
 * settings may differ.
 */
public final class Account {

    private final Vendor vendor;
    private final String name;
    private final Set<String> apis;
    private volatile Settings settings;

    /**
     * Makes an account.
     *
     * @param vendor whose it is
     * @param name the account's name
     * @param settings values by the settings' names
     * @param apis the apis that the settings suffice for
     */
    public Account(Vendor vendor, String name, Settings settings, Set<String> apis) {
        this.vendor = vendor;
        this.name = name;
        this.settings = settings;
        this.apis = apis;
    }

    public Vendor vendor() {
        return vendor;
    }

    public String name() {
        return name;
    }

    /** Returns the present values, by the settings' names. */
    public Settings settings() {
        return settings;
    }

    /** Returns the apis that the settings suffice for. */
    public Set<String> apis() {
        return apis;
    }

    /** Replaces credentials; the others stay as they were when the account's routes were made. */
    synchronized void take(Map<String, String> credentials) {
        settings = settings.with(credentials);
    }

    /** Masks a further secret in all that is shown, such as an access token. */
    public synchronized void hide(String secret) {
        settings = settings.hiding(secret);
    }

    /** Returns the name of the account's lane: {@code vendor/account}. */
    public String lane() {
        return vendor.name() + "/" + name;
    }

    /** Returns the address of an api, without a slash at its end. */
    public String url(String api) {
        String url = settings.getOrDefault(api(api).url(), "");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    /** Returns what the vendor says of an api. */
    public Vendor.Api api(String api) {
        Map<String, Vendor.Api> all = vendor.apis();
        Vendor.Api found = all.get(api);
        if (found == null) {
            throw new IllegalArgumentException(vendor.name() + " has no api " + api);
        }
        return found;
    }

    /** Returns what the vendor says of an operation. */
    public Vendor.Operation operation(String operation) {
        Vendor.Operation found = vendor.operations().get(operation);
        if (found == null) {
            throw new IllegalArgumentException(vendor.name() + " has no operation " + operation);
        }
        return found;
    }

    @Override
    public String toString() {
        return "account " + lane();
    }
}
