package dev.switchboard.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what: one key of the API. Times are milliseconds since 1970.
 *
 * @param lanes the vendors ({@code acme}) and lanes ({@code acme/default}) that it is for; none: all
 * @param idPrefix what the ids of its messages begin with; empty: anything
 * @param transcripts {@link #OWN} or {@link #LANE}: whose conversations it may read, where it sees its own messages only
 * @param perSecond how many requests it may make in a second; null: any number
 * @param salt of the hash, in hexadecimal digits
 * @param hash SHA-256 of salt and secret, in hexadecimal digits
 */
public record ApiKey(
        String name,
        List<String> roles,
        List<String> lanes,
        String idPrefix,
        String transcripts,
        @Nullable Integer perSecond,
        String salt,
        String hash,
        long createdAt,
        @Nullable Long expiresAt,
        @Nullable Long revokedAt) {

    /** It reads transcripts of conversations that it has sent to. */
    public static final String OWN = "own";

    /** It reads transcripts of all conversations of its lanes. */
    public static final String LANE = "lane";

    /** Returns, as a key, the rights of a caller who has no key in the store. */
    public static ApiKey granted(String name, List<String> roles, List<String> lanes) {
        return new ApiKey(name, roles, lanes, "", OWN, null, "", "", 0, null, null);
    }

    /** Returns whether the store has it. */
    public boolean isStored() {
        return !hash.isEmpty();
    }

    /** Returns whether it counts at a time. */
    public boolean isValid(long now) {
        return revokedAt == null && (expiresAt == null || now < expiresAt);
    }

    /** Returns whether it is for a lane ({@code vendor/account}). */
    public boolean isFor(String lane) {
        return covers(lanes, lane);
    }

    /** Returns whether some lanes and vendors cover a lane, or all of a vendor; none cover all. */
    public static boolean covers(List<String> lanes, String lane) {
        return lanes.isEmpty() || lanes.contains(lane) || lanes.contains(lane.replaceFirst("/.*", ""));
    }
}
