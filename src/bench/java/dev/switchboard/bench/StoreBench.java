package dev.switchboard.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.switchboard.PostgresServer;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import dev.switchboard.database.KeyFile;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.ArrivalClaimer;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import dev.switchboard.store.StoreListener;
import dev.switchboard.store.StoredMessages;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the store alone costs for each message, in this process: messages come in one by one from several threads, are claimed
 * by a lane of 32 slots, and delivered at once. First one after the other, then both at a time. Or, by {@code --stored}, what
 * messages leave in it.
 */
final class StoreBench implements Bench.Scenario, StoreListener {

    private static final int SENDERS = 16;
    private static final int SLOTS = 32;
    private static final String LANE = "happytalk/default";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final AtomicInteger number = new AtomicInteger();

    private final int messages;
    private final List<String> kinds;
    private final int backlog;
    private final int stored;

    StoreBench(Options options) {
        messages = options.number("messages", 40_000);
        kinds = options.list("store", "sqlite");
        backlog = options.number("backlog", 0);
        stored = options.number("stored", 0);
    }

    @Override
    public void print() throws Exception {
        for (String kind : kinds) {
            Path folder = RunningBus.newFolder("bench-store");
            boolean sqlite = Secured.without(kind).equals("sqlite");
            try (Stores stores = sqlite ? Stores.sqlite() : PostgresServer.start(folder)) {
                Map<String, String> settings =
                        Secured.settings(kind, stores.next(folder).settings(), folder);
                open(settings, folder).close();
                if (backlog > 0) {
                    Backlog.fill(url(settings, folder), LANE, backlog);
                }
                long began = System.nanoTime();
                try (Store store = open(settings, folder)) {
                    System.out.println(kind + "\n");
                    if (stored > 0) {
                        own(store);
                        new StoredMessages(store, LANE, !sqlite, StoreBench::delivered).print(stored);
                    } else {
                        run(store, began);
                    }
                }
            }
        }
    }

    private static Store open(Map<String, String> settings, Path folder) {
        return Store.open(
                url(settings, folder),
                settings.getOrDefault("switchboard.store.username", ""),
                settings.getOrDefault("switchboard.store.password", ""),
                Optional.ofNullable(settings.get(KeyFile.SETTING)).map(Path::of).orElse(null));
    }

    private static String url(Map<String, String> settings, Path folder) {
        return settings.getOrDefault("switchboard.store.url", "jdbc:sqlite:" + folder.resolve("store.db"));
    }

    private void run(Store store, long began) throws Exception {
        store.listen(this);
        own(store);
        deliver(store, Math.min(1, backlog));
        System.out.printf(
                Locale.ROOT,
                "%,d wait; opened, with the first of them delivered, in %.1f s%n%n",
                backlog,
                (System.nanoTime() - began) / 1e9);
        System.out.println(
                "| step | messages a second | changes a commit | CPU of the writer a message, µs | of all threads, µs"
                        + " |\n"
                        + "|---|---|---|---|---|");
        accept(store, messages / 4);
        deliver(store, messages / 4);
        measure("accept", () -> accept(store, messages));
        measure("claim and deliver", () -> deliver(store, messages));
        measure("all at a time", () -> {
            Thread senders = new Thread(() -> accept(store, messages));
            senders.start();
            deliver(store, messages);
            senders.join();
        });
        measure("claimed as they come in", () -> atOnce(store, messages));
    }

