package dev.switchboard.database;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Calls those who wait for work, by the name of a lane, a topic of the outbox, or a message. */
public final class Wakeups {

    private final Map<String, List<Runnable>> sleepers = new ConcurrentHashMap<>();

    /** Calls a task whenever there may be work of a name, until what is returned is closed; it must be quick. */
    public AutoCloseable add(String name, Runnable task) {
        sleepers.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>()).add(task);
        return () -> sleepers.computeIfPresent(name, (any, tasks) -> {
            tasks.remove(task);
            return tasks.isEmpty() ? null : tasks;
        });
    }

    /** Calls those who wait for a name. */
    public void wake(String name) {
        sleepers.getOrDefault(name, List.of()).forEach(Runnable::run);
    }

    /** Calls everyone who waits for one of some names. */
    public void wakeAll(Predicate<String> which) {
        sleepers.keySet().stream().filter(which).forEach(this::wake);
    }
}
