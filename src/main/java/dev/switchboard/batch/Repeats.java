package dev.switchboard.batch;

import dev.switchboard.message.Message;

/**
 * Finds messages of a file that have the same id, in at most 64 MiB of memory. It keeps 64 bits of each id, and 64 of
 * its message.
 */
final class Repeats {

    /** How many ids are remembered; later ones are only compared with these. */
    static final int MOST = 2_000_000;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int FIRST_SLOTS = 1 << 10;

    /** What a message is to those before it. */
    enum Kind {
        NEW,
        DUPLICATE,
        CONFLICT
    }

    private final int most;
    private long[] ids = new long[FIRST_SLOTS];
    private long[] hashes = new long[FIRST_SLOTS];
    private int count;
    private boolean full;

    Repeats(int most) {
        this.most = most;
    }

    /** Returns whether ids have come that could not be remembered. */
    boolean full() {
        return full;
    }

    /** Remembers a message, and returns whether there was one with the same id. */
    Kind add(Message message) {
        long id = mixed(message.id());
        long hash = Long.parseUnsignedLong(message.hash(), 0, 16, 16);
        int slot = slot(ids, id);
        if (ids[slot] == id) {
            return hashes[slot] == hash ? Kind.DUPLICATE : Kind.CONFLICT;
        }
        full = count >= most;
        if (!full) {
            ids[slot] = id;
            hashes[slot] = hash;
            count++;
            grow();
        }
        return Kind.NEW;
    }

    private void grow() {
        if (2 * count <= ids.length) {
            return;
        }
        var moreIds = new long[2 * ids.length];
        var moreHashes = new long[2 * ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != 0) {
                int slot = slot(moreIds, ids[i]);
                moreIds[slot] = ids[i];
                moreHashes[slot] = hashes[i];
            }
        }
        ids = moreIds;
        hashes = moreHashes;
    }

    private static int slot(long[] ids, long id) {
        int slot = (int) id & (ids.length - 1);
        while (ids[slot] != 0 && ids[slot] != id) {
            slot = (slot + 1) & (ids.length - 1);
        }
        return slot;
    }

    /** Returns 64 bits that are never 0; ids that differ in a digit differ in many of them. */
    private static long mixed(String id) {
        long mixed = FNV_OFFSET;
        for (int i = 0; i < id.length(); i++) {
            mixed = (mixed ^ id.charAt(i)) * FNV_PRIME;
        }
        mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        mixed ^= mixed >>> 33;
        return mixed == 0 ? 1 : mixed;
    }
}