    private static void own(Store store) {
        var why = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "was interrupted", true);
        store.lanes().own(LANE, operation -> false, why, Set.of()).join();
    }

    /** Something that is measured. */
    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private void measure(String name, Step step) throws Exception {
        System.gc();
        long began = System.nanoTime();
        long cpu = cpu();
        long writer = writer();
        long commitsBefore = commits.get();
        long changesBefore = changes.get();
        step.run();
        System.out.printf(
                Locale.ROOT,
                "| %s | %,.0f | %.1f | %.1f | %.1f |%n",
                name,
                messages * 1e9 / (System.nanoTime() - began),
                (double) (changes.get() - changesBefore) / (commits.get() - commitsBefore),
                (writer() - writer) / 1e3 / messages,
                (cpu() - cpu) / 1e3 / messages);
    }

    private static long cpu() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    private static long writer() {
        var threads = ManagementFactory.getThreadMXBean();
        for (var thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().equals("store-writer")) {
                return threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("the store has no writer");
    }

    private void accept(Store store, int count) {
        var left = new AtomicInteger(count);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        for (int i = 0; i < SENDERS; i++) {
            senders.execute(() -> {
                while (left.getAndDecrement() > 0) {
                    store.messages()
                            .accept(List.of(incoming(number.incrementAndGet())))
                            .join();
                }
            });
        }
        senders.shutdown();
        end(senders);
    }

    private static void end(ExecutorService threads) {
        try {
            if (!threads.awaitTermination(10, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the store is too slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Incoming incoming(int i) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", MessageId.next())
                .put("vendor", "happytalk")
                .put("account", "default")
                .put("operation", "send")
                .put("conversationId", "room-" + i)
                .put("customerId", "user-" + i)
                .put("type", "text")
                .put("text", "Dear customer " + i + ", your order is on its way");
        long expires = System.currentTimeMillis() + 72L * 3600 * 1000;
        return new Incoming(
                new Message(json),
                "biz",
                expires,
                Incoming.Source.of("rest", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    }

    private static void deliver(Store store, int count) throws Exception {
        var slots = new Semaphore(SLOTS);
        ExecutorService workers = Executors.newFixedThreadPool(SLOTS);
        try {
            int left = count;
            while (left > 0) {
                slots.acquire();
                int free = 1 + slots.drainPermits();
                List<Claimed> claimed = store.lanes()
                        .claim(LANE, List.of(new Share("biz", free, null)))
                        .join();
                slots.release(free - claimed.size());
                left -= claimed.size();
                claimed.forEach(each -> workers.execute(() ->
                        store.lanes().finish(each, delivered(each)).whenComplete((done, failed) -> slots.release())));
            }
            slots.acquire(SLOTS);
        } finally {
            workers.shutdown();
        }
    }

    /** Takes messages in for a lane that has caught up: each is claimed in the commit that keeps it. */
    private void atOnce(Store store, int count) throws Exception {
        var done = new CountDownLatch(count);
        ExecutorService workers = Executors.newFixedThreadPool(SLOTS);
        var lane = new ArrivalClaimer() {
            @Override
            public Collection<String> apis() {
                return List.of("biz");
            }

            @Override
            public Place take(String api) {
                return new Place() {
                    @Override
                    public void attempt(Claimed claimed) {
                        workers.execute(() -> store.lanes()
                                .finish(claimed, delivered(claimed))
                                .whenComplete((finished, failed) -> done.countDown()));
                    }

                    @Override
                    public void giveBack() {
                        done.countDown();
                    }
                };
            }

            @Override
            public void caughtUp() {
                // it always has
            }
        };
        AutoCloseable attached = store.lanes().onArrival(LANE, lane);
        try {
            accept(store, count);
            done.await();
        } finally {
            attached.close();
            workers.shutdown();
        }
    }

    private static Outcome delivered(Claimed claimed) {
        var tried = new Outcome.Tried(
                Instant.now(),
                Disposition.DELIVERED,
                200,
                "0",
                "",
                "{\"method\":\"POST\",\"url\":\"http://127.0.0.1:9/v1/chat/write\",\"body\":{\"uuid\":\"user-1\",\"room_id\":\"room-1\","
                        + "\"type\":\"text\",\"msg\":\"" + claimed.message().text("text") + "\"}}",
                null);
        ObjectNode result =
                JSON.createObjectNode().put("roomId", claimed.message().conversationId());
        return new Outcome(State.DELIVERED, 0, true, false, tried, null, result);
    }

    @Override
    public void committed(int together, long nanos) {
        commits.incrementAndGet();
        changes.addAndGet(together);
    }
}
