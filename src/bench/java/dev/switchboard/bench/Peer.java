package dev.switchboard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program that the bus is compared with: a folder {@code bench/<name>} with its own build file. {@code build} builds it and prints the
 * versions of its parts, {@code run PORT VENDOR_URL DATA_DIR [BROKER_PORT]} runs it in the foreground, and {@code README.md} has a
 * list of what it does not do.
 */
record Peer(String name, Path home) {

    /** The variable with the JDBC URL of a PostgreSQL database, for those that can use one. */
    static final String DATABASE = "DATABASE_URL";

    private static final String NOT_DONE = "## What it does not do";

    /**
     * Finds it.
     *
     * @throws IllegalArgumentException if there is no such folder
     */
    static Peer named(String name) {
        var peer = new Peer(name, Path.of("bench", name).toAbsolutePath());
        if (!Files.isExecutable(peer.home.resolve("run"))) {
            throw new IllegalArgumentException("there is no party bench/" + name);
        }
        return peer;
    }

    /**
     * Builds it if it is not built or its source is newer.
     *
     * @return the versions of its parts
     */
    String build(Path folder) throws IOException, InterruptedException {
        Path printed = folder.resolve("build.out");
        Path log = folder.resolve("build.log");
        int status = command(
                        Path.of(System.getProperty("java.home")),
                        List.of(home.resolve("build").toString()))
                .redirectOutput(printed.toFile())
                .redirectError(log.toFile())
                .start()
                .waitFor();
        if (status != 0) {
            throw new IllegalStateException("bench/" + name + "/build failed: " + Files.readString(log));
        }
        return Files.readString(printed).strip();
    }

    /** Starts it, and does not wait until it listens. */
    Process start(Path jdk, int port, String vendor, Path folder, int broker, Map<String, String> environment)
            throws IOException {
        List<String> words = List.of(
                home.resolve("run").toString(),
                Integer.toString(port),
                vendor,
                folder.toString(),
                Integer.toString(broker));
        ProcessBuilder builder = command(jdk, words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("party.log").toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static ProcessBuilder command(Path jdk, List<String> words) {
        var builder = new ProcessBuilder(words);
        builder.environment().put("JAVA_HOME", jdk.toString());
        return builder;
    }

    /** Returns whether it can keep its messages in PostgreSQL. */
    boolean takesDatabase() throws IOException {
        return Files.readString(home.resolve("run")).contains(DATABASE);
    }

    /** Returns what it does not do, a sentence each. */
    List<String> lacks() throws IOException {
        return Files.readAllLines(home.resolve("README.md")).stream()
                .dropWhile(line -> !line.equals(NOT_DONE))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("- "))
                .map(line -> line.substring(2))
                .toList();
    }
}
