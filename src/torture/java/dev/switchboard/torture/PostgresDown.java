package dev.switchboard.torture;

import dev.switchboard.PostgresServer;
import dev.switchboard.Stores;
import java.time.Duration;

/** Kills the database server under a running bus, and starts it again. */
final class PostgresDown implements Fault {

    private final Stores stores;
    private final int count;

    PostgresDown(Stores stores, int count) {
        this.stores = stores;
        this.count = count;
    }

    @Override
    public void prepare(Setup setup) throws Exception {
        if (!(stores instanceof PostgresServer)) {
            throw new NotPossible("the store is no server");
        }
    }

    @Override
    public void strike(Site site) throws Exception {
        for (int i = 0; i < count; i++) {
            site.running();
            Feeder.pause(2_000);
            ((PostgresServer) stores).killAndRestart(Duration.ofSeconds(2));
        }
    }
}
