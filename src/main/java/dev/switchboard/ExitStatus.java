package dev.switchboard;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Ends the process with status 0 when a signal (SIGTERM, SIGINT) stops the started bus. Java alone gives 143, a failure. */
@Singleton
final class ExitStatus {

    /** Runs last at the start: before, the bus may still fail to start. */
    void started(@Observes @Priority(Integer.MAX_VALUE) StartupEvent start) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            Application bus = Application.currentApplication();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endWell(bus), "exit-status"));
        }
    }

    /** Quarkus stops the bus in a shutdown hook of its own. */
    private static void endWell(Application bus) {
        bus.awaitShutdown();
        Runtime.getRuntime().halt(0);
    }
}
