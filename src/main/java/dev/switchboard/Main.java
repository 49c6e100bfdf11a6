package dev.switchboard;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the bus until it is told to stop. A stop by a signal (SIGTERM, SIGINT) is no failure: the status is 0, where Java alone
 * gives 143.
 *
 * <p>It has no {@code @QuarkusMain}: with that, the bus would listen before its routes are started.
 */
public final class Main {

    private static final AtomicBoolean ENDED_ITSELF = new AtomicBoolean();

    private Main() {}

    /** Runs the bus. */
    public static void main(String... arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(Main::endWell, "exit-status"));
        Quarkus.run(
                null,
                (status, failure) -> {
                    ENDED_ITSELF.set(true);
                    System.exit(status);
                },
                arguments);
    }

    private static void endWell() {
        Application bus = Application.currentApplication();
        if (bus != null && !ENDED_ITSELF.get()) {
            bus.awaitShutdown();
            Runtime.getRuntime().halt(0);
        }
    }
}
