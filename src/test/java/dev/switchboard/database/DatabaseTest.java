package dev.switchboard.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The files of a database. */
class DatabaseTest {

    @TempDir
    Path folder;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void noOtherUserCanReadTheStore() throws IOException {
        Path data = folder.resolve("new/data");
        Database database = Database.open("jdbc:sqlite:" + data.resolve("s.db"), "", "", null);
        try {
            assertThat(permissions(data)).isEqualTo("rwx------");
            assertThat(permissions(folder.resolve("new")))
                    .isEqualTo(permissions(Files.createDirectory(folder.resolve("as ever"))));
            List<Path> files;
            try (Stream<Path> all = Files.list(data)) {
                files = all.toList();
            }
            assertThat(files).hasSizeGreaterThan(2);
            for (Path file : files) {
                assertThat(permissions(file)).as(file.toString()).isEqualTo("rw-------");
            }
        } finally {
            database.close();
        }
    }
}
