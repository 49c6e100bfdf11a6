package dev.switchboard.message;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;

/** Says what an id is, and makes ids for messages that come without one. */
public final class MessageId {

    /** The characters of an id; {@code .} and {@code ..} would be other places in a path. */
    public static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:-]{1,128}");

    /** Nobody gains by guessing an id, so what begins at a place that nobody can guess is enough, and costs a hundredth. */
    private static final ThreadLocal<SplittableRandom> RANDOM =
            ThreadLocal.withInitial(() -> new SplittableRandom(new SecureRandom().nextLong()));

    private MessageId() {}

    /** Returns a new UUID of version 7 (RFC 9562): its first 48 bits are the time in milliseconds, the rest is random. */
    public static String next() {
        SplittableRandom random = RANDOM.get();
        long high = (System.currentTimeMillis() << 16) | 0x7000 | random.nextInt(1 << 12);
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
