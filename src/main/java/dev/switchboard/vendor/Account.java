package dev.switchboard.vendor;

import java.util.Map;
import java.util.Set;

/**
 * One set of a vendor's credentials and addresses.
 *
 * @param vendor whose they are
 * @param name the account's name
 * @param settings values by the settings' names
 * @param apis the apis that the settings suffice for
 */
public record Account(Vendor vendor, String name, Settings settings, Set<String> apis) {

    /** Returns the name of the account's lane: {@code vendor/account}. */
    public String lane() {
        return vendor.name() + "/" + name;
    }

    /** Returns the address of an api, without a slash at its end. */
    public String url(String api) {
        String url = settings.getOrDefault(api(api).url(), "");
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private Vendor.Api api(String api) {
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
}
