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
 * @param paused whether its messages are held back
 * @param profile the folder within {@code inbox/} that it came in, or nothing
 * @param header the first line of its file, where that names the columns
 * @param reason why it was stopped or cancelled
 * @param startedAt when its reading began, in milliseconds since 1970
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
        long unfinished,
        long delivered,
        long dead,
        long uncertain,
        long discarded,
        boolean paused,
        String profile,
        @Nullable String header,
        @Nullable String reason,
        long startedAt,
        @Nullable Long finishedAt) {

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
