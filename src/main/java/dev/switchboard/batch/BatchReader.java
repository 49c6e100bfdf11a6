package dev.switchboard.batch;

import dev.switchboard.intake.Chunk;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file in {@code working/} as chunks of checked records, from where the store says that it has come to. So a file
 * whose reading was cut off goes on at the next record by itself.
 */
public final class BatchReader implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);
    private static final int ID_BYTES = 8;

    private final Store store;
    private final MessageCheck check;
    private final Folders folders;
    private final Profiles profiles;
    private boolean tidy;

    /** Reads files for a store. */
    public BatchReader(Store store, MessageCheck check, Inbox inbox, Profiles profiles) {
        this.store = store;
        this.check = check;
        this.folders = inbox.folders();
        this.profiles = profiles;
    }

    /** Reads files only where this process has the folder. */
    @Override
    public boolean accept(GenericFile<File> file) {
        if (!folders.mine()) {
            return false;
        }
        return tidy || tidied();
    }

    private boolean tidied() {
        try {
            store.notPutAway().forEach(this::putAway);
            tidy = true;
        } catch (JdbiException | Refused e) {
            LOG.warn("Dropped files wait: the store does not answer.");
        }
        return tidy;
    }

    /** A kill between a file's being put away and the note of it must not make another of its name look as if it had been read. */
    private void putAway(Batch batch) {
        String name = batch.name();
        if (batch.origin().path().equals(folders.origin(name).path())
                && !folders.working().resolve(name).toFile().exists()) {
            Store.written(store.putAway(batch.id()));
        }
    }

    /** Finds the batch of a file or begins it, and keeps it for the steps that follow. */
    public void open(File file, Exchange exchange) {
        Batch batch = Store.written(store.beginBatch(folders.origin(file.getName())));
        exchange.setProperty("batch", batch);
        exchange.setProperty("unreadable", new AtomicReference<String>());
        LOG.info("Batch {} ({}) is read from record {}", batch.name(), batch.id(), batch.records() + 1);
    }

    /**
     * Returns the chunks of a file that have not been kept yet.
     *
     * @param unreadable takes why the file cannot be read further; a property set while the chunks are read would be lost,
     *     as the expression of a split is given a copy of the exchange
     */
    public Iterator<Chunks.Unchecked> chunks(
            File file,
            @ExchangeProperty("batch") Batch batch,
            @ExchangeProperty("unreadable") AtomicReference<String> unreadable) {
        Path path = file.toPath();
        if (!batch.state().equals("reading")) {
            return Collections.emptyIterator();
        }
        try {
            return new Chunks(
                    Records.open(path, profiles.of("")), batch.id(), idPrefix(path), batch.records(), unreadable::set);
        } catch (Records.Unreadable e) {
            unreadable.set(String.valueOf(e.getMessage()));
            return Collections.emptyIterator();
        }
    }

    /** Checks each record of a chunk; one that is no message does not touch the others. */
    public Chunk check(Chunks.Unchecked chunk) {
        var messages = new ArrayList<Chunk.Line>();
        var invalid = new ArrayList<Batch.Row>();
        for (FileRecord record : chunk.records()) {
            try {
                messages.add(new Chunk.Line(record.line(), message(record, chunk.idPrefix())));
            } catch (Refused e) {
                invalid.add(new Batch.Row(record.line(), "invalid", id(record), e.getMessage(), record.raw()));
            }
        }
        return new Chunk(chunk.batch(), chunk.checkpoint(), messages, invalid);
    }

    private Message message(FileRecord record, String idPrefix) {
        if (record.json() == null) {
            throw Refused.because(400, String.valueOf(record.fault()));
        }
        Message message = check.check(record.json());
        if (message.text("id") == null) {
            message.json().put("id", idPrefix + record.line());
        }
        return message;
    }

    private static @Nullable String id(FileRecord record) {
        return record.json() == null ? null : record.json().path("id").asText(null);
    }

    /** Ends a batch, and moves its file out of the way. */
    public void close(
            File file,
            @ExchangeProperty("batch") Batch batch,
            @ExchangeProperty("unreadable") AtomicReference<@Nullable String> reason) {
        String unreadable = reason.get();
        Store.written(store.endBatch(batch.id(), unreadable));
        boolean failed = unreadable != null || batch.state().equals("stopped");
        if (file.exists()) {
            folders.move(file.toPath(), failed ? "failed" : "done", batch.name(), batch.id());
        }
        Store.written(store.putAway(batch.id()));
        if (unreadable != null) {
            LOG.warn("Batch {} ({}) was stopped: {}", batch.name(), batch.id(), unreadable);
        }
    }

    /** Records without an id get one of the file's content and their line, so that the same file gives the same ids. */
    private static String idPrefix(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return "file-" + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES) + "-";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
