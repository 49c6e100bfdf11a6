package dev.switchboard.batch;

import dev.switchboard.store.Batch;
import org.jspecify.annotations.Nullable;

/** What is known while a file is read. Used by one thread after the other. */
public final class BatchRun {

    private final Batch batch;
    private final Profile profile;
    private boolean ended;
    private boolean refused;
    private @Nullable String reason;
    private long read;
    private long invalid;

    BatchRun(Batch batch, Profile profile) {
        this.batch = batch;
        this.profile = profile;
        this.read = batch.records();
        this.invalid = batch.invalid();
        if (batch.reason() != null) {
            refuse(batch.reason());
        }
    }

    Batch batch() {
        return batch;
    }

    Profile profile() {
        return profile;
    }

    /** The file is not read further. */
    void stop(String why) {
        ended = true;
        reason = reason == null ? why : reason;
    }

    /** None of its messages is sent; the rest of it is read for what is wrong with it. */
    void refuse(String why) {
        refused = true;
        reason = why;
    }

    boolean ended() {
        return ended;
    }

    boolean refused() {
        return refused;
    }

    /** Returns why the batch is stopped, if it is. */
    @Nullable
    String reason() {
        return reason;
    }

    /** Counts checked records, and stops where too many are invalid. */
    void count(int records, int invalidOnes) {
        read += records;
        invalid += invalidOnes;
        if (!refused && tooMany(false)) {
            stop(tooManyInWords());
        }
    }

    /**
     * Says whether more records are invalid than may be.
     *
     * @param whole whether the whole file has been read: a share says nothing before
     */
    boolean tooMany(boolean whole) {
        return profile.stops()
                && profile.maxInvalid()
                        .filter(most -> (whole || !most.percent()) && most.exceededBy(invalid, read))
                        .isPresent();
    }

    String tooManyInWords() {
        return invalid + " of " + read + " records are invalid, "
                + profile.maxInvalid().map(MaxInvalid::toString).orElse("any number") + " may be";
    }
}
