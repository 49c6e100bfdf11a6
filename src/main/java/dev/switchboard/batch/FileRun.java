package dev.switchboard.batch;

import dev.switchboard.records.MaxInvalid;
import dev.switchboard.records.PlacedFault;
import dev.switchboard.records.Profile;
import org.jspecify.annotations.Nullable;

/** What is known while a file is read, and whether it has to be stopped. Used by one thread after the other. */
class FileRun {

    private final Profile profile;
    private boolean ended;
    private boolean refused;
    private @Nullable String reason;
    private @Nullable PlacedFault unreadable;
    private long read;
    private long invalid;

    /**
     * Begins where an earlier reading ended.
     *
     * @param read how many records have been read
     * @param invalid how many of them are invalid
     */
    FileRun(Profile profile, long read, long invalid) {
        this.profile = profile;
        this.read = read;
        this.invalid = invalid;
    }

    Profile profile() {
        return profile;
    }

    /** Returns how many records have been read. */
    long records() {
        return read;
    }

    /** The file is not read further. */
    void stop(String why) {
        ended = true;
        reason = reason == null ? why : reason;
    }

    /** The file cannot be read further. */
    void stop(PlacedFault why) {
        unreadable = why;
        stop(why.toString());
    }

    /** Sends no message of the file; the rest of it is only read to find its faults. */
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

    /** Returns why the file is stopped, if it is. */
    @Nullable
    String reason() {
        return reason;
    }

    /** Returns why the file cannot be read further, if it cannot. */
    @Nullable
    PlacedFault unreadable() {
        return unreadable;
    }

    /** Counts checked records, and stops where too many are invalid. */
    void count(int records, int invalidOnes) {
        read += records;
        invalid += invalidOnes;
        if (!refused && tooMany(false)) {
            stop(tooManyInWords());
        }
    }

    /** Takes the number of invalid records from the store, as only the store knows those whose id another message has. */
    void recount(long invalidOnes) {
        invalid = invalidOnes;
    }

    /** Returns why the file, read to its end, was stopped or refused; null if it was not. */
    @Nullable
    String whyNot() {
        return reason != null ? reason : tooMany(true) ? tooManyInWords() : null;
    }

    /**
     * Returns whether too many records are invalid.
     *
     * @param whole whether the whole file has been read: a percentage can be judged only then
     */
    private boolean tooMany(boolean whole) {
        return profile.stops()
                && profile.maxInvalid()
                        .filter(most -> (whole || !most.percent()) && most.exceededBy(invalid, read))
                        .isPresent();
    }

    private String tooManyInWords() {
        return invalid + " of " + read + " records are invalid, "
                + profile.maxInvalid().map(MaxInvalid::toString).orElse("any number") + " may be";
    }
}
