package dev.switchboard.store;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** One commit, shared by the changes that happened to wait for it. */
final class Transaction {

    private final Handle handle;
    private final Clock clock;
    private final Set<String> awake = new LinkedHashSet<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    Transaction(Handle handle, Clock clock) {
        this.handle = handle;
        this.clock = clock;
    }

    Handle handle() {
        return handle;
    }

    long nextSeq() {
        return clock.next();
    }

    /** Wakes a lane or topic after the commit. */
    void wake(String name) {
        awake.add(name);
    }

    /** Does something after the commit; it must be quick and must not fail. */
    void afterwards(Runnable task) {
        afterwards.add(task);
    }

    Set<String> awake() {
        return awake;
    }

    List<Runnable> afterwards() {
        return afterwards;
    }
}
