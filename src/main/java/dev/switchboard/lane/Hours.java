package dev.switchboard.lane;

import dev.switchboard.hours.OpeningHours;
import dev.switchboard.message.Message;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * When messages of an account may be sent.
 *
 * @param all of its operations
 * @param own of single operations, by their names, instead
 */
public record Hours(OpeningHours all, Map<String, OpeningHours> own) {

    static final Hours ALWAYS = new Hours(OpeningHours.ALWAYS, Map.of());

    /** The field by which a message is sent outside the hours. */
    private static final String IGNORE = "ignoreHours";

    boolean isAlways() {
        return all.isAlways() && own.isEmpty();
    }

    /** Returns the opening hours of an operation. */
    public OpeningHours of(String operation) {
        return own.getOrDefault(operation, all);
    }

    /** Returns whether a message is sent at any time. */
    static boolean isIgnored(Message message) {
        return message.json().path(IGNORE).asBoolean();
    }

    /** Returns until when a message has to wait, if it has to. */
    Optional<Instant> heldUntil(Message message, Instant now) {
        OpeningHours hours = of(message.operation());
        return hours.isOpen(now) || isIgnored(message) ? Optional.empty() : hours.nextOpening(now);
    }

    /** Returns when the account opens next, if it is closed for all operations. */
    Optional<Instant> opensAt(Instant now) {
        return all.isOpen(now) ? Optional.empty() : all.nextOpening(now);
    }
}
