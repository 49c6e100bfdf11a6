package dev.switchboard.store;

import org.jspecify.annotations.Nullable;

/**
 * One dropped or uploaded file.
 *
 * @param id the batch's id
 * @param origin the file
 * @param state the state as in the contract, such as {@code reading}
 * @param records the checkpoint: how many records have been read
 * @param accepted how many of them are messages of this batch
 * @param duplicate how many had been accepted before
 * @param invalid how many are no messages
 * @param unfinished how many of its messages are not finished
 * @param paused whether its messages are held back
 * @param header the first line of its file, where that names the columns
 * @param reason why it was stopped or cancelled
 * @param startedAt when its reading began, in milliseconds since 1970
 */
public record Batch(
        String id,
        Origin origin,
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
        @Nullable String header,
        @Nullable String reason,
        long startedAt,
        @Nullable Long finishedAt) {

    /** So many invalid records are kept; further ones are only counted. */
    public static final int MOST_INVALID = 10_000;

    /**
     * The file of a batch.
     *
     * @param name its name as it was dropped
     * @param path how it is known as long as it is read, and told from another of its name
     * @param folder the folder of dropped files, with {@code inbox/} and {@code results/}, that it came by
     * @param profile the folder within {@code inbox/} that it came in, or nothing
     * @param sender who uploaded it, where that is known
     */
    public record Origin(
            String name,
            String path,
            String folder,
            String profile,
            @Nullable String sender) {

        /** Makes the origin of a file that was dropped. */
        public Origin(String name, String path, String folder, String profile) {
            this(name, path, folder, profile, null);
        }
    }

    /** Returns the file's name as it was dropped. */
    public String name() {
        return origin.name();
    }

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
