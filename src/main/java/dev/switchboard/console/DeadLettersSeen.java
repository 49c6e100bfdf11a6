package dev.switchboard.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;

/** When a viewer last opened the dead letters, which the browser remembers: what failed later is new. */
final class DeadLettersSeen {

    private static final String COOKIE = "dead-letters-seen";

    private DeadLettersSeen() {}

    /** Remembers that a viewer has opened them. A refresh is ignored, as the page may be hidden. */
    static void remember(Visit visit) {
        if (!visit.isRefresh()) {
            visit.remember(COOKIE, Long.toString(System.currentTimeMillis()));
        }
    }

    /** Returns the groups to which messages have been added since. */
    static List<JsonNode> newOnes(List<JsonNode> groups, Visit visit) {
        String last = visit.remembered(COOKIE);
        long seen = last.matches("\\d{1,15}") ? Long.parseLong(last) : 0;
        return groups.stream()
                .filter(group -> Instant.parse(group.path("lastSeen").asText()).toEpochMilli() >= seen)
                .toList();
    }
}
