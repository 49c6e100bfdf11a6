package dev.switchboard.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Has a bus start, take a message and stop, so that its JVM can keep what it loaded for the next start. */
final class Rehearsal {

    /** Long, as this runs at the lowest priority, and the JVM writes the archive after the bus has stopped. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Rehearsal() {}

    /** Its arguments are the command that runs a class of the program, with the option that makes the archive. */
    public static void main(String[] jvm) throws IOException, InterruptedException {
        DemoBus bus = DemoBus.start(List.of(jvm), Map.of(), LONGEST);
        try {
            for (Sample sample : samples()) {
                bus.post(sample.message());
            }
        } finally {
            bus.stop(LONGEST);
            bus.forget();
        }
    }

    /** The first of the samples that come by REST; none where the program was installed without them. */
    private static List<Sample> samples() throws IOException {
        Path folder = Path.of(System.getProperty("switchboard.home", "."), "samples");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        return Sample.read(folder).stream()
                .filter(sample -> sample.way().equals("rest"))
                .limit(1)
                .toList();
    }
}
