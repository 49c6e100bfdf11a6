package dev.switchboard.batch;

import dev.switchboard.database.StoreFailed;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets files in {@code working/} be read where this process has the folder. */
@Singleton
@Named("working")
public final class Working implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(Working.class);

    private final Store store;
    private final Folders folders;
    private boolean tidy;

    /** Reads files for a store. */
    public Working(Store store, Inbox inbox) {
        this.store = store;
        this.folders = inbox.folders();
    }

    /**
     * Lets a file be taken out of {@code inbox/} only while the store writes.
     *
     * @throws Refused (503) while it does not
     */
    public void ready() {
        requireWriting(store);
    }

    static void requireWriting(Store store) {
        try {
            store.check();
        } catch (RuntimeException e) {
            throw Refused.forNow(Store.why(e), 1);
        }
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        return folders.mine() && folders.putsAway() && (tidy || tidied());
    }

    private boolean tidied() {
        try {
            store.batches().notPutAway().forEach(this::putAway);
            tidy = true;
        } catch (StoreFailed | Refused e) {
            LOG.warn("Dropped files wait: the store does not answer.");
        }
        return tidy;
    }

    /** A kill between a file's being put away and the note of it must not make another of its name look as if it had been read. */
    private void putAway(Batch batch) {
        boolean here = batch.origin().folder().equals(folders.name());
        if (here && !Files.exists(folders.file(batch.origin()), LinkOption.NOFOLLOW_LINKS)) {
            Store.written(store.batches().putAway(batch.id()));
        }
    }
}
