package dev.switchboard.store;

import dev.switchboard.database.Transaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Records of a file that are kept in one commit, with their counts and the checkpoint.
 *
 * @param records how many records of the file have been read with this chunk
 * @param raw gives the record of a message as it came
 * @param further takes the invalid records that are not kept, before the commit, and may get them again
 */
public record BatchChunk(
        String batch,
        long records,
        List<Incoming> incoming,
        IntFunction<String> raw,
        List<Batch.Row> invalid,
        Consumer<List<Batch.Row>> further) {

    void keep(Transaction transaction, Arrivals arrivals) {
        List<Accepted> accepted = incoming.isEmpty() ? List.of() : Intake.accept(transaction, incoming, arrivals);
        var rows = new ArrayList<>(invalid);
        for (int i = 0; i < accepted.size(); i++) {
            if (accepted.get(i).kind() != Accepted.Kind.NEW) {
                rows.add(known(accepted.get(i), incoming.get(i), raw.apply(i)));
            }
        }
        if (!invalid.isEmpty()) {
            News.add(transaction, listener -> listener.cameIn("file", "invalid", invalid.size()));
        }
        long fresh = accepted.size() - (rows.size() - (long) invalid.size());
        long refused =
                rows.stream().filter(row -> row.state().equals("invalid")).count();
        String before = "select invalid from batch where id = ?";
        var room = new AtomicLong(Batch.MOST_INVALID - transaction.sql().number(before, batch));
        var kept = new ArrayList<Batch.Row>();
        var beyond = new ArrayList<Batch.Row>();
        rows.sort(Comparator.comparingLong(Batch.Row::line));
        rows.forEach(row -> (!row.state().equals("invalid") || room.getAndDecrement() > 0 ? kept : beyond).add(row));
        if (!beyond.isEmpty()) {
            further.accept(beyond);
        }
        transaction.update(
                "update batch set records = ?, accepted = accepted + ?, unfinished = unfinished + ?,"
                        + " duplicate = duplicate + ?, invalid = invalid + ? where id = ?",
                records,
                fresh,
                fresh,
                rows.size() - refused,
                refused,
                batch);
        transaction
                .sql()
                .insert(
                        "insert into batch_row (batch, line, state, id, reason, raw) values (?, ?, ?, ?, ?, ?)",
                        kept.stream()
                                .map(row -> new @Nullable Object[] {
                                    batch, row.line(), row.state(), row.id(), row.reason(), row.raw()
                                })
                                .toList());
    }

    private static Batch.Row known(Accepted accepted, Incoming incoming, String raw) {
        Long line = incoming.source().line();
        boolean conflict = accepted.kind() == Accepted.Kind.CONFLICT;
        return new Batch.Row(
                line == null ? 0 : line,
                conflict ? "invalid" : "duplicate",
                accepted.id(),
                conflict ? "id: there is already another message with this id" : null,
                conflict ? raw : null);
    }
}
