package dev.switchboard.security;

import dev.switchboard.access.ApiKey;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A key that is to be made.
 *
 * @param lanes vendors or {@code vendor/account}; none: all
 * @param transcripts whose conversations it may read: {@link ApiKey#OWN} or {@link ApiKey#LANE}
 * @param idPrefix what the ids of its messages begin with; empty: anything
 * @param expiresAt in milliseconds since 1970; null: never
 */
public record NewKey(
        String name,
        List<String> roles,
        List<String> lanes,
        String idPrefix,
        String transcripts,
        @Nullable Integer perSecond,
        @Nullable Long expiresAt) {

    /** In the audit and of a message these names stand for a caller without a key: a key of such a name could pass for the bus. */
    private static final Set<String> RESERVED = Set.of(
            Caller.ANYONE, Caller.UNKNOWN, "nobody", "anonymous", "visitor", "switchboard", "bus", "system", "console");

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
    private static final Pattern LANE = Pattern.compile("[a-z0-9-]+(/[a-z0-9-]+)?");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._:-]{0,40}");

    /**
     * Checks it.
     *
     * @throws Refused (422) with each thing that is wrong with it
     */
    public NewKey {
        var faults = new ArrayList<Fault>();
        if (!NAME.matcher(name).matches()) {
            faults.add(Fault.of("name", "pattern", "must match " + NAME.pattern()));
        }
        if (RESERVED.contains(name)) {
            faults.add(Fault.of("name", "reserved", "is a name of the bus; choose another"));
        }
        if (roles.isEmpty() || !Role.NAMES.containsAll(roles)) {
            faults.add(Fault.of("roles", "enum", "must be one or more of " + String.join(", ", Role.NAMES)));
        }
        if (!lanes.stream().allMatch(NewKey::isLane)) {
            faults.add(Fault.of("lanes", "pattern", "must be vendors or vendor/account"));
        }
        if (!PREFIX.matcher(idPrefix).matches()) {
            faults.add(Fault.of("idPrefix", "pattern", "must match " + PREFIX.pattern()));
        }
        if (!transcripts.equals(ApiKey.OWN) && !transcripts.equals(ApiKey.LANE)) {
            faults.add(Fault.of("transcripts", "enum", "must be own or lane"));
        }
        if (perSecond != null && perSecond < 1) {
            faults.add(Fault.of("perSecond", "minimum", "must be at least 1"));
        }
        if (expiresAt != null && expiresAt <= System.currentTimeMillis()) {
            faults.add(Fault.of("expiresAt", "range", "has passed"));
        }
        if (!faults.isEmpty()) {
            throw Refused.invalid(faults);
        }
        roles = List.copyOf(roles);
        lanes = List.copyOf(lanes);
    }

    /** Returns whether a text can name a vendor or a lane. */
    static boolean isLane(String text) {
        return LANE.matcher(text).matches();
    }

    /** Asks for a key that reads its own transcripts only. */
    public NewKey(
            String name,
            List<String> roles,
            List<String> lanes,
            String idPrefix,
            @Nullable Integer perSecond,
            @Nullable Long expiresAt) {
        this(name, roles, lanes, idPrefix, ApiKey.OWN, perSecond, expiresAt);
    }
}
