package dev.switchboard.security;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.List;
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

    /** In the audit: a caller whose key is not valid. */
    static final String UNKNOWN = "unknown";

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

    /** Returns the identity of everybody who can reach a bus without keys. */
    static SecurityIdentity anybody() {
        return EVERYBODY;
    }

    /** Says whether he sees messages of others: those of the lanes that his key is for. */
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

    /** Returns the lanes and vendors that he is for; none: all. */
    public List<String> lanes() {
        return key == null ? List.of() : key.lanes();
    }

    /** Says whether he is for a lane ({@code vendor/account}). */
    public boolean isFor(String lane) {
        return key == null || key.isFor(lane);
    }

    /** Says whether he sees what is of all lanes. */
    public boolean seesAll() {
        return seesOthers() && lanes().isEmpty();
    }

    /** Says whether he may know of a file that somebody uploaded; null: nobody knows who that was. */
    public boolean seesFileOf(@Nullable String sender) {
        return seesAll() || name.equals(sender);
    }

    /** Says whether he may know of a message, by its view. */
    public boolean sees(JsonNode message) {
        String lane =
                message.path("vendor").asText() + "/" + message.path("account").asText();
        return isFor(lane)
                && (seesOthers() || name.equals(message.at("/source/sender").textValue()));
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
     * Refuses what is for a lane that he is not for.
     *
     * @throws Refused (403)
     */
    public void requireLane(String lane) {
        if (!isFor(lane)) {
            throw Refused.because(403, "The key " + name + " is not for " + lane + ".");
        }
    }

    /** Says whether he may read only what was said in conversations that he has sent to. */
    boolean readsOwnOnly() {
        return !seesOthers() && (key == null || !key.transcripts().equals(ApiKey.LANE));
    }
}
