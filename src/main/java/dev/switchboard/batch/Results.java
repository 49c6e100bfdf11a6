package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.BatchLine;
import dev.switchboard.message.Cell;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Visible;
import dev.switchboard.records.FileName;
import dev.switchboard.records.Layout;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the results of a batch: {@code results/<name>.results.csv} with a row for every record, {@code <name>.results.jsonl}
 * with the views of messages that brought a result, and {@code <name>.summary.json} with the counts. Each is written next to
 * its place and renamed into it when it is on disk.
 */
@Singleton
@Named("results")
public final class Results {

    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    /** In bytes; results' names have an ending more. */
    private static final int LONGEST = FileName.LONGEST - ".rejected.jsonl".length();

    private static final String CSV_RESULTS = ".results.csv";
    private static final CSVFormat CSV = CSVFormat.RFC4180
            .builder()
            .setHeader(
                    "line", "id", "state", "class", "code", "message", "result", "attempts", "finishedAt", "fallback")
            .get();

    private final Store store;
    private final Path folder;
    private final FilesConfig.Written settings;

    /** Writes results of batches that a store holds. */
    public Results(Store store, Inbox inbox, FilesConfig settings) {
        this.store = store;
        this.folder = inbox.folders().results();
        this.settings = settings.written();
    }

    @FunctionalInterface
    private interface Content {
        void write(Writer out) throws IOException;
    }

    /** Writes the results of a batch, again if need be. */
    public void write(@ExchangeProperty("subject") String id) {
        Batch batch = store.batches().find(id).orElseThrow();
        if (!store.batches().hasLines(batch)) {
            LOG.info(
                    "Batch {} ({}) is so old that its lines are gone; its results stay as they are",
                    Visible.of(batch.name()),
                    id);
            return;
        }
        String name = name(batch);
        try {
            file(name + CSV_RESULTS, out -> rows(batch, out));
            if (store.batches().hasResults(id)) {
                file(name + ".results.jsonl", out -> views(batch, out));
            }
            rejected(batch, name);
            ObjectNode summary = store.batches().view(batch);
            file(name + ".summary.json", out -> out.write(summary.toPrettyString() + "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the results of batch " + batch.name(), e);
        }
        LOG.info(
                "Batch {} ({}) is {}; its results are in {}",
                Visible.of(batch.name()),
                id,
                batch.state(),
                Visible.of(csv(batch).toString()));
    }

    /** What the store has not kept of it is there until it has been written once. */
    private void rejected(Batch batch, String name) throws IOException {
        FurtherRejects further = FurtherRejects.of(folder, batch.id());
        boolean more = Files.exists(further.file());
        boolean written = batch.invalid() > Batch.MOST_INVALID && !more;
        if (written || batch.header() == null || !store.batches().hasRejected(batch.id())) {
            return;
        }
        Layout layout = Rejected.layout(batch.header());
        file(name + Rejected.ending(layout), Rejected.charset(layout), out -> {
            Rejected rejected = Rejected.begin(layout, settings.excel(), out);
            store.batches().eachRejected(batch.id(), rejected::row);
            if (more) {
                further.each(rejected::row);
            }
            rejected.end();
        });
        Files.deleteIfExists(further.file());
    }

    private String name(Batch batch) {
        boolean fits = FileName.bytes(batch.name()) <= LONGEST;
        return fits && store.batches().isFirstOfName(batch)
                ? batch.name()
                : FileName.withId(batch.name(), batch.id(), LONGEST);
    }

    private Path csv(Batch batch) {
        return folder.resolve(name(batch) + CSV_RESULTS);
    }

    /**
     * Returns the outcome of each line of a batch, as CSV.
     *
     * @throws Refused 404 when there is none that the caller may know of, 409 when it has not ended
     */
    public File find(@Header("id") String id, @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        Batch batch = require(id, caller);
        File found = csv(batch).toFile();
        if (!found.exists()) {
            throw Refused.because(
                    409,
                    "The batch is " + batch.state()
                            + "; it has results when it has ended, for as long as switchboard.retention.files says.");
        }
        return found;
    }

    /**
     * Answers with the rejected records of a batch, in the format of its file.
     *
     * @throws Refused 404 when there is no such batch that the caller may know of, or it has none
     */
    public void rejected(Exchange exchange, @Header("id") String id) {
        Batch batch = require(id, exchange.getProperty(Caller.PROPERTY, Caller.class));
        Layout layout = batch.header() == null ? null : Rejected.layout(batch.header());
        Path found = folder.resolve(name(batch) + (layout == null ? "" : Rejected.ending(layout)));
        if (layout == null || !Files.exists(found)) {
            throw Refused.because(
                    404, "The batch has no file of rejected records, or not yet: it is " + batch.state() + ".");
        }
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, Rejected.mediaType(layout));
        exchange.getMessage().setBody(found.toFile());
    }

    private Batch require(String id, @Nullable Caller caller) {
        return store.batches()
                .find(id)
                .filter(found ->
                        caller == null || caller.seesFileOf(found.origin().sender()))
                .orElseThrow(() -> Refused.because(404, "There is no batch with this id."));
    }

    private void file(String name, Content content) throws IOException {
        file(name, StandardCharsets.UTF_8, content);
    }

    private void file(String name, Charset charset, Content content) throws IOException {
        Path target = folder.resolve(name);
        Path temporary = folder.resolve("." + FileName.cut(name, FileName.LONGEST - "..part".length()) + ".part");
        try (FileChannel channel = settings.create(temporary);
                Writer out = new BufferedWriter(Channels.newWriter(channel, charset))) {
            content.write(out);
            out.flush();
            channel.force(true);
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private void rows(Batch batch, Writer out) throws IOException {
        if (settings.excel()) {
            out.write(Cell.BYTE_ORDER_MARK);
        }
        var printer = new CSVPrinter(out, CSV);
        store.batches().eachLine(batch.id(), line -> print(printer, line));
        printer.flush();
    }

    private void print(CSVPrinter printer, BatchLine line) {
        try {
            printer.printRecord(
                    line.line(),
                    settings.excel() ? safe(line.id()) : line.id(),
                    line.state(),
                    line.failureClass(),
                    settings.excel() ? safe(line.code()) : line.code(),
                    safe(line.message()),
                    safe(line.result()),
                    line.attempts(),
                    line.finishedAt(),
                    line.fallback());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @Nullable String safe(@Nullable String cell) {
        return cell == null ? null : Cell.of(cell);
    }

    private void views(Batch batch, Writer out) {
        store.batches().eachResult(batch.id(), view -> {
            try {
                out.write(Json.MAPPER.writeValueAsString(view) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
