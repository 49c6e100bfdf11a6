package dev.switchboard.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** One thread that serves many sockets, so that making load costs a measured program as little of the machine as can be. */
final class Loop implements AutoCloseable {

    /** What a socket is served by. */
    interface Served {
        void ready(SelectionKey key) throws IOException;
    }

    private record Later(long at, Runnable task) {}

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Later> later = new PriorityQueue<>((a, b) -> Long.compare(a.at - b.at, 0));
    private final Thread thread = new Thread(this::run, "traffic");
    private volatile boolean closing;

    Loop() throws IOException {
        selector = Selector.open();
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs a task on the thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Runs a task at a time of {@link System#nanoTime}; called on the thread. */
    void at(long nanos, Runnable task) {
        later.add(new Later(nanos, task));
    }

    /** Serves a socket from now on; called on the thread. */
    SelectionKey serve(SelectableChannel channel, int operations, Served served) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, served);
    }

    private void run() {
        try {
            while (!closing) {
                selector.select(this::ready, untilNext());
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long now = System.nanoTime();
                while (!later.isEmpty() && later.peek().at - now <= 0) {
                    later.remove().task.run();
                }
            }
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long untilNext() {
        if (later.isEmpty()) {
            return 1_000;
        }
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(later.peek().at - System.nanoTime()));
    }

    private void ready(SelectionKey key) {
        try {
            ((Served) key.attachment()).ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closing = true;
        selector.wakeup();
    }
}
