package dev.switchboard.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.intake.Chunk;
import dev.switchboard.intake.Intakes;
import dev.switchboard.intake.WriteBehind;
import dev.switchboard.message.Json;
import dev.switchboard.message.Visible;
import dev.switchboard.records.Layout;
import dev.switchboard.records.Records;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.MessageCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file in {@code working/} as chunks of checked records, from where the store says that it has come to. So a file
 * whose reading was cut off goes on at the next record by itself.
 */
public final class BatchReader extends DefaultPollingConsumerPollStrategy {

    private static final Logger LOG = LoggerFactory.getLogger(BatchReader.class);
    private final Store store;
    private final RecordCheck check;
    private final SenderLimits limits;
    private final Inbox inbox;
    private final Folders folders;
    private final Intakes intakes;
    private final Profiles profiles;
    private final LateChanges late;
    private @Nullable String blind;

    /** Reads files for a store, and tells the intakes when it cannot. */
    public BatchReader(
            Store store, MessageCheck check, SenderLimits limits, Inbox inbox, Profiles profiles, Intakes intakes) {
        this.store = store;
        this.limits = limits;
        this.check = new RecordCheck(check);
        this.inbox = inbox;
        this.folders = inbox.folders();
        this.intakes = intakes;
        this.profiles = profiles;
        this.late = new LateChanges(store, folders);
    }

    /** Before the inbox is looked through, files that have been read are looked at again. */
    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
        tell(inbox.blind());
        late.look();
        return super.begin(consumer, endpoint);
    }

    /** Camel takes a folder that it cannot list for an empty one. */
    private void tell(@Nullable String why) {
        if (why == null) {
            intakes.works(Intakes.FILE);
        } else {
            intakes.fails(Intakes.FILE, why);
        }
        if (!Objects.equals(why, blind)) {
            LOG.warn("Dropped files are {}", why == null ? "read again" : "not read: " + why);
            blind = why;
        }
    }

    /** Finds the batch of a file or begins it, and keeps it for the steps that follow. */
    public void open(File file, Exchange exchange) {
        Batch.Origin origin = folders.origin(file.toPath().toAbsolutePath(), null);
        Batch batch = folders.begin(() -> Files.exists(file.toPath(), LinkOption.NOFOLLOW_LINKS)
                ? Store.written(store.batches().begin(origin))
                : null);
        if (batch == null) {
            exchange.setRouteStop(true);
            return;
        }
        exchange.setProperty("run", run(batch));
        exchange.setProperty(WriteBehind.PROPERTY, new WriteBehind());
        LOG.info("Batch {} ({}) is read from record {}", Visible.of(batch.name()), batch.id(), batch.records() + 1);
    }

    /** The profile may have been taken from the settings while the file waited. */
    private BatchRun run(Batch batch) {
        try {
            return new BatchRun(batch, profiles.of(batch.origin().profile()));
        } catch (Records.Unreadable e) {
            var run = new BatchRun(batch, profiles.of(""));
            run.stop(e.fault());
            return run;
        }
    }

    /** Returns the chunks of a file that have not been kept yet. */
    public Iterator<Chunks.Unchecked> chunks(File file, @ExchangeProperty("run") BatchRun run) {
        if (run.ended() || !run.batch().state().equals("reading")) {
            return Collections.emptyIterator();
        }
        Path path = file.toPath();
        try {
            Taken taken = Taken.of(path);
            String idPrefix = taken.idPrefix();
            run.taken(taken);
            if (run.profile().checkFirst() && run.batch().records() == 0 && !run.refused()) {
                checkFirst(path, run, idPrefix);
            }
            Records records = Records.open(path, run.profile());
            keepLayout(run.batch(), records.layout());
            return new Chunks(records, run, idPrefix);
        } catch (Records.Unreadable e) {
            run.stop(e.fault());
            return Collections.emptyIterator();
        }
    }

    /** Reads the whole file before its first message is released, and remembers where nothing of it may be sent. */
    private void checkFirst(Path path, BatchRun run, String idPrefix) {
        var trial = new FileRun(run.profile(), 0, 0);
        try (var chunks = new Chunks(Records.open(path, run.profile()), trial, idPrefix)) {
            while (chunks.hasNext()) {
                Chunk checked = checked(chunks.next(), run.batch());
                trial.count(checked.size(), checked.invalid().size());
            }
        } catch (IOException e) {
            throw new Records.Unreadable("the file cannot be read: " + e.getMessage(), e);
        }
        String why = trial.whyNot();
        if (why != null) {
            run.refuse(why + "; nothing of the file was sent");
            Store.written(store.batches().refuse(run.batch().id(), String.valueOf(run.reason())));
        }
    }

    /** Lines that were rejected are written out in the way in which the file is written. */
    private void keepLayout(Batch batch, Layout layout) {
        if (batch.header() == null) {
            try {
                Store.written(store.batches().describe(batch.id(), Json.MAPPER.writeValueAsString(layout)));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Checks each record of a chunk. */
    public Chunk check(Chunks.Unchecked chunk, @ExchangeProperty("run") BatchRun run) {
        Chunk checked = checked(chunk, run.batch());
        run.count(checked.size(), checked.invalid().size());
        return run.refused() ? checked.withoutMessages() : checked;
    }

    private Chunk checked(Chunks.Unchecked chunk, Batch batch) {
        String sender = batch.origin().sender();
        return check.check(
                chunk,
                batch,
                message -> limits.checkRecord(message, sender),
                FurtherRejects.of(folders.results(), batch.id())::add);
    }

    /** Ends a batch, and moves its file out of the way. */
    public void close(
            File file,
            @ExchangeProperty("run") BatchRun run,
            @ExchangeProperty(WriteBehind.PROPERTY) WriteBehind behind) {
        behind.await();
        Batch batch = run.batch();
        Taken taken = run.taken();
        if (taken != null) {
            taken.change(file.toPath()).ifPresent(run::stop);
        }
        run.recount(store.batches().find(batch.id()).orElseThrow().invalid());
        Store.written(store.batches().end(batch.id(), run.whyNot()));
        boolean whole = List.of("sending", "finished")
                .contains(store.batches().find(batch.id()).orElseThrow().state());
        if (Files.exists(file.toPath(), LinkOption.NOFOLLOW_LINKS)) {
            Path away = folders.move(file.toPath(), whole ? "done" : "failed", batch.name(), batch.id());
            if (whole && taken != null) {
                late.add(away, batch.id(), taken);
            }
        }
        Store.written(store.batches().putAway(batch.id()));
        if (run.whyNot() != null) {
            LOG.warn("Batch {} ({}) was stopped; its view says why", Visible.of(batch.name()), batch.id());
        }
    }
}
