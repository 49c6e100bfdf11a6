package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.records.FileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Generated files, links and pipes in the inbox of the packaged bus: what is good and comes behind them is delivered at once.
 * {@code -Dswitchboard.test.seed} makes others.
 */
@Tag("soak")
class GeneratedFilesIT {

    private static final long SEED = Long.getLong("switchboard.test.seed", 20261128);
    private static final int FILES = Integer.getInteger("switchboard.test.files", 10_000);
    private static final int ROUND = 40;
    private static final int LEFT = 500;

    private final GeneratedFiles files = new GeneratedFiles(SEED);
    private final List<Long> delays = new ArrayList<>();

    @Test
    void whatIsGoodAndComesBehindIsDeliveredWithinASecond() throws Exception {
        Map<String, String> settings = Map.of(
                "switchboard.sandbox.enabled", "true",
                "switchboard.lane.retry", "20ms,20ms",
                "switchboard.files.quiet", "100ms");
        try (RunningBus bus = RunningBus.start(RunningBus.newFolder("generated-files"), settings)) {
            Path inbox = bus.file("inbox").toPath();
            play(bus, inbox, FILES / 4);
            delays.clear();
            long memory = bus.memory("VmRSS");
            long threads = threads(bus);
            int open = bus.openFiles();
            play(bus, inbox, FILES - FILES / 4);
            Collections.sort(delays);
            System.out.printf(
                    "generated files: %d, seed %d, good ones delivered after %d ms, at most %d, RSS %d then %d MB,"
                            + " threads %d then %d, open files %d then %d%n",
                    FILES,
                    SEED,
                    delays.get(delays.size() / 2),
                    delays.get(delays.size() - 1),
                    memory,
                    bus.memory("VmRSS"),
                    threads,
                    threads(bus),
                    open,
                    bus.openFiles());
            assertThat(bus.memory("VmRSS")).isLessThan(memory + 100);
            assertThat(threads(bus)).isLessThan(threads + 10);
            assertThat(bus.openFiles()).isLessThan(open + 20);
            assertThat(bus.log()).doesNotContain("\tat ");
            assertThat(bus.log().lines()).noneMatch(line -> line.startsWith("FORGED"));
            assertThat(bus.log().lines().filter(line -> line.contains("is left alone")))
                    .as("each is told once")
                    .doesNotHaveDuplicates();
        }
    }

    private static long threads(RunningBus bus) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + bus.process().pid() + "/status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("Threads:".length()).strip()))
                .sum();
    }

    private void play(RunningBus bus, Path inbox, int many) throws Exception {
        for (int i = 0; i < many; i += ROUND) {
            for (int j = 0; j < ROUND; j++) {
                drop(inbox);
            }
            await("an inbox in which only what is left alone is left")
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> isEmpty(inbox.resolveSibling("working"))
                            && due(inbox).isEmpty());
            good(bus, inbox, i);
            clear(inbox);
        }
    }

    /** Lists the files that have not been taken yet, but will be. */
    private static List<String> due(Path inbox) {
        return Arrays.stream(inbox.toFile().list())
                .filter(name -> Files.isRegularFile(inbox.resolve(name), LinkOption.NOFOLLOW_LINKS))
                .filter(name ->
                        !FileName.isTemporary(name) && FileName.fault(name).isEmpty())
                .filter(name -> Files.exists(inbox.resolve(name + FileName.DONE))
                        || (!isEmpty(inbox, name) && !FileName.maybeTemporary(name)))
                .toList();
    }

    private static boolean isEmpty(Path inbox, String name) {
        try {
            return Inbox.isEmpty(inbox.resolve(name), name);
        } catch (IOException e) {
            // it has just been taken
            return true;
        }
    }

    /** What is left alone, someone removes one day. */
    private static void clear(Path inbox) throws Exception {
        String[] left = inbox.toFile().list();
        if (left.length > LEFT) {
            new ProcessBuilder("find", inbox.toString(), "-mindepth", "1", "-delete")
                    .start()
                    .waitFor();
        }
    }

    private static boolean isEmpty(Path folder) {
        return folder.toFile().list((dir, name) -> !name.startsWith(".")).length == 0;
    }

    private void drop(Path inbox) throws Exception {
        String name = files.name();
        Path file = inbox.resolve(GeneratedFiles.fits(name) ? name : name.substring(name.length() - 60));
        if (files.oneIn(40)) {
            Files.createSymbolicLink(file, Path.of(files.oneIn(2) ? "/dev/zero" : "/nonexistent"));
        } else if (files.oneIn(40)) {
            new ProcessBuilder("mkfifo", file.toString()).start().waitFor();
        } else if (files.oneIn(60)) {
            Files.createDirectory(file);
        } else if (files.oneIn(80)) {
            String bytes = "printf x > \"$1/$(printf 'b\\261\\342')$2.csv\"";
            new ProcessBuilder("sh", "-c", bytes, "sh", inbox.toString(), Integer.toString(files.count()))
                    .start()
                    .waitFor();
        } else {
            Files.write(file, files.content());
        }
        if (files.oneIn(2)) {
            Files.createFile(file.resolveSibling(file.getFileName() + ".done"));
        }
    }

    private void good(RunningBus bus, Path inbox, int number) throws Exception {
        String id = "good-" + number + "-" + delays.size();
        ObjectNode message = RestClient.send("room-" + id, "well").put("id", id);
        long began = System.nanoTime();
        Files.writeString(inbox.resolve(id + ".jsonl.part"), message + "\n");
        Files.createFile(inbox.resolve(id + ".jsonl.done"));
        Files.move(inbox.resolve(id + ".jsonl.part"), inbox.resolve(id + ".jsonl"));
        await(id)
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> bus.rest().get("/messages/" + id).text().contains("\"state\":\"delivered\""));
        long delay = (System.nanoTime() - began) / 1_000_000;
        delays.add(delay);
        assertThat(delay).as("milliseconds until " + id + " was delivered").isLessThan(1_000);
        assertThat(bus.management().get("/q/health/ready").status()).isEqualTo(200);
    }
}
