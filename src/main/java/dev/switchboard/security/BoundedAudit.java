package dev.switchboard.security;

import dev.switchboard.access.AccessStore;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.store.Store;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes into the audit. Of refusals and logins, which anyone can cause, it writes a limited number a minute for each
 * caller, and when the minute is over the last further one with their number. So refused calls cannot fill the store.
 */
@Singleton
public final class BoundedAudit {

    private static final Logger LOG = LoggerFactory.getLogger(BoundedAudit.class);
    private static final int A_MINUTE = 20;

    private final AccessStore store;
    private final Executor afterAMinute;
    private final Map<String, Minute> minutes = new HashMap<>();

    /** What a caller has caused since its minute began. */
    private static final class Minute {
        private int written;
        private int further;
        private @Nullable AuditEntry last;
    }

    /** Writes into a store. */
    @Inject
    public BoundedAudit(AccessStore store) {
        this(store, CompletableFuture.delayedExecutor(1, TimeUnit.MINUTES));
    }

    /**
     * Writes into a store.
     *
     * @param afterAMinute runs a task a minute later
     */
    BoundedAudit(AccessStore store, Executor afterAMinute) {
        this.store = store;
        this.afterAMinute = afterAMinute;
    }

    /** Writes a call before it is carried out, and returns its number; it is on disk when this returns. */
    long write(AuditEntry entry) {
        return Store.written(store.audit(entry));
    }

    /** Writes the HTTP status of a call that ended. */
    CompletableFuture<?> ended(long seq, int status) {
        return store.ended(seq, status);
    }

    /** Writes or counts a refusal or a login; done when it is on disk, or counted. */
    CompletableFuture<?> writeOrCount(AuditEntry entry) {
        return isToBeWritten(entry) ? store.audit(entry) : CompletableFuture.completedFuture(null);
    }

    private synchronized boolean isToBeWritten(AuditEntry entry) {
        Minute minute = minutes.computeIfAbsent(entry.who(), this::begin);
        if (minute.written < A_MINUTE) {
            minute.written++;
            return true;
        }
        minute.further++;
        minute.last = entry;
        return false;
    }

    private Minute begin(String who) {
        afterAMinute.execute(() -> end(who));
        return new Minute();
    }

    private void end(String who) {
        AuditEntry rest = rest(who);
        if (rest != null) {
            store.audit(rest).exceptionally(e -> {
                LOG.warn(
                        "The audit lacks what {} did or was refused more often in the last minute: {}",
                        who,
                        e.getMessage());
                return null;
            });
        }
    }

    private synchronized @Nullable AuditEntry rest(String who) {
        Minute minute = minutes.remove(who);
        AuditEntry last = minute == null ? null : minute.last;
        if (minute == null || last == null) {
            return null;
        }
        return new AuditEntry(
                0,
                last.at(),
                last.who(),
                last.address(),
                last.operation(),
                last.subject(),
                "{\"further\":" + minute.further + "}",
                last.status());
    }
}
