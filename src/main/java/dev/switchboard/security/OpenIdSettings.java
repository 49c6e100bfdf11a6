package dev.switchboard.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Sha256;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/**
 * With which OpenID provider people and programs sign on, and what its tokens allow here: {@code switchboard.oidc.…}.
 *
 * @param issuer the provider, as its tokens name it
 * @param clientId the name that the console has at the provider; empty: no one signs on at the console
 * @param clientSecret the console's secret there; empty for a public client
 * @param audience the name of the API in access tokens; empty: the API takes none
 * @param nameClaim the claim that tells one subject from all others, forever
 * @param rolesClaim the claim that has the roles: its name, or a JSON Pointer
 * @param lanesClaim the claim that has the lanes, likewise; empty: tokens are for all lanes
 * @param roles the values that stand for each role
 */
public record OpenIdSettings(
        URI issuer,
        String clientId,
        String clientSecret,
        String audience,
        String nameClaim,
        String rolesClaim,
        String lanesClaim,
        Map<String, Set<String>> roles) {

    private static final String PREFIX = "switchboard.oidc.";
    private static final String ALL_LANES = "*";
    private static final Pattern READABLE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:|@+-]{0,99}");
    private static final Pattern ADDRESS =
            Pattern.compile("https://[^\\s?#@]+|http://(localhost|127\\.0\\.0\\.1)[:/][^\\s?#@]+");

    /**
     * Reads the settings; none where no provider is set.
     *
     * @throws IllegalArgumentException when one is wrong; the text names it and shows no secret
     */
    public static Optional<OpenIdSettings> read(Config config) {
        String issuer = text(config, "issuer", "");
        String clientId = text(config, "client-id", "");
        String audience = text(config, "audience", "");
        if (issuer.isEmpty()) {
            require(clientId.isEmpty() && audience.isEmpty(), "issuer", "is missing: the address of the provider");
            return Optional.empty();
        }
        require(ADDRESS.matcher(issuer).matches(), "issuer", "must be an address that begins with https://");
        require(
                !(clientId + audience).isEmpty(),
                "client-id",
                "is missing, for the console; or set " + PREFIX + "audience, for the API");
        require(
                !clientId.equals(audience),
                "audience",
                "must not be the client-id: it would take the console's tokens");
        var roles = new HashMap<String, Set<String>>();
        Role.NAMES.forEach(role -> roles.put(
                role,
                Set.copyOf(config.getOptionalValues(PREFIX + "roles." + role, String.class)
                        .orElse(List.of("switchboard-" + role)))));
        return Optional.of(new OpenIdSettings(
                URI.create(issuer),
                clientId,
                text(config, "client-secret", ""),
                audience,
                text(config, "name-claim", "sub"),
                text(config, "roles-claim", "roles"),
                text(config, "lanes-claim", ""),
                roles));
    }

    private static String text(Config config, String name, String otherwise) {
        return config.getOptionalValue(PREFIX + name, String.class).orElse(otherwise);
    }

    private static void require(boolean right, String name, String what) {
        if (!right) {
            throw new IllegalArgumentException(PREFIX + name + ": " + what);
        }
    }

    /**
     * Returns what a token allows, as a key that no store has. Its name has an {@code @}, which no key has that an admin makes.
     *
     * @param claims of a token that is valid
     * @throws Refused (401) when it does not say whom or which lanes it is for
     */
    ApiKey grant(JsonNode claims) {
        String name = claim(claims, nameClaim).asText();
        if (name.isEmpty()) {
            throw Refused.because(401, "The token has no claim " + nameClaim + ".");
        }
        String subject = READABLE.matcher(name).matches() ? name : "#" + Sha256.hex(name);
        Set<String> given = values(claim(claims, rolesClaim));
        return ApiKey.granted(
                subject + issuer.toString().replaceFirst("https?://", "@"),
                Role.NAMES.stream()
                        .filter(role -> !Collections.disjoint(roles.get(role), given))
                        .toList(),
                lanesClaim.isEmpty() ? List.of() : lanes(values(claim(claims, lanesClaim))));
    }

    /** No lane would mean every lane, so a token has to say so. */
    private List<String> lanes(Set<String> given) {
        if (given.contains(ALL_LANES)) {
            return List.of();
        }
        if (given.isEmpty() || !given.stream().allMatch(NewKey::isLane)) {
            throw Refused.because(
                    401, "The claim " + lanesClaim + " must have vendors, vendor/account, or * for all lanes.");
        }
        return List.copyOf(given);
    }

    private static JsonNode claim(JsonNode claims, String name) {
        return name.startsWith("/") ? claims.at(name) : claims.path(name);
    }

    /** One text holds several, as {@code scope} does, or a list has one each. */
    private static Set<String> values(JsonNode claim) {
        var values = new HashSet<String>();
        if (claim.isTextual()) {
            values.addAll(List.of(claim.textValue().split(" ")));
        }
        StreamSupport.stream(claim.spliterator(), false)
                .filter(JsonNode::isTextual)
                .forEach(each -> values.add(each.textValue()));
        values.remove("");
        return values;
    }
}
