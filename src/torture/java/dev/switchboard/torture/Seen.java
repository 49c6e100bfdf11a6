package dev.switchboard.torture;

import java.time.Instant;

/**
 * A request in the vendor's log.
 *
 * @param kind what it asked for
 * @param id the message's id, made from what the vendor is told; {@link #UNREAD} where the request was not read
 * @param performed whether the vendor did it
 */
record Seen(Instant at, Kind kind, String id, boolean performed) {

    static final String UNREAD = "-";

    String line() {
        return at.toEpochMilli() + " " + kind + " " + id + " " + (performed ? "performed" : "refused");
    }

    static Seen of(String line) {
        String[] words = line.split(" ", -1);
        return new Seen(
                Instant.ofEpochMilli(Long.parseLong(words[0])),
                Kind.valueOf(words[1]),
                words[2],
                words[3].equals("performed"));
    }

    String conversation() {
        return id.substring(0, Math.max(0, id.lastIndexOf('.')));
    }

    int number() {
        return Integer.parseInt(id.substring(id.lastIndexOf('.') + 1));
    }
}
