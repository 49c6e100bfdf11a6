package dev.switchboard.torture;

import dev.switchboard.vendor.Answer;
import java.util.Map;
import java.util.random.RandomGenerator;

/** What goes wrong at the vendor; the number says how many of a hundred requests it hits. */
enum Trouble {
    NONE(0),
    /** The connection is reset, before the request is read or after. */
    RESET(15),
    /** The request is read, and no answer comes. */
    HANG(5),
    /** The answer is cut off. */
    HALF(15),
    /** What comes back is no HTTP, or no JSON. */
    GARBAGE(15),
    /** Too many requests, says the vendor, and does nothing. */
    STORM_429(60),
    /** The vendor is out of service. */
    OUT_503(100),
    /** The vendor takes connections, and never answers. */
    OUT_SILENT(100),
    /** Connections are cut before anything is read. */
    OUT_RESET(100);

    private static final String PAGE = "<html><body>Something went wrong.</body></html>";

    private final int share;

    Trouble(int share) {
        this.share = share;
    }

    /** What a vendor does with a request. */
    record Reaction(Answer answer, boolean performed) {}

    boolean hits(RandomGenerator random) {
        return random.nextInt(100) < share;
    }

    /** Returns whether a request that it hits is cut off unread. */
    boolean cutsUnread(RandomGenerator random) {
        return this == OUT_RESET || (this == RESET && random.nextBoolean());
    }

    /** Where the caller cannot know whether the request was done, it was done every other time. */
    Reaction react(Answer good, Kind kind, RandomGenerator random) {
        return switch (this) {
            case NONE -> new Reaction(good, true);
            case RESET, OUT_RESET -> new Reaction(good.with(Answer.Fault.DROP_AFTER), random.nextBoolean());
            case HANG -> new Reaction(good.with(Answer.Fault.HANG), random.nextBoolean());
            case OUT_SILENT -> new Reaction(good.with(Answer.Fault.HANG), false);
            case HALF -> new Reaction(good.with(Answer.Fault.HALF), true);
            case GARBAGE ->
                kind == Kind.SEND && random.nextBoolean()
                        ? new Reaction(Answer.of(200, PAGE), random.nextBoolean())
                        : new Reaction(good.with(Answer.Fault.GARBAGE), random.nextBoolean());
            case STORM_429 -> new Reaction(new Answer(429, Map.of("Retry-After", "1"), "", Answer.Fault.NONE), false);
            case OUT_503 -> new Reaction(Answer.of(503), false);
        };
    }
}
