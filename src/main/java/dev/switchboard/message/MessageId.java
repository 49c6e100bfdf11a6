package dev.switchboard.message;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.regex.Pattern;

/** Says what an id is, and makes ids for messages that come without one. */
public final class MessageId {

    /** The form of an id; {@code .} and {@code ..} would mean other places in a path. */
    public static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._:-]{1,128}");

    /** Guessing an id gains nothing, so a cheap generator with a secure seed is enough, at a hundredth of the cost. */
    private static final SplittableRandom RANDOM = new SplittableRandom(new SecureRandom().nextLong());

    private MessageId() {}

    /** Returns a new UUID of version 7 (RFC 9562): its first 48 bits are the time in milliseconds, the rest is random. */
    public static String next() {
        long one;
        long other;
        synchronized (RANDOM) {
            one = RANDOM.nextLong();
            other = RANDOM.nextLong();
        }
        long high = (System.currentTimeMillis() << 16) | 0x7000 | (one & 0xfff);
        long low = (other & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
