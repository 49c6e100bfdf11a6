package dev.switchboard.batch;

import dev.switchboard.records.Profile;
import dev.switchboard.store.Batch;
import org.jspecify.annotations.Nullable;

/** What is known while the file of a batch is read. */
public final class BatchRun extends FileRun {

    private final Batch batch;
    private @Nullable Taken taken;

    BatchRun(Batch batch, Profile profile) {
        super(profile, batch.records(), batch.invalid());
        this.batch = batch;
        if (batch.reason() != null) {
            refuse(batch.reason());
        }
    }

    void taken(Taken file) {
        taken = file;
    }

    /** Returns the file when its reading began; null where it was not read. */
    @Nullable
    Taken taken() {
        return taken;
    }

    Batch batch() {
        return batch;
    }
}
