package dev.switchboard.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts the clock of the process forward by an hour, and back. Needs Debian's {@code faketime}. */
final class ClockJump implements Fault {

    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"),
            Path.of("/usr/lib64/faketime/libfaketimeMT.so.1"));

    private final long millis;

    ClockJump(long millis) {
        this.millis = millis;
    }

    @Override
    public void prepare(Setup setup) throws Exception {
        Path library = LIBRARIES.stream()
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new NotPossible("faketime is not installed"));
        Path clock = Files.writeString(setup.folder.resolve("clock"), "+0");
        setup.environment.put("LD_PRELOAD", library.toString());
        setup.environment.put("FAKETIME_TIMESTAMP_FILE", clock.toString());
        // how many seconds pass until it looks into the file again
        setup.environment.put("FAKETIME_CACHE_DURATION", "1");
        setup.environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        // without this, waits of a JVM return at once and it does nothing else
        setup.environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }

    /** The clock is put while the process runs, and also wrong at its start and right later, as after a cold boot. */
    @Override
    public void strike(Site site) throws Exception {
        site.running();
        Feeder.pause(1_000);
        for (String offset : List.of("+1h", "+0", "-1h", "+0", "+1h")) {
            set(site, offset);
        }
        site.stop();
        site.running();
        Feeder.pause(millis);
        set(site, "+0");
        site.stop();
        site.running();
        Feeder.pause(millis);
    }

    private void set(Site site, String offset) throws IOException {
        Files.writeString(site.folder().resolve("clock"), offset);
        Feeder.pause(millis);
    }
}
