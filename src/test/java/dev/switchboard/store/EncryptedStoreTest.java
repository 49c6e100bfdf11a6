package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.database.Backup;
import dev.switchboard.database.KeyFile;
import dev.switchboard.database.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with a key file: nothing that it writes can be read without it. */
class EncryptedStoreTest {

    @TempDir
    Path folder;

    private String url;
    private Path keys;

    @BeforeEach
    void makeKey() throws IOException {
        url = "jdbc:sqlite:" + folder.resolve("data/s.db");
        keys = folder.resolve("keys");
        KeyFile.add(keys);
    }

    private Store open(@Nullable Path keyFile) {
        return Store.open(url, "", "", keyFile);
    }

    private List<String> sealedBy(Store store) {
        return store.read(sql -> sql.list("select id from sealing_key order by id", Row::text));
    }

    @Test
    void noFileOfTheStoreHoldsAReadableTextAndTheStoreShowsEverything() throws IOException {
        try (Store store = open(keys)) {
            var contents = new Contents(store);
            contents.write();
            try (Stream<Path> files = Files.walk(folder.resolve("data")).filter(Files::isRegularFile)) {
                List<Path> all = files.toList();
                assertThat(all)
                        .hasSizeGreaterThan(2)
                        .anyMatch(file -> file.toString().endsWith("-wal"));
                for (Path file : all) {
                    Contents.assertUnreadable(file);
                }
            }
            Path backup = folder.resolve("backup.db");
            Backup.make(url, backup);
            Contents.assertUnreadable(backup);
            contents.read();
            List<String> hashes = store.read(sql -> sql.list("select hash from identity", Row::text));
            assertThat(hashes).isNotEmpty().allMatch(hash -> hash.startsWith("hmac-"));
        }
        try (Store again = open(keys)) {
            new Contents(again).read();
        }
    }

    @Test
    void withoutItsKeyAStoreDoesNotOpen() throws IOException {
        open(keys).close();
        String id = KeyFile.read(keys).keySet().iterator().next();
        assertThatThrownBy(() -> open(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("switchboard.store.key-file")
                .hasMessageContaining(id);
        Path other = folder.resolve("other");
        KeyFile.add(other);
        Files.writeString(other, Files.readString(other).replaceFirst("\\S+", "other"));
        assertThatThrownBy(() -> open(other)).hasMessageContaining("has no key " + id);
        Files.writeString(other, Files.readString(other).replaceFirst("\\S+", id));
        assertThatThrownBy(() -> open(other)).hasMessageContaining("key " + id + " is not the one");
    }

    @Test
    void aNewKeyEncryptsAllThatTheOldOneDidAndThenTheOldOneIsNotNeeded() throws IOException {
        try (Store store = open(keys)) {
            new Contents(store).write();
            Contents.encryptAll(store);
        }
        String old = KeyFile.read(keys).keySet().iterator().next();
        String fresh = KeyFile.add(keys);
        try (Store store = open(keys)) {
            assertThat(sealedBy(store)).containsExactlyInAnyOrder(old, fresh);
            new Contents(store).read();
            Contents.encryptAll(store);
            assertThat(sealedBy(store)).containsExactly(fresh);
            new Contents(store).read();
        }
        var lines = new ArrayList<>(Files.readAllLines(keys));
        Files.write(keys, lines.subList(0, 1));
        try (Store store = open(keys)) {
            new Contents(store).read();
            Contents.assertUnreadable(folder.resolve("data/s.db"));
        }
    }

    @Test
    void aKeyThatAnotherProcessStillEncryptsWithIsNotForgotten() throws IOException {
        try (Store running = open(keys)) {
            running.check();
            String old = KeyFile.read(keys).keySet().iterator().next();
            Path next = Files.copy(keys, folder.resolve("next"));
            Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(keys));
            String fresh = KeyFile.add(next);
            try (Store store = open(next)) {
                Contents.encryptAll(store);
                assertThat(sealedBy(store)).contains(old, fresh);
            }
        }
    }

    @Test
    void whatAStoreHeldBeforeItHadAKeyIsEncryptedToo() throws IOException {
        try (Store store = open(null)) {
            new Contents(store).write();
        }
        try (Store store = open(keys)) {
            new Contents(store).read();
            Contents.encryptAll(store);
            assertThat(sealedBy(store)).doesNotContain("");
            new Contents(store).read();
            Path backup = folder.resolve("backup.db");
            Backup.make(url, backup);
            Contents.assertUnreadable(backup);
        }
    }
}
