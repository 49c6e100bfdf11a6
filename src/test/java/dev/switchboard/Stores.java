package dev.switchboard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Gives each round an empty store of one kind. */
public interface Stores extends AutoCloseable {

    /** Returns the kind. */
    String name();

    /** Makes an empty store for a bus with that folder. */
    TestedStore next(Path folder) throws Exception;

    @Override
    default void close() throws IOException {}

    /** A file in the bus's data folder. */
    static Stores sqlite() {
        return new Stores() {
            @Override
            public String name() {
                return "sqlite";
            }

            @Override
            public TestedStore next(Path folder) {
                return new TestedStore("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), Map.of());
            }
        };
    }
}
