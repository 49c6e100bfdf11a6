package dev.switchboard.store;

/**
 * What is to be done in a lane before something of it is claimed, seen at one look: nearly always nothing, and to ask for each
 * by itself takes longer than to claim.
 *
 * @param epoch of the lane's owner
 * @param paused whether somebody has paused the lane
 * @param expired whether messages have expired
 * @param unplaced whether messages have no place in the queue that should have one by now
 * @param held whether any batch is paused
 * @param discards whether a batch was cancelled that has messages left, or messages here are to be erased
 */
record Chores(long epoch, boolean paused, boolean expired, boolean unplaced, boolean held, boolean discards) {

    private static final String OF_THE_LANE = " or exists (select 1 from message where lane = ? and ";
    private static final String LOOK = "select epoch, paused is not null and (until is null or until > ?),"
            + " exists (select 1 from message where lane = ? and expires <= ? and place is not null and place <> 4),"
            + " exists (select 1 from message where lane = ? and place in (0, 3, 5) and place = 0)"
            + OF_THE_LANE + "place in (0, 3, 5) and place = 3 and due <= ?),"
            + " exists (select 1 from batch where paused = 1),"
            + " exists (select 1 from batch where state = 'cancelled' and unfinished > 0)"
            + OF_THE_LANE + "erase = 1 and place is not null and place in (0, 1, 2, 3, 5, 6))"
            + " from lane where name = ?";

    static Chores of(Transaction transaction, String lane) {
        long now = Clock.now();
        return transaction
                .sql()
                .first(
                        LOOK,
                        row -> new Chores(
                                row.getLong(1),
                                row.getBoolean(2),
                                row.getBoolean(3),
                                row.getBoolean(4),
                                row.getBoolean(5),
                                row.getBoolean(6)),
                        now,
                        lane,
                        now,
                        lane,
                        lane,
                        now,
                        lane,
                        lane)
                .orElseThrow();
    }
}
