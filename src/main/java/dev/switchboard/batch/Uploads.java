package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.records.FileName;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes uploaded files to where dropped ones are read. */
@Singleton
@Named("uploads")
public final class Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Store store;
    private final Folders folders;
    private final FilesConfig config;

    /** Takes files for a store. */
    public Uploads(Store store, Inbox inbox, FilesConfig config) {
        this.store = store;
        this.folders = inbox.folders();
        this.config = config;
    }

    /** Returns how many bytes a file may have. */
    long most() {
        return config.maxUpload();
    }

    /**
     * Says where an upload is written to.
     *
     * @param profile the profile that it is read by, or nothing
     * @throws Refused when it is not taken
     */
    Upload begin(String name, String profile) {
        FileName.check(name);
        if (!profile.isEmpty() && !config.profiles().names().contains(profile)) {
            throw Refused.because(
                    404,
                    "There is no profile of this name: set switchboard.files.profiles.<name>.charset, or another of"
                            + " its settings.");
        }
        if (!folders.mine()) {
            throw Refused.forNow("Another process serves the folder of dropped files: upload there.", 5);
        }
        Working.requireWriting(store);
        return new Upload(name, profile, folders.uploads().resolve(MessageId.next()));
    }

    /** Puts a file that is whole where it is read, and leaves the view of its batch in the body. */
    public ObjectNode take(@ExchangeProperty("upload") @Nullable Upload upload, Exchange exchange) {
        if (upload == null) {
            throw Refused.because(404, "Files are uploaded to /batches.");
        }
        refuseEmpty(upload);
        force(upload.file(), StandardOpenOption.WRITE);
        Caller caller = exchange.getProperty(Caller.PROPERTY, Caller.class);
        Batch batch = folders.begin(() -> place(upload, caller == null ? null : caller.sender()));
        exchange.setProperty("batch", batch.id());
        return store.batches().view(batch);
    }

    /** The sender of an empty file has lost its content; a dropped one waits for it. */
    private static void refuseEmpty(Upload upload) {
        try {
            if (Inbox.isEmpty(upload.file(), upload.name())) {
                throw Refused.because(422, "The file is empty.");
            }
        } catch (IOException e) {
            throw notTaken(e);
        }
    }

    /** A file whose batch cannot be kept is not left there: its sender is told that it was not taken. */
    private Batch place(Upload upload, @Nullable String sender) {
        String folder = upload.profile().isEmpty() ? "working" : "working/" + upload.profile();
        Path placed = move(upload, folder);
        try {
            force(placed.resolveSibling(""), StandardOpenOption.READ);
            return Store.written(store.batches().begin(folders.origin(placed, sender)));
        } catch (RuntimeException e) {
            discard(placed);
            throw e;
        }
    }

    private Path move(Upload upload, String folder) {
        try {
            return folders.move(upload.file(), folder, upload.name(), MessageId.next());
        } catch (UncheckedIOException e) {
            throw notTaken(e);
        }
    }

    /** The disk is full, say. */
    static Refused notTaken(Throwable e) {
        LOG.warn("An uploaded file cannot be written: {}", String.valueOf(e.getMessage()));
        return Refused.forNow("The file cannot be written to disk; the log of the bus says why.", 5);
    }

    /** Returns when a file, or the names in a folder, are on the disk itself. */
    static void force(Path path, OpenOption option) {
        try (FileChannel channel = FileChannel.open(path, option)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            if (!Files.isDirectory(path)) {
                throw notTaken(e);
            }
            // Windows opens no folders, and keeps their names by itself
        } catch (IOException e) {
            throw notTaken(e);
        }
    }

    /** Removes what was written, where it has not been taken. */
    static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }
}
