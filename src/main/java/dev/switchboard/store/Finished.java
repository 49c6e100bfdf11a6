package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.State;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that is finished.
 *
 * @param attempts how many attempts have been made
 * @param finishedAt in milliseconds since 1970
 * @param maybeSent whether it failed, and may have reached its goal anyway
 * @param fellBack whether another message was sent in its place
 * @param erased whether what it held is no more
 */
record Finished(
        long seq,
        String id,
        String lane,
        String api,
        @Nullable String conversation,
        @Nullable String conversationOf,
        @Nullable String batch,
        State state,
        int attempts,
        long finishedAt,
        boolean maybeSent,
        boolean fellBack,
        boolean erased) {

    private static final String SELECT =
            "select outcome.seq, id, outcome.lane, api, conversation, conversation_of, message.batch, state, attempts,"
                    + " finished_at, maybe, " + Fallback.exists("outcome.seq")
                    + ", erased_at is not null from outcome cross join message"
                    + " where message.seq = outcome.seq and outcome.seq = ?";

    /** Finds a message that is finished. */
    static Optional<Finished> find(Sql sql, long seq) {
        return sql.first(SELECT, Row.as(Finished.class), seq);
    }
}
