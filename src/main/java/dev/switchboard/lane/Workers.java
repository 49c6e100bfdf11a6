package dev.switchboard.lane;

import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes threads for work that waits for others. To wake a thread of the system costs more than most of what it does then, so they are
 * virtual where the JDK has ones that no monitor pins.
 */
public final class Workers {

    private static final int UNPINNED = 24;
    private static final String BUILDER = "java.lang.Thread$Builder";

    private Workers() {}

    /** Makes as many threads as a lane has slots. */
    static ExecutorService of(String name, int slots) {
        return virtual(name).orElseGet(() -> {
            var count = new AtomicInteger();
            return Executors.newFixedThreadPool(slots, task -> {
                var thread = new Thread(task, name + " " + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
            });
        });
    }

    /**
     * Makes virtual threads, without a limit, on JDK 24 or later.
     *
     * @param name how the threads' names begin
     */
    public static Optional<ExecutorService> virtual(String name) {
        if (Runtime.version().feature() < UNPINNED) {
            return Optional.empty();
        }
        try {
            Class<?> builder = Class.forName(BUILDER);
            Object named = builder.getMethod("name", String.class, long.class)
                    .invoke(Thread.class.getMethod("ofVirtual").invoke(null), name + " ", 1);
            Object factory = builder.getMethod("factory").invoke(named);
            return Optional.of((ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every JDK from " + UNPINNED + " on has virtual threads", e);
        }
    }
}
