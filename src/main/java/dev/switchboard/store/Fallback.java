package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message that is sent instead of one which failed. It is accepted in the commit that writes the failure, or never. */
record Fallback(Incoming message, Arrivals arrivals) {

    /** The number of a message's fallback, and of the message that it is the fallback of. */
    private static final String BY = "(select fallback.seq from fallback where original = message.seq)";

    private static final String OF = "(select original from fallback where fallback.seq = message.seq)";
    private static final String ID = "(select other.id from message as other where other.seq = ";

    /** Selects the ids of both, for {@code message}. */
    static final String IDS = ID + BY + ") as fallback, " + ID + OF + ") as fallback_of";

    /** Selects the id of a message's fallback. */
    static final String ID_OF_IT = ID + BY + ")";

    /** Selects 1 where a message that failed may have reached its goal anyway, by itself or by its fallback; else 0. */
    static final String MAYBE = "case when maybe = 1 or " + exists("outcome.seq") + " then 1 else 0 end";

    /** Finds a fallback of a message, of which it is an edited copy, or that it is itself. */
    private static final String IN_CHAIN =
            "with recursive earlier (seq, replaces) as (select seq, replaces from message where seq = ? union all"
                    + " select message.seq, message.replaces from earlier join identity on identity.id = earlier.replaces"
                    + " join message on message.seq = identity.seq) select 1 from earlier where exists"
                    + " (select 1 from fallback where fallback.seq = earlier.seq or fallback.original = earlier.seq)";

    /** Tells whether a message, by its number, has a fallback. */
    static String exists(String seq) {
        return "exists (select 1 from fallback where original = " + seq + ")";
    }

    /** How it came in is how the one did that failed; but it is no line of a file. */
    private record Origin(
            @Nullable String batch,
            @Nullable String sender,
            @Nullable String trace,
            @Nullable String replyTo,
            @Nullable String correlation) {
        Incoming.Source source(String intake) {
            return new Incoming.Source(intake, null, null, replyTo, correlation, trace, sender);
        }
    }

    /** Accepts it, unless the one that failed has a fallback already, is one, is an edited copy of either, or is not to be sent. */
    void accept(Transaction transaction, long original) {
        Sql sql = transaction.sql();
        if (sql.any(IN_CHAIN, original)) {
            return;
        }
        sql.first(
                        "select message.batch, sender, trace, reply_to, correlation from message join outcome on"
                                + " outcome.seq = message.seq where message.seq = ? and state = ? and erased_at is null",
                        Row.as(Origin.class),
                        original,
                        State.DEAD.toString())
                .filter(origin -> !Batches.isCancelled(sql, origin.batch))
                .ifPresent(origin -> {
                    Incoming incoming =
                            message.from(origin.source(message.source().intake()));
                    Intake.accept(transaction, List.of(incoming), arrivals);
                    sql.update(
                            "insert into fallback (seq, original) select seq, ? from identity where id = ?",
                            original,
                            incoming.message().id());
                });
    }
}
