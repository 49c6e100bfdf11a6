package dev.switchboard.intake;

import dev.switchboard.message.Message;
import dev.switchboard.store.Batch;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Some records of a batch that are kept in one commit, with the checkpoint behind them.
 *
 * @param batch the batch's id
 * @param sender who uploaded the batch, where that is known
 * @param records how many of the batch's records have been read when these are kept
 * @param messages those that are messages
 * @param invalid those that are not
 * @param further takes the invalid records that the store does not keep; they are on the disk when it returns
 */
public record Chunk(
        String batch,
        @Nullable String sender,
        long records,
        List<Line> messages,
        List<Batch.Row> invalid,
        Consumer<List<Batch.Row>> further) {

    /**
     * A record that is a message.
     *
     * @param number its line in the file, from 1
     * @param message the message; it has an id
     * @param raw makes the record as it came
     */
    public record Line(long number, Message message, Supplier<String> raw) {}

    /** Returns the same without its messages, of which nothing is to be sent. */
    public Chunk withoutMessages() {
        return new Chunk(batch, sender, records, List.of(), invalid, further);
    }

    /** Returns how many records it has. */
    public int size() {
        return messages.size() + invalid.size();
    }
}
