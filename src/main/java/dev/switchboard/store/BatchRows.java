package dev.switchboard.store;

import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import java.util.Optional;

/** Takes away the records of ended batches that are no messages, when they are old. */
final class BatchRows {

    /** Finds the oldest batch that has ended by a time, and of whose records so much has been taken away. */
    static final String ENDED = "select id from batch where forgotten = ? and forgotten < 2"
            + " and state in ('finished', 'stopped', 'cancelled') and coalesce(finished_at, started_at) <= ?"
            + " order by coalesce(finished_at, started_at) limit 1";

    private BatchRows() {}

    /**
     * Takes away what the records held that were rejected, or all of the records that are no messages; some of one batch at a time.
     *
     * @param before how much had been taken away so far: 0 nothing, 1 what they held
     * @return how many records, or batches that have none
     */
    static int forget(Transaction transaction, int before, long until, int most) {
        Sql sql = transaction.sql();
        Optional<String> batch = sql.first(ENDED, Row::text, before, until);
        if (batch.isEmpty()) {
            return 0;
        }
        transaction.part(Erasure.Trace.class, Erasure.Trace::new);
        String change = before == 0 ? "update batch_row set raw = null" : "delete from batch_row";
        String some = "(select line from batch_row where batch = ?" + (before == 0 ? " and raw is not null" : "")
                + " limit ?)";
        int changed = sql.update(change + " where batch = ? and line in " + some, batch.get(), batch.get(), most);
        if (changed < most) {
            sql.update("update batch set forgotten = ? where id = ?", before + 1, batch.get());
        }
        return Math.max(1, changed);
    }
}
