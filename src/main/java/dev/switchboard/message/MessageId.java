package dev.switchboard.message;

import java.security.SecureRandom;
import java.util.UUID;

/** Makes ids for messages that come without one. */
public final class MessageId {

    private static final SecureRandom RANDOM = new SecureRandom();

    private MessageId() {}

    /** Returns a new UUID of version 7 (RFC 9562): its first 48 bits are the time in milliseconds, the rest is random. */
    public static String next() {
        long high = (System.currentTimeMillis() << 16) | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
