package dev.switchboard.torture;

import dev.switchboard.PostgresServer;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Stores;
import dev.switchboard.TestedStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills the small file system on which the store lies, and makes room again: the bus refuses meanwhile, and then goes on. */
final class DiskFull implements Fault {

    private final Stores stores;
    private final List<String> broken = new ArrayList<>();
    private @Nullable Path disk;

    DiskFull(Stores stores) {
        this.stores = stores;
    }

    @Override
    public void prepare(Setup setup) throws Exception {
        if (stores instanceof PostgresServer) {
            throw new NotPossible("the disk of a database server is its own affair");
        }
        Path folder = Files.createDirectories(setup.folder.resolve("disk"));
        if (run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder.toString()) != 0) {
            throw new NotPossible("only root can mount a small file system");
        }
        disk = folder;
        setup.store = new TestedStore("jdbc:sqlite:" + folder.resolve("switchboard.db"), Map.of());
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Override
    public void strike(Site site) throws Exception {
        RunningBus bus = site.running();
        Feeder.pause(2_000);
        Path ballast = site.folder().resolve("disk/ballast");
        fill(ballast);
        refuses(site.rest());
        Path waits = Files.writeString(site.folder().resolve("files/inbox/waits.jsonl"), "{}\n");
        Feeder.pause(4_000);
        if (!Files.exists(waits)) {
            broken.add("a file was taken out of inbox/ while the disk was full");
        }
        Files.delete(ballast);
        Feeder.pause(3_000);
        if (!bus.isAlive()) {
            broken.add("the process ended when the disk was full");
        }
    }

    private static void fill(Path ballast) throws IOException {
        var block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            Files.setLastModifiedTime(ballast, Files.getLastModifiedTime(ballast));
        }
    }

    /** The feeders go on meanwhile, so the last free pages are soon gone. */
    private void refuses(RestClient bus) {
        RestClient.Answer answer = bus.get("/lanes");
        for (int i = 1; i <= 50 && answer.status() != 503; i++) {
            answer = bus.submit(new Sent("disk", i, "rest").json());
            Feeder.pause(50);
        }
        if (answer.status() != 503
                || !answer.header("Content-Type").startsWith("application/problem+json")
                || answer.header("Retry-After").isEmpty()) {
            broken.add("a message on a full disk is answered with " + answer.status() + " " + answer.text());
        }
    }

    @Override
    public List<String> broken() {
        return broken;
    }

    @Override
    public void close() throws IOException {
        try {
            if (disk != null && run("umount", "-l", disk.toString()) != 0) {
                throw new IOException("cannot unmount " + disk);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
