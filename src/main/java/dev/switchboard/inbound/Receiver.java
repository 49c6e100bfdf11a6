package dev.switchboard.inbound;

import dev.switchboard.message.Sha256;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Someone who gets what vendors send: an operation of an account that hands it on. */
public record Receiver(Account account, String operation) {

    private static final String SECRET = "inbound-secret";

    /** Returns all of them. */
    static Stream<Receiver> all(Vendors vendors) {
        return vendors.accounts().stream()
                .flatMap(account -> account.vendor().operations().entrySet().stream()
                        .filter(operation -> operation.getValue().inbound()
                                && account.apis().contains(operation.getValue().api()))
                        .map(operation -> new Receiver(account, operation.getKey())));
    }

    /**
     * Checks the settings of inbound calls: what a vendor sends has to go to someone, and what goes to a broker needs one.
     *
     * @param broker its address, or {@code none}
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static void check(Vendors vendors, String broker) {
        List<Receiver> all = all(vendors).toList();
        for (Account account : vendors.accounts()) {
            account.apis().stream()
                    .map(account.vendor().apis()::get)
                    .filter(api -> api != null && api.broker() && broker.equals("none"))
                    .findFirst()
                    .ifPresent(api -> {
                        throw new IllegalArgumentException(
                                setting(account, api.url())
                                        + ": there is no broker. Set switchboard.broker.url, which is none, or leave this away");
                    });
            String networks = account.settings().getOrDefault("inbound-networks", "");
            if (!networks.isEmpty()) {
                Networks.parse(networks);
            }
            if (isCalled(account) && all.stream().noneMatch(receiver -> receiver.listens(account.lane()))) {
                throw new IllegalArgumentException(setting(account, SECRET)
                        + ": no receiver takes what the vendor sends. Set one up, such as " + Vendors.PREFIX
                        + names(vendors) + ".accounts.default.queue");
            }
        }
    }

    private static String setting(Account account, String name) {
        return Vendors.PREFIX + account.vendor().name() + ".accounts." + account.name() + "." + name;
    }

    /** Returns whether the vendor of an account may call. */
    static boolean isCalled(Account account) {
        return !account.settings().getOrDefault(SECRET, "").isEmpty();
    }

    private static String names(Vendors vendors) {
        return vendors.all().stream()
                .filter(vendor -> vendor.operations().values().stream().anyMatch(Vendor.Operation::inbound))
                .map(Vendor::name)
                .collect(Collectors.joining(" or "));
    }

    private boolean listens(String lane) {
        return isIn("from", lane);
    }

    /** Returns the id of the message that hands an event on: what follows the dot tells the receiver. */
    String messageId(String event) {
        return event + "." + Sha256.hex(account.lane() + "\n" + operation).substring(0, 8);
    }

    /** Returns whether it wants events of a kind from an account. */
    boolean wants(String lane, String kind) {
        return listens(lane) && isIn("kinds", kind);
    }

    private boolean isIn(String setting, String value) {
        String list = account.settings().getOrDefault(setting, "");
        return list.isBlank()
                || Arrays.stream(list.split(",", -1)).map(String::strip).anyMatch(value::equals);
    }
}
