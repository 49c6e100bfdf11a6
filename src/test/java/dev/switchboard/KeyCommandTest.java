package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyCommandTest {

    private static final String DATA = "switchboard.data-dir";

    @TempDir
    private Path folder;

    /** The command makes its settings those of its process. */
    @AfterEach
    void forgetSettings() {
        System.clearProperty(DATA);
        System.clearProperty("switchboard.stroe.url");
    }

    private record Run(int status, String output, String errors) {}

    private Run run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("-D" + DATA + "=" + folder);
        int status = KeyCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    @Test
    void aKeyIsMadeListedAndRevokedUnderANameThatIsNotUsedAgain() {
        Run created = run("create", "--name", "night-shift", "--role", "operator", "--expires-in", "30");
        assertThat(created.status()).as(created.toString()).isZero();
        assertThat(created.errors()).isEmpty();
        assertThat(created.output().strip()).matches("swb_night-shift_[A-Za-z0-9_-]{43}");
        assertThat(run("list").output()).containsPattern("night-shift +operator +valid");
        Run again = run("create", "--name", "night-shift", "--role", "admin");
        assertThat(again.errors()).contains("a name cannot be used twice");
        assertThat(again.status()).isEqualTo(1);
        assertThat(run("revoke", "night-shift").status()).isZero();
        assertThat(run("list").output()).containsPattern("night-shift +operator +revoked");
        assertThat(run("revoke", "night-shift").status()).isEqualTo(1);
    }

    @Test
    void aCommandThatReadsMakesNoStoreAndNoneBringsOneUpToDate() throws Exception {
        assertThat(run("list").errors()).contains(folder.resolve("switchboard.db") + ": there is no store yet");
        assertThat(run("revoke", "x").errors()).contains("there is no store yet");
        assertThat(folder).isEmptyDirectory();
        assertThat(run("create", "--name", "a", "--role", "admin").status()).isZero();
        assertThat(run("list").status()).isZero();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("switchboard.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate("update flyway_schema_history set version = '0.9'");
        }
        for (List<String> command : List.of(List.of("list"), List.of("create", "--name", "b", "--role", "admin"))) {
            Run run = run(command.toArray(String[]::new));
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.errors()).contains("schema version 0.9", "./switchboard start");
        }
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(run("create", "--name", "Night", "--role", "king").errors())
                .contains("name: must match", "roles: must be one or more of sender, reader, operator, admin");
        assertThat(run("create", "--name", "a").status()).isEqualTo(2);
        assertThat(run("list", "-Dswitchboard.stroe.url=x").errors()).contains("switchboard.stroe.url");
    }
}
