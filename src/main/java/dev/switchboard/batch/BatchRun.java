package dev.switchboard.batch;

import dev.switchboard.store.Batch;

/** What is known while the file of a batch is read. */
public final class BatchRun extends FileRun {

    private final Batch batch;

    BatchRun(Batch batch, Profile profile) {
        super(profile, batch.records(), batch.invalid());
        this.batch = batch;
        if (batch.reason() != null) {
            refuse(batch.reason());
        }
    }

    Batch batch() {
        return batch;
    }
}
