package dev.switchboard.vendor.receivers;

import dev.switchboard.vendor.Vendors;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Body;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.ExchangeProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes events into files, one open file for each account; a bean for the routes. */
public final class EventFiles implements CamelContextAware, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventFiles.class);

    private final Map<String, EventFile> open = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "event-files");
        thread.setDaemon(true);
        return thread;
    });

    private @Nullable CamelContext context;

    /** Looks every second for files that are to be finished. */
    public EventFiles() {
        clock.scheduleWithFixedDelay(() -> open.values().forEach(EventFiles::finishOld), 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CamelContext getCamelContext() {
        return context;
    }

    /** Has what a killed bus left finished, even where no other event comes. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        clock.execute(() -> context.getRegistry().findByType(Vendors.class).stream()
                .flatMap(vendors -> vendors.accounts().stream())
                .filter(account -> account.vendor().name().equals("receivers")
                        && account.apis().contains("files"))
                .forEach(account -> file(account.name(), account.settings())));
    }

    private static void finishOld(EventFile file) {
        try {
            file.finishOld();
        } catch (IOException e) {
            LOG.warn("A file of events could not be finished, and is tried again: {}", e.toString());
        }
    }

    /**
     * Writes an event to an account's file. It is on disk when this returns.
     *
     * @throws IOException when it could not be written
     */
    public void write(
            @Body String event,
            @ExchangeProperty("account") String account,
            @ExchangeProperty("settings") Map<String, String> settings)
            throws IOException {
        file(account, settings).write(event);
    }

    private EventFile file(String account, Map<String, String> settings) {
        return open.computeIfAbsent(
                account,
                name -> new EventFile(
                        Path.of(String.valueOf(settings.get("folder"))),
                        name,
                        bytes(String.valueOf(settings.get("file-max-size"))),
                        time(String.valueOf(settings.get("file-max-age")))));
    }

    private static long bytes(String size) {
        long number = Long.parseLong(size.replaceAll("\\D", ""));
        return number << (size.endsWith("GiB") ? 30 : size.endsWith("MiB") ? 20 : 10);
    }

    private static Duration time(String age) {
        return Duration.parse("PT" + age.toUpperCase(Locale.ROOT));
    }

    /** Finishes all files; Camel calls this when it stops. */
    @Override
    public void close() throws IOException {
        clock.shutdown();
        for (EventFile file : open.values()) {
            file.finish();
        }
    }
}
