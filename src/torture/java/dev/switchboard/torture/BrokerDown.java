package dev.switchboard.torture;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Kills an external broker under a running bus, and starts it again. */
final class BrokerDown implements Fault {

    private final int count;
    private @Nullable BrokerProcess broker;

    BrokerDown(int count) {
        this.count = count;
    }

    @Override
    public void prepare(Setup setup) throws IOException {
        broker = new BrokerProcess(setup.folder);
        broker.start();
        setup.settings.put("switchboard.broker.url", broker.url());
    }

    @Override
    public void strike(Site site) throws Exception {
        site.running();
        for (int i = 0; i < count && broker != null; i++) {
            Feeder.pause(2_000);
            broker.kill();
            Feeder.pause(2_000);
            broker.start();
        }
    }

    @Override
    public void close() {
        if (broker != null) {
            broker.close();
        }
    }
}
