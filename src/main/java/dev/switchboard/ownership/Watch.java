package dev.switchboard.ownership;

import dev.switchboard.database.Database;
import dev.switchboard.database.Sql;
import dev.switchboard.database.StoreFailed;
import dev.switchboard.database.Transaction;
import dev.switchboard.database.WakeSignal;
import dev.switchboard.database.Wakeups;
import dev.switchboard.database.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second at all lanes, with few statements however many there are, and hears what other instances tell. On a server it
 * has a session of its own, by which this instance says that it lives, so that nothing long keeps it from that.
 */
public final class Watch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long ROUND = 1_000;
    private static final int LISTENS = 50;
    /** An instance that has just connected anew gives others the time to do so too: in a failover of the database, all keep their lanes. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(4);

    private final Database database;
    private final Writer writer;
    private final Owners owners;
    private final Wakeups wakeups;
    private final Lanes lanes;
    private final WakeSignal alarm = new WakeSignal();
    private final AtomicBoolean asked = new AtomicBoolean(true);
    private final Thread thread = new Thread(this::run, "store-watch");
    private volatile boolean closing;
    private boolean troubled;

    /** The lanes of this instance. */
    public interface Lanes {

        /** Returns the lanes that this instance could serve. */
        Collection<String> served();

        /** Looks at all lanes; returns which instance has which. */
        Map<String, String> look(Sql sql);

        /** The lanes have been looked at, and spread. */
        void spread();
    }

    public Watch(Database database, Writer writer, Owners owners, Wakeups wakeups, Lanes lanes) {
        this.database = database;
        this.writer = writer;
        this.owners = owners;
        this.wakeups = wakeups;
        this.lanes = lanes;
        thread.setDaemon(true);
    }

    /** Looks soon, and every second after that. */
    public synchronized void look() {
        if (thread.getState() == Thread.State.NEW && !closing) {
            thread.start();
        }
        asked.set(true);
        alarm.call();
    }

    private void run() {
        while (!closing) {
            try {
                if (database.isServer()) {
                    listen();
                } else {
                    database.read(this::look);
                    alarm.sleep(ROUND);
                }
            } catch (RuntimeException e) {
                trouble(e);
                alarm.sleep(ROUND / 2);
            }
        }
    }

    private void trouble(RuntimeException e) {
        if (!troubled && !closing) {
            LOG.warn(
                    "The lanes cannot be looked at, trying again: {}",
                    StoreFailed.rootCause(e).getMessage());
        }
        troubled = true;
    }

    private void listen() {
        writer.dispatch(this::register).join();
        try (Sql sql = database.openWatch(Notifications.CHANNEL)) {
            if (troubled) {
                wakeups.wakeAll(Watch::sleeps); // what others told meanwhile was not heard
            }
            long connected = System.nanoTime();
            long last = connected - TimeUnit.MILLISECONDS.toNanos(ROUND);
            while (!closing) {
                long now = System.nanoTime();
                if (asked.getAndSet(false) || now - last >= TimeUnit.MILLISECONDS.toNanos(ROUND)) {
                    last = now;
                    round(sql, now - connected < PATIENCE);
                }
                database.told(sql, LISTENS).forEach(this::heard);
            }
        }
    }

    /** A lane, a topic or a message is waited for; a name with a space is only told. */
    private static boolean sleeps(String name) {
        return name.indexOf(' ') < 0;
    }

    private void heard(String name) {
        if (name.equals(Notifications.LOOK)) {
            asked.set(true);
        } else if (name.equals(Notifications.EVERYONE)) {
            wakeups.wakeAll(Watch::sleeps);
        } else {
            wakeups.wake(name);
        }
    }

    private void round(Sql sql, boolean patient) {
        InstanceRows rows = owners.rows().orElseThrow();
        Lease.Moment began = Lease.Moment.now();
        if (rows.beat(sql, lanes.served())) {
            owners.lease().confirm(began);
        } else {
            owners.lease().lose();
            owners.lost();
            writer.dispatch(this::register);
        }
        List<Instance> all = rows.all(sql);
        judge(sql, rows, all, patient);
        look(sql, all);
    }

    private boolean register(Transaction transaction) {
        owners.connected(transaction.sql());
        return true;
    }

    private void judge(Sql sql, InstanceRows rows, List<Instance> all, boolean patient) {
        for (Instance each : all) {
            boolean changed = each.hasEnded(patient)
                    ? rows.remove(sql, each)
                    : !patient && each.isSilent() && !each.id().equals(owners.id()) && rows.end(sql, each.id());
            if (changed) {
                asked.set(true);
            }
        }
    }

    private boolean look(Sql sql) {
        look(sql, List.of(owners.self()));
        return true;
    }

    private void look(Sql sql, List<Instance> all) {
        Map<String, String> known = lanes.look(sql);
        owners.spread(Spread.of(all, known, owners.id(), lanes.served()));
        lanes.spread();
        if (all.size() > 1) {
            wakeups.wakeAll(name -> sleeps(name)
                    && !known.containsKey(name)); // those who wait for outcomes that another instance writes
        }
        troubled = false;
    }

    @Override
    public void close() {
        synchronized (this) {
            closing = true;
        }
        alarm.call();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
