package dev.switchboard.security;

import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Refused;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.auth.User;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Who asks.
 *
 * @param name of a key, or as an identity provider calls somebody
 * @param key null where a provider of identities knows him, or nobody has to be known
 * @param address where from
 */
public record Caller(
        String name,
        Set<String> roles,
        @Nullable ApiKey key,
        @Nullable String address) {

    /** The property of an exchange that holds its caller. */
    public static final String PROPERTY = "caller";

    static final String ANYBODY = "anybody";

    private static final String KEY = "switchboard.key";
    private static final SecurityIdentity EVERYBODY = QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(ANYBODY))
            .addRoles(new HashSet<>(Role.NAMES))
            .build();
    private static final Set<String> SEE_ALL = Set.of(Role.OPERATOR, Role.ADMIN);

    /** Returns who asks by what Quarkus found out. */
    public static Caller of(SecurityIdentity identity, @Nullable String address) {
        return new Caller(identity.getPrincipal().getName(), identity.getRoles(), identity.getAttribute(KEY), address);
    }

    /** Returns who asks by what Quarkus found out about a request; null where it did not have to. */
    public static @Nullable Caller of(@Nullable User user, @Nullable SocketAddress address) {
        return user instanceof QuarkusHttpUser known
                        && !known.getSecurityIdentity().isAnonymous()
                ? of(known.getSecurityIdentity(), address == null ? null : address.hostAddress())
                : null;
    }

    /** Returns who asks for what a route does; none where that is not known. */
    static Optional<Caller> of(Exchange exchange) {
        return Optional.ofNullable(exchange.getProperty(PROPERTY, Caller.class));
    }

    static SecurityIdentity identity(ApiKey key) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(key.name()))
                .addRoles(new HashSet<>(key.roles()))
                .addAttribute(KEY, key)
                .build();
    }

    /** Returns the identity of somebody who has not said who he is. */
    static SecurityIdentity nobody() {
        return QuarkusSecurityIdentity.builder()
                .setAnonymous(true)
                .setPrincipal(new QuarkusPrincipal(""))
                .build();
    }

    /** Returns the identity of everybody who can reach a bus without keys. */
    static SecurityIdentity anybody() {
        return EVERYBODY;
    }

    /** Says whether he sees messages of others at all. */
    public boolean seesOthers() {
        return !Collections.disjoint(roles, SEE_ALL) || roles.contains(Role.READER);
    }

    /** Says whether he sees what messages of others say, and to whom. */
    public boolean seesPersonalData() {
        return !Collections.disjoint(roles, SEE_ALL);
    }

    /**
     * Refuses a file of somebody whose messages may not go everywhere, or are to be told from others': a file's records are not
     * held against that.
     *
     * @throws Refused (403)
     */
    public void requireUnbound() {
        if (key != null && !(key.lanes().isEmpty() && key.idPrefix().isEmpty())) {
            throw Refused.because(
                    403,
                    "The key " + name + " is bound to lanes or has a prefix for ids: it hands messages in one by one.");
        }
    }

    /** Says whether he may know of what somebody handed in; null: nobody knows who that was. */
    public boolean sees(@Nullable String sender) {
        return seesOthers() || name.equals(sender);
    }

    /** Returns what the ids of his messages begin with. */
    public String idPrefix() {
        return key == null ? "" : key.idPrefix();
    }

    /** Returns his name; null where nobody has to say who he is. */
    public @Nullable String sender() {
        return key == null && name.equals(ANYBODY) ? null : name;
    }

    /**
     * Refuses a message to a lane that a sender is not for.
     *
     * @throws Refused (403)
     */
    public void requireLane(String lane) {
        if (key != null && !key.maySendTo(lane)) {
            throw Refused.because(403, "The key " + name + " may not send to " + lane + ".");
        }
    }
}
