package dev.switchboard.torture;

import dev.switchboard.TestedStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a bus is started with; faults add to it before the round begins. */
final class Setup {

    final Path folder;
    final Map<String, String> settings = new HashMap<>();
    final Map<String, String> environment = new HashMap<>();
    TestedStore store;
    int sentTwice = 5;

    Setup(Path folder, TestedStore store) {
        this.folder = folder;
        this.store = store;
    }
}
