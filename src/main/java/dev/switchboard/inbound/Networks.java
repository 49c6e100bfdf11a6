package dev.switchboard.inbound;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Networks of addresses, such as {@code 192.0.2.0/24,2001:db8::/32}. */
record Networks(List<IpSubnetFilterRule> all) {

    private static final Pattern ENTRY = Pattern.compile("([0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/(\\d{1,3}))?");

    /**
     * Reads a list.
     *
     * @throws IllegalArgumentException when an entry is no network; names are none, as they would be looked up
     */
    static Networks parse(String list) {
        return new Networks(Arrays.stream(list.split(",", -1))
                .map(String::strip)
                .map(Networks::network)
                .toList());
    }

    private static IpSubnetFilterRule network(String entry) {
        Matcher parts = ENTRY.matcher(entry);
        if (parts.matches()) {
            int all = entry.contains(":") ? 128 : 32;
            int bits = parts.group(2) == null ? all : Integer.parseInt(parts.group(2));
            try {
                return new IpSubnetFilterRule(parts.group(1), bits, IpFilterRuleType.ACCEPT);
            } catch (IllegalArgumentException e) {
                throw wrong(entry);
            }
        }
        throw wrong(entry);
    }

    private static IllegalArgumentException wrong(String entry) {
        return new IllegalArgumentException(
                "inbound-networks: " + entry + " is no network; write it as 192.0.2.0/24 or 2001:db8::/32");
    }

    /** Returns whether an address is in one of them. */
    boolean contain(InetSocketAddress address) {
        return all.stream().anyMatch(network -> network.matches(address));
    }
}
