package dev.switchboard.queue;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.WaitReason;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an unfinished message waits for as far as the queue knows; its lane knows the rest.
 *
 * @param until when that is over, where the time decides
 * @param subject the message or batch that it waits for
 */
public record Waiting(
        String lane,
        String api,
        WaitReason reason,
        @Nullable Instant until,
        @Nullable String subject) {

    private static final Set<WaitReason> OF_THE_ROW =
            Set.of(WaitReason.START, WaitReason.NOT_BEFORE, WaitReason.CONVERSATION, WaitReason.BATCH);
    /** What is over at a time after an attempt. */
    public static final Set<WaitReason> DUE_LATER = EnumSet.range(WaitReason.RETRY, WaitReason.GATE);

    private static final String IN_THE_QUEUE = Stage.in(Stage.NEW, Stage.READY);
    private static final String LANE_AND_API = "work.lane || ' ' || work.api";
    private static final String PAUSED_BATCH = "work.batch in (select id from batch where paused = 1)";
    private static final String AHEAD = "case when " + Stage.BEHIND.is()
            + " then (select other.id from work as ahead join message as other on other.seq = ahead.seq"
            + " where ahead.lane = work.lane and ahead.api = work.api and ahead.conversation = work.conversation"
            + " and ahead.front = 1 order by ahead.position limit 1) else work.conversation_of end";
    private static final String SELECT = "select message.id, work.lane, work.api, stage, waits, due, work.batch, "
            + PAUSED_BATCH + ", " + AHEAD + " from identity join message on message.seq = identity.seq"
            + " join work on work.lane = message.lane and work.seq = message.seq"
            + " where " + Stage.SENDING.isNot() + " and identity.id in (?*)";

    /** An unfinished message as the queue has it. */
    private record Queued(
            String id,
            String lane,
            String api,
            Stage stage,
            @Nullable WaitReason waits,
            long due,
            @Nullable String batch,
            boolean isPaused,
            @Nullable String ahead) {

        private Waiting waiting() {
            return switch (stage) {
                case AWAITING -> waiting(WaitReason.START, null, ahead);
                case NOT_BEFORE -> waiting(WaitReason.NOT_BEFORE, Instant.ofEpochMilli(due), null);
                case BEHIND -> waiting(WaitReason.CONVERSATION, null, ahead);
                default -> isPaused || stage == Stage.HELD ? waiting(WaitReason.BATCH, null, batch) : inTheQueue();
            };
        }

        private Waiting inTheQueue() {
            return waits == null || due <= Clock.steady()
                    ? waiting(WaitReason.TURN, null, null)
                    : waiting(waits, Instant.ofEpochMilli(Clock.ofDay(due)), null);
        }

        private Waiting waiting(WaitReason reason, @Nullable Instant until, @Nullable String subject) {
            return new Waiting(lane, api, reason, until, subject);
        }
    }

    /** Returns what some messages wait for, by their ids; those that are finished or being sent are left out. */
    public static Map<String, Waiting> of(Sql sql, List<String> ids) {
        var all = new HashMap<String, Waiting>();
        sql.listIn(SELECT, Row.as(Queued.class), ids).forEach(each -> all.put(each.id, each.waiting()));
        return all;
    }

    /** Returns whether it waits for nothing else than to be claimed, now or when it is due; its lane may hold it back. */
    public boolean isInTheQueue() {
        return !OF_THE_ROW.contains(reason);
    }

    /** Returns whether it waits for a time after an attempt. */
    public boolean isDueLater() {
        return DUE_LATER.contains(reason);
    }

    /**
     * Which waiting messages someone asks for.
     *
     * @param apis of which lanes, each as lane and api with a space between them; where an account is missing: of which not
     */
    public record Wanted(@Nullable WaitReason reason, Collection<String> apis) {

        /** All that are due later. */
        public static final Wanted DUE_LATER = new Wanted(null, List.of());

        /** Adds the condition that a row of work waits for it. */
        public Query add(Query query) {
            if (reason == null) {
                return query.and(Stage.READY.is() + " and due > ?", Clock.steady());
            }
            return switch (reason) {
                case START -> query.and(Stage.AWAITING.is());
                case NOT_BEFORE -> query.and(Stage.NOT_BEFORE.is());
                case CONVERSATION -> query.and(Stage.BEHIND.is());
                case BATCH -> query.and("(" + Stage.HELD.is() + " or " + IN_THE_QUEUE + " and " + PAUSED_BATCH + ")");
                case ACCOUNT ->
                    apis.isEmpty()
                            ? all(query)
                            : all(query)
                                    .add(" and not (1 = 1")
                                    .in(LANE_AND_API, apis)
                                    .add(")");
                case RETRY, RETRY_AFTER, LATER, HOURS, GATE ->
                    of(query).and("waits = ? and due > ?", reason.toString(), Clock.steady());
                case INSTANCE, RATE, TURN -> of(query).and("(waits is null or due <= ?)", Clock.steady());
                case PAUSED, CIRCUIT -> of(query);
            };
        }

        private static Query all(Query query) {
            return query.and(IN_THE_QUEUE + " and (work.batch is null or not " + PAUSED_BATCH + ")");
        }

        private Query of(Query query) {
            return all(query).in(LANE_AND_API, apis);
        }
    }
}
