package dev.switchboard.store;

import dev.switchboard.database.Sql;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The statements that the writer of one store runs while this is open. */
final class StatementLog extends Handler implements StoreListener, AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger(Sql.class.getName());

    private record Statement(long thread, String sql) {}

    private final Store store;
    private final List<Statement> statements = new CopyOnWriteArrayList<>();
    private final Level before = LOGGER.getLevel();
    private volatile long writer;
    private volatile Runnable next = () -> {};

    StatementLog(Store store) {
        this.store = store;
        store.listen(this);
        store.check();
        LOGGER.setLevel(Level.ALL);
        LOGGER.addHandler(this);
        LOGGER.setUseParentHandlers(false);
    }

    List<String> statements() {
        return statements.stream()
                .filter(each -> each.thread == writer)
                .map(Statement::sql)
                .toList();
    }

    /** Begins something on the writer's thread: what it hands over at once is in one commit. */
    <T> CompletableFuture<T> onWriter(Supplier<CompletableFuture<T>> task) {
        var done = new CompletableFuture<T>();
        next = () -> {
            statements.clear();
            task.get().whenComplete((value, failed) -> done.complete(value));
        };
        store.check();
        return done;
    }

    @Override
    public void committed(int changes, long nanos) {
        writer = Thread.currentThread().getId();
        Runnable task = next;
        next = () -> {};
        task.run();
    }

    @Override
    public void publish(LogRecord entry) {
        statements.add(new Statement(entry.getLongThreadID(), entry.getMessage()));
    }

    @Override
    public void flush() {
        // nothing waits
    }

    @Override
    public void close() {
        LOGGER.removeHandler(this);
        LOGGER.setUseParentHandlers(true);
        LOGGER.setLevel(before);
    }
}
