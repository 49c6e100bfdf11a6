package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.records.FileName;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.apache.camel.component.file.FileConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken from the inbox and when, what is left alone, and what is told. */
class InboxTest {

    private static final String EMPTY_GZIP = "1f8b080000000000020303000000000000000000";
    private static final String MARK_IN_GZIP = "1f8b08000000000002037bbf7b3f00e197100103000000";
    private static final String LETTER_IN_CUT_GZIP = "1f8b08000000000002034b4c4a4e494d4b0700";

    private static final String LINE = "id,text\n1,a\n";

    @TempDir
    Path dir;

    private final List<String> log = new ArrayList<>();
    private final Logger logger = Logger.getLogger(Inbox.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(new org.jboss.logmanager.formatters.PatternFormatter("%s").format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private long now = 1;
    private Inbox inbox;

    @BeforeEach
    void begin(TestInfo test) {
        inbox = inbox(
                test.getTags().contains("settings")
                        ? Map.of(
                                "switchboard.files.quiet", "10s",
                                "switchboard.files.profiles.nightly.require-done", "true")
                        : Map.of());
        logger.addHandler(handler);
    }

    @AfterEach
    void end() {
        logger.removeHandler(handler);
    }

    private Inbox inbox(Map<String, String> settings) {
        var all = new HashMap<>(settings);
        all.put("switchboard.files.dir", dir.toString());
        all.put("switchboard.files.profiles.nightly.charset", "auto");
        var config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build();
        return new Inbox(FilesConfig.read(config, Set.of("id", "text")), () -> now);
    }

    /** A file that is moved keeps the time at which it was written, which may be long ago. */
    @Test
    void whatWasReadIsDeletedWhenItHasBeenThereForSoLong() throws IOException {
        for (String name :
                List.of("done/a.csv", "failed/b.csv", "results/a.csv.results.csv", "inbox/c.csv", "working/d.csv")) {
            Files.setLastModifiedTime(
                    Files.writeString(dir.resolve(name), "x"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        }
        Path link = Files.createSymbolicLink(
                dir.resolve("done/link"), dir.resolve("inbox/c.csv").toAbsolutePath());
        inbox.forget(Duration.ofHours(1));
        assertThat(dir.resolve("done/a.csv")).exists();
        await().until(() -> {
            inbox.forget(Duration.ofMillis(1));
            return !Files.exists(dir.resolve("results/a.csv.results.csv"));
        });
        assertThat(dir.resolve("done/a.csv")).doesNotExist();
        assertThat(dir.resolve("failed/b.csv")).doesNotExist();
        assertThat(dir.resolve("inbox/c.csv")).exists();
        assertThat(dir.resolve("working/d.csv")).exists();
        assertThat(link).exists();
    }

    private Path path(String name) {
        return dir.resolve("inbox").resolve(name);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(path(name), content);
    }

    private boolean look(Path file) {
        return inbox.accept(FileConsumer.asGenericFile(dir.resolve("inbox").toString(), file.toFile(), null, false));
    }

    /** Looks every 250 ms, as the route does. */
    private boolean taken(Path file, Duration within) {
        for (long end = now + within.toNanos();
                now <= end;
                now += Duration.ofMillis(250).toNanos()) {
            if (look(file)) {
                return true;
            }
        }
        return false;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    void aPipeIsToldOnceAndLeftAlone() throws Exception {
        run("mkfifo", path("pipe.csv").toString());
        Files.createFile(path("pipe.csv.done"));
        assertThat(taken(path("pipe.csv"), Duration.ofHours(1))).isFalse();
        assertThat(log).singleElement().asString().contains("pipe.csv is left alone", "pipe");
        assertThat(path("pipe.csv")).exists();
    }

    @Test
    void aLinkIsNotFollowedWhereverItLeads() throws Exception {
        Path outside = Files.writeString(dir.resolve("outside.csv"), LINE);
        Files.createDirectories(dir.resolve("elsewhere"));
        write("real.csv", LINE);
        Map<String, Path> links = Map.of(
                "outside.csv", outside,
                "nowhere.csv", Path.of("/nonexistent/x"),
                "folder.csv", dir.resolve("elsewhere"),
                "device.csv", Path.of("/dev/zero"),
                "inside.csv", path("real.csv"),
                "itself.csv", path("itself.csv"));
        for (Map.Entry<String, Path> link : links.entrySet()) {
            Path made = Files.createSymbolicLink(path(link.getKey()), link.getValue());
            assertThat(taken(made, Duration.ofMinutes(20))).as(link.getKey()).isFalse();
            assertThat(log)
                    .filteredOn(line -> line.contains(link.getKey()))
                    .singleElement()
                    .asString()
                    .contains("link");
        }
    }

    @Test
    void theFolderOfAProfileIsNoLink() throws Exception {
        Files.delete(path("nightly"));
        Files.createSymbolicLink(path("nightly"), Files.createDirectories(dir.resolve("elsewhere")));
        assertThat(look(path("nightly"))).isFalse();
        assertThat(log).singleElement().asString().contains("link");
    }

    @Test
    void aFolderWithoutAProfileIsToldOnce() throws Exception {
        Path folder = Files.createDirectories(path("orders.csv"));
        assertThat(look(folder)).isFalse();
        assertThat(look(folder)).isFalse();
        assertThat(log).singleElement().asString().contains("orders.csv", "without a profile");
        assertThat(look(path("nightly"))).isTrue();
    }

    @Test
    void anEmptyFileWaitsUntilItHasContentAndIsToldAfterTenMinutes() throws Exception {
        Path file = write("empty.csv", "");
        assertThat(taken(file, Duration.ofSeconds(599))).isFalse();
        assertThat(log).isEmpty();
        assertThat(taken(file, Duration.ofMinutes(30))).isFalse();
        assertThat(log).singleElement().asString().contains("empty.csv is left alone", "it is empty", ".done");
        Files.writeString(file, LINE);
        assertThat(taken(file, Duration.ofMillis(1_900))).isFalse();
        assertThat(taken(file, Duration.ofMillis(500))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"efbbbf", "fffe", "feff", "fffe0000", "0d0a", "20"})
    void aFileOfAByteOrderMarkAloneIsEmpty(String hex) throws Exception {
        Path file = Files.write(path("mark.csv"), HexFormat.of().parseHex(hex));
        assertThat(taken(file, Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("it is empty");
        assertThat(taken(write("array.json", "[]"), Duration.ofSeconds(3))).isTrue();
    }

    /** A head alone, an empty member, two of them, and a byte order mark. */
    @ParameterizedTest
    @ValueSource(strings = {"1f", "1f8b080000000000", EMPTY_GZIP, EMPTY_GZIP + EMPTY_GZIP, MARK_IN_GZIP})
    void aPackedFileOfNothingIsEmpty(String hex) throws Exception {
        Path file = Files.write(path("packed.csv.gz"), HexFormat.of().parseHex(hex));
        assertThat(taken(file, Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("it is empty");
    }

    /** What is wrong with it is said of its batch. */
    @ParameterizedTest
    @ValueSource(strings = {"504b0304", "ff", EMPTY_GZIP + "41", "1f8b09", LETTER_IN_CUT_GZIP})
    void aPackedFileThatIsDamagedIsTaken(String hex) throws Exception {
        Path file = Files.write(path("packed.csv.gz"), HexFormat.of().parseHex(hex));
        assertThat(taken(file, Duration.ofSeconds(3))).isTrue();
    }

    @Test
    void aMarkerIsAFile() throws Exception {
        Path file = write("a.csv", LINE);
        Files.createDirectories(path("a.csv.done/x"));
        assertThat(look(file)).isFalse();
        assertThat(taken(file, Duration.ofSeconds(3))).isTrue();
        inbox.take(file.toFile());
        assertThat(dir.resolve("working/a.csv")).exists();
    }

    @Test
    void anEmptyFileWithItsMarkerIsMeantToBeEmpty() throws Exception {
        Path file = write("empty.csv", "");
        write("empty.csv.done", "");
        assertThat(look(file)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up.csv.filepart",
                "up.csv.part",
                "up.csv.tmp",
                "up.csv.crdownload",
                "up.csv.swp",
                ".up.csv.x7Zq2w",
                ".~tmp~",
                "~$up.csv",
                ".~lock.up.csv#",
                "up.csv~",
                "#up.csv#",
                "._up.csv",
                ".DS_Store",
                "Thumbs.db",
                "desktop.ini",
                "up.csv:Zone.Identifier",
                "UP.CSV.FILEPART",
                "up.csv.done",
                "up.partial",
                "Unconfirmed 12.crdownload",
                "up.csv.opdownload",
                "up.csv.download",
                ".in.up.csv."
            })
    void whatProgramsWriteBesideAFileIsLeftAloneWithoutAWord(String name) throws Exception {
        Path file = write(name, LINE);
        assertThat(taken(file, Duration.ofMinutes(20))).isFalse();
        assertThat(log).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"up.csv.x7Zq2w", "up.csv.upl", "up.jsonl.gz.123", "up.json_new", "up.csv (copying)", "up.csv "})
    void aNameThatGoesOnBehindAnEndingMayBeAnUnfinishedUpload(String name) throws Exception {
        Path file = write(name, LINE);
        assertThat(taken(file, Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("unfinished upload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.csv.2026.csv", "ORDERS.CSV", "a b.jsonl", "주문.json.gz", "orders.xlsx", "50%.csv"})
    void otherNamesAreTaken(String name) throws Exception {
        assertThat(taken(write(name, LINE), Duration.ofSeconds(3))).isTrue();
    }

    @Test
    void aNameThatCouldForgeALogLineIsToldInOneLine() throws Exception {
        Path file = write("a.csv\n2026-11-28 ERROR forged\u001b[2J\u202e.csv", LINE);
        assertThat(taken(file, Duration.ofMinutes(20))).isFalse();
        assertThat(log)
                .singleElement()
                .asString()
                .contains("a.csv<U+000A>2026", "<U+001B>", "<U+202E>", "rename")
                .doesNotContain("\n");
    }

    @Test
    void aNameWithABackslashIsToldOnceAsCamelTakesItForAFolder() throws Exception {
        assertThat(taken(write("a\\b.csv", LINE), Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("a\\b.csv is left alone", "backslash", "rename");
    }

    @Test
    void aNameThatIsNotUtf8IsToldOnce() throws Exception {
        assumeThat(System.getProperty("sun.jnu.encoding")).isEqualTo("UTF-8");
        run("bash", "-c", "echo x > '" + dir.resolve("inbox") + "'/$'b\\xb1\\xe2.csv'");
        File found =
                dir.resolve("inbox").toFile().listFiles(file -> file.getName().startsWith("b"))[0];
        assertThat(taken(found.toPath(), Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("UTF-8", "rename");
    }

    @Test
    @Tag("settings")
    void aProfileMayRequireTheMarkerOrALongerQuiet() throws Exception {
        assertThat(taken(write("a.csv", LINE), Duration.ofSeconds(9))).isFalse();
        assertThat(taken(path("a.csv"), Duration.ofSeconds(2))).isTrue();
        Path nightly = write("nightly/a.csv", LINE);
        assertThat(taken(nightly, Duration.ofMinutes(20))).isFalse();
        assertThat(log).singleElement().asString().contains("require-done", "a.csv.done");
        write("nightly/a.csv.done", "");
        assertThat(look(nightly)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"240, true", "251, false", "255, false"})
    void aLongNameIsMovedUnderItsName(int bytes, boolean marker) throws Exception {
        String name = "x".repeat(bytes - 240) + "주".repeat(78) + "xx.csv";
        assertThat(FileName.bytes(name)).isEqualTo(bytes);
        Path file = write(name, LINE);
        if (marker) {
            Files.createFile(path(name + ".done"));
        }
        assertThat(taken(file, Duration.ofSeconds(3))).isTrue();
        inbox.take(file.toFile());
        assertThat(dir.resolve("working").resolve(name)).exists();
        write(name, LINE);
        inbox.take(file.toFile());
        assertThat(dir.resolve("working").toFile().list((folder, each) -> each.endsWith(".csv")))
                .hasSize(2)
                .allMatch(each -> FileName.bytes(each) <= 255);
        assertThat(log).isEmpty();
    }

    @Test
    void whatIsGoneIsForgotten() throws Exception {
        Path file = write("empty.csv", "");
        assertThat(taken(file, Duration.ofMinutes(11))).isFalse();
        Files.delete(file);
        assertThat(look(file)).isFalse();
        now += Duration.ofMinutes(3).toNanos();
        write("empty.csv", "");
        look(path("other.csv"));
        assertThat(taken(file, Duration.ofMinutes(11))).isFalse();
        assertThat(log).hasSize(2);
    }
}
