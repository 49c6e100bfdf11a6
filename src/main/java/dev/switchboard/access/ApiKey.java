package dev.switchboard.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what: one key of the API. Times are milliseconds since 1970.
 *
 * @param lanes the vendors ({@code acme}) and lanes ({@code acme/default}) that it may send to; none: all
 * @param idPrefix what the ids of its messages begin with; empty: anything
 * @param perSecond how many requests it may make in a second; null: any number
 * @param salt of the hash, in hexadecimal digits
 * @param hash SHA-256 of salt and secret, in hexadecimal digits
 */
public record ApiKey(
        String name,
        List<String> roles,
        List<String> lanes,
        String idPrefix,
        @Nullable Integer perSecond,
        String salt,
        String hash,
        long createdAt,
        @Nullable Long expiresAt,
        @Nullable Long revokedAt) {

    /** Returns whether it counts at a time. */
    public boolean isValid(long now) {
        return revokedAt == null && (expiresAt == null || now < expiresAt);
    }

    /** Returns whether it may send to a lane ({@code vendor/account}). */
    public boolean maySendTo(String lane) {
        return lanes.isEmpty() || lanes.contains(lane) || lanes.contains(lane.substring(0, lane.indexOf('/')));
    }
}
