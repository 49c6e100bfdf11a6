package dev.switchboard.store;

import org.jspecify.annotations.Nullable;

/**
 * One dropped or uploaded file.
 *
 * @param id the batch's id
 * @param name the file's name as it was dropped
 * @param path where the file is while it is read
 * @param state the state as in the contract, such as {@code reading}
 * @param records the checkpoint: how many records have been read
 * @param accepted how many of them are messages of this batch
 * @param duplicate how many had been accepted before
 * @param invalid how many are no messages
 * @param unfinished how many of its messages are not finished
 */
public record Batch(
        String id,
        String name,
        String path,
        String state,
        long records,
        long accepted,
        long duplicate,
        long invalid,
        long unfinished) {

    /**
     * A record of a batch that is no message of its own.
     *
     * @param line the record's line in the file, from 1
     * @param state {@code invalid} or {@code duplicate}
     * @param id the id of the message, where it has one
     * @param reason what is wrong with it
     * @param raw the record as it came
     */
    public record Row(
            long line,
            String state,
            @Nullable String id,
            @Nullable String reason,
            @Nullable String raw) {}
}
