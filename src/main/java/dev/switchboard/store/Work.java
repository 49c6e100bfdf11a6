package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.State;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Queue;
import dev.switchboard.queue.Stage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that is not finished.
 *
 * @param waits what it waits for since its last attempt; null where none has failed since it was accepted or replayed
 * @param attempts how many attempts have been made, the one that goes on included
 * @param epoch of the owner that made the last attempt
 * @param uncertain whether an earlier attempt may have been done
 * @param run the replay run that its outcome belongs to
 * @param erase whether someone has asked to erase it
 */
record Work(
        long seq,
        String id,
        String lane,
        String api,
        String operation,
        @Nullable String conversation,
        Stage stage,
        @Nullable String waits,
        int attempts,
        long epoch,
        boolean uncertain,
        @Nullable String batch,
        @Nullable String replyTo,
        @Nullable String correlation,
        @Nullable Long run,
        boolean erase,
        @Nullable String failure) {

    static final String INSERT =
            "insert into work (lane, seq, api, conversation, conversation_of, batch, stage, front, band, position,"
                    + " due, expires, attempts, tries, uncertain, epoch, run) values (?, ?, ?, ?, ?, ?, ?, ?, ?,"
                    + " ?, ?, ?, ?, 0, ?, ?, ?)";

    /** The state of a row of work. */
    static final String STATE = "case when " + Stage.SENDING.is()
            + " then 'sending' when waits is not null then 'waiting' else 'accepted' end";

    /** Joins a message's outcome or work, whichever it has. */
    static final String OR_OUTCOME = " left join outcome on outcome.seq = message.seq"
            + " left join work on work.lane = message.lane and work.seq = message.seq";

    /** The state of a message with {@link #OR_OUTCOME}. */
    static final String STATE_OF_ANY = "coalesce(outcome.state, " + STATE + ")";

    private static final String SELECT =
            "select work.seq, id, work.lane, work.api, operation, work.conversation, stage, waits, attempts, epoch,"
                    + " uncertain, work.batch, reply_to, correlation, run, erase, failure from work cross join message"
                    + " where message.seq = work.seq and ";

    /** Finds the work of a message, if it is not finished. */
    static Optional<Work> find(Sql sql, String lane, long seq) {
        return sql.first(SELECT + "work.lane = ? and work.seq = ?", Row.as(Work.class), lane, seq);
    }

    /** Lists work; the condition goes on after {@code where}. */
    static List<Work> list(Sql sql, String condition, @Nullable Object... values) {
        return sql.list(SELECT + condition, Row.as(Work.class), values);
    }

    /** Returns what is known of a message whose attempt ends from when it was claimed. */
    static Optional<Work> of(Claimed claimed) {
        Claimed.Rest rest = claimed.rest();
        return Optional.ofNullable(rest)
                .map(known -> new Work(
                        claimed.seq(),
                        claimed.message().id(),
                        claimed.message().lane(),
                        claimed.api(),
                        claimed.message().operation(),
                        claimed.message().conversationId(),
                        Stage.SENDING,
                        null,
                        claimed.attempt(),
                        claimed.epoch(),
                        claimed.uncertain(),
                        known.batch(),
                        known.replyTo(),
                        known.correlation(),
                        known.run(),
                        false,
                        null));
    }

    State state() {
        return stage == Stage.SENDING ? State.SENDING : waits != null ? State.WAITING : State.ACCEPTED;
    }

    /** Returns the values of the row of a message that comes in. */
    static @Nullable Object[] row(Incoming incoming, long seq, Stage stage, @Nullable Claimed claimed) {
        Instant notBefore = incoming.message().notBefore();
        Stage now = claimed == null ? stage : Stage.SENDING;
        return new @Nullable Object[] {
            incoming.lane(),
            seq,
            incoming.api(),
            incoming.conversation(),
            incoming.message().conversationOf(),
            incoming.source().batch(),
            now.toString(),
            now.front(),
            incoming.source().batch() == null ? Queue.SINGLE : Queue.OF_A_BATCH,
            seq,
            notBefore == null ? Clock.steady() : notBefore.toEpochMilli(),
            incoming.expiresAt(),
            claimed == null ? 0 : 1,
            0,
            claimed == null ? 0L : claimed.epoch(),
            null
        };
    }
}
