package dev.switchboard.queue;

import static dev.switchboard.queue.Stage.NEW;
import static dev.switchboard.queue.Stage.NOT_BEFORE;
import static dev.switchboard.queue.Stage.READY;
import static dev.switchboard.queue.Stage.SENDING;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;

/**
 * What is to be done in a lane before something of it is claimed, seen at one look: nearly always nothing, and to ask for each
 * by itself takes longer than to claim.
 *
 * @param epoch of the lane's owner
 * @param paused whether someone has paused the lane
 * @param expired whether messages have expired
 * @param unplaced whether messages have no place in the queue that should have one by now
 * @param held whether any batch is paused
 * @param discards whether a batch was cancelled that has messages left, or messages here are to be erased
 */
public record LaneMaintenance(
        long epoch, boolean paused, boolean expired, boolean unplaced, boolean held, boolean discards) {

    private static final String OF_THE_LANE = "exists (select 1 from work where lane = ? and ";
    private static final String LOOK = "select epoch, paused is not null and (until is null or until > ?), "
            + OF_THE_LANE + "expires <= ? and " + SENDING.isNot() + "), "
            + OF_THE_LANE + NEW.is() + Queue.UNPLACED + ") or "
            + OF_THE_LANE + NOT_BEFORE.is() + Queue.UNPLACED + " and due <= ?),"
            + " exists (select 1 from batch where paused = 1),"
            + " exists (select 1 from batch where state = 'cancelled' and unfinished > 0) or "
            + OF_THE_LANE + "erase = 1 and " + SENDING.isNot() + ")"
            + " from lane where name = ?";

    private static final String OF_EACH = "exists (select 1 from work where work.lane = lane.name and ";
    /** The condition that there is something of that in a lane, but for paused batches. */
    static final String ANY = OF_EACH + "expires <= ? and " + SENDING.isNot() + ") or "
            + OF_EACH + NEW.is() + Queue.UNPLACED + ") or "
            + OF_EACH + NOT_BEFORE.is() + Queue.UNPLACED + " and due <= ?) or "
            + OF_EACH + "erase = 1 and " + SENDING.isNot() + ") or "
            + "exists (select 1 from batch where state = 'cancelled' and unfinished > 0)";

    /** The condition that a message of a lane is due. */
    static final String DUE = OF_EACH + READY.is() + " and due <= ?)";

    public static LaneMaintenance of(Sql sql, String lane) {
        long now = Clock.now();
        return sql.first(LOOK, Row.as(LaneMaintenance.class), now, lane, now, lane, lane, now, lane, lane)
                .orElseThrow();
    }
}
