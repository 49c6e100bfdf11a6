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
 * Who makes a call.
 *
 * @param name of a key, or {@code subject@issuer} of a person or program that has signed on
 * @param key what the caller may do; null on a bus without access control
 * @param address the caller's network address
 */
public record Caller(
        String name,
        Set<String> roles,
        @Nullable ApiKey key,
        @Nullable String address) {

    /** The property of an exchange that holds its caller. */
    public static final String PROPERTY = "caller";

    /** The caller of a bus without keys. */
    static final String ANYONE = "anybody";

    /** In the audit: a caller whose key is not valid. */
    static final String UNKNOWN = "unknown";

    private static final String KEY = "switchboard.key";
    private static final SecurityIdentity ANYONE_IDENTITY = QuarkusSecurityIdentity.builder()
            .setPrincipal(new QuarkusPrincipal(ANYONE))
            .addRoles(new HashSet<>(Role.NAMES))
            .build();
    private static final Set<String> SEE_ALL = Set.of(Role.OPERATOR, Role.ADMIN);

    /** Returns the caller that Quarkus identified. */
    public static Caller of(SecurityIdentity identity, @Nullable String address) {
        return new Caller(identity.getPrincipal().getName(), identity.getRoles(), identity.getAttribute(KEY), address);
    }

    /** Returns the caller of a request that Quarkus identified; null where it did not have to. */
    public static @Nullable Caller of(@Nullable User user, @Nullable SocketAddress address) {
        return user instanceof QuarkusHttpUser known
                        && !known.getSecurityIdentity().isAnonymous()
                ? of(known.getSecurityIdentity(), address == null ? null : address.hostAddress())
                : null;
    }

    /** Returns the caller of a route; none where that is not known. */
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

    /** Returns the identity of anyone who can reach a bus without keys. */
    static SecurityIdentity anyone() {
        return ANYONE_IDENTITY;
    }

    /** Returns whether the caller sees messages of others: those of the lanes that its key is for. */
    public boolean seesOthers() {
        return !Collections.disjoint(roles, SEE_ALL) || roles.contains(Role.READER);
    }

    /** Returns whether the caller sees what messages of others say, and to whom. */
    public boolean seesPersonalData() {
        return !Collections.disjoint(roles, SEE_ALL);
    }

    /**
     * Refuses a file from a caller who is limited to lanes or to a prefix of ids, as the records of a file are not checked
     * against these limits.
     *
     * @throws Refused (403)
     */
    public void requireUnbound() {
        if (key != null && !(key.lanes().isEmpty() && key.idPrefix().isEmpty())) {
            throw Refused.because(
                    403,
                    name
                            + " is limited to lanes or to a prefix of ids, so it cannot upload files. Send messages one by one.");
        }
    }

    /** Returns the lanes and vendors to which the caller is limited; none: not limited. */
    public List<String> lanes() {
        return key == null ? List.of() : key.lanes();
    }

    /** Returns whether the caller may use a lane ({@code vendor/account}). */
    public boolean isFor(String lane) {
        return key == null || key.isFor(lane);
    }

    /** Returns whether the caller sees all lanes. */
    public boolean seesAll() {
        return seesOthers() && lanes().isEmpty();
    }

    /** Returns whether the caller may see a file from a sender; null: the sender is not known. */
    public boolean seesFileOf(@Nullable String sender) {
        return seesAll() || name.equals(sender);
    }

    /** Returns whether the caller may see a message, by its view. */
    public boolean sees(JsonNode message) {
        String lane =
                message.path("vendor").asText() + "/" + message.path("account").asText();
        return isFor(lane)
                && (seesOthers() || name.equals(message.at("/source/sender").textValue()));
    }

    /** Returns whether an OpenID provider has identified the caller. */
    public boolean hasSignedOn() {
        return key != null && !key.isStored();
    }

    /** Returns what the ids of the caller's messages begin with. */
    public String idPrefix() {
        return key == null ? "" : key.idPrefix();
    }

    /** Returns the caller's name; null where no login is needed. */
    public @Nullable String sender() {
        return key == null && name.equals(ANYONE) ? null : name;
    }

    /**
     * Refuses a lane that the caller may not use.
     *
     * @throws Refused (403)
     */
    public void requireLane(String lane) {
        if (!isFor(lane)) {
            throw Refused.because(403, name + " is not for " + lane + ".");
        }
    }

    /** Returns whether the caller may read only conversations that it has sent to. */
    boolean readsOwnOnly() {
        return !seesOthers() && (key == null || !key.transcripts().equals(ApiKey.LANE));
    }
}
