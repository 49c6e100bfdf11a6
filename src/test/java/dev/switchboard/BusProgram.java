package dev.switchboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sqlite.util.OSInfo;

/** The packaged program, run as {@code ./switchboard start} runs it, with an archive of its classes that is made once a build. */
public final class BusProgram {

    private static final Path APP = Path.of("target/quarkus-app").toAbsolutePath();
    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"((\\d+)[^\"]*)\"");
    private static final BusProgram HERE = new BusProgram(Path.of(System.getProperty("java.home")));

    /** SQLite's own library, unpacked once: otherwise each start does that, and compares the two byte by byte. */
    private static final Path SQLITE = unpackedSqlite();

    private final Path jdk;
    private final Path archive;
    private final int feature;

    /** Takes the JDK in a folder. */
    public BusProgram(Path jdk) {
        this.jdk = jdk;
        try {
            Matcher version = VERSION.matcher(Files.readString(jdk.resolve("release")));
            if (!version.find()) {
                throw new IllegalArgumentException(jdk + " is no JDK");
            }
            this.feature = Integer.parseInt(version.group(2));
            this.archive = Path.of("target/bus-" + version.group(1) + ".jsa").toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path unpackedSqlite() {
        String folder = "/org/sqlite/native/" + OSInfo.getNativeLibFolderPathForCurrentOS();
        String name = System.mapLibraryName("sqlitejdbc");
        Path unpacked = Path.of("target/sqlite").toAbsolutePath();
        try (InputStream library = Objects.requireNonNull(OSInfo.class.getResourceAsStream(folder + "/" + name))) {
            Files.createDirectories(unpacked);
            Path fresh = Files.createTempFile(unpacked, "fresh", null);
            Files.copy(library, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, unpacked.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            return unpacked;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the command that starts a bus of the tests: soon, in little memory. */
    static List<String> command(String... jvm) {
        return HERE.quick(HERE.archived(), jvm);
    }

    /** Returns the command for a bus that starts only once: making the archive takes longer than a start without it. */
    public static List<String> once() {
        try {
            return HERE.quick(HERE.isFresh() ? HERE.useArchive() : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> quick(List<String> archive, String... jvm) {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        options.addAll(archive);
        options.addAll(List.of(jvm));
        return command(options);
    }

    /** The options that {@code ./switchboard start} gives a bus by itself, where those of the tests differ. */
    public static String[] asShipped(String... more) {
        return Stream.concat(Stream.of("-XX:TieredStopAtLevel=4", "-XX:+UseSerialGC", "-Xmn32m"), Stream.of(more))
                .toArray(String[]::new);
    }

    /** Returns the command that starts a bus with options of the JVM. */
    public List<String> command(List<String> jvm) {
        List<String> command = new ArrayList<>();
        command.add(jdk.resolve("bin/java").toString());
        command.addAll(List.of("--add-opens", "java.base/java.lang=ALL-UNNAMED"));
        command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
        if (feature >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Dorg.sqlite.lib.path=" + SQLITE);
        command.addAll(jvm);
        command.add("io.quarkus.runner.GeneratedMain");
        return command;
    }

    /** Returns the variables that it needs. */
    static Map<String, String> environment() {
        return Map.of("CLASSPATH", classPath());
    }

    /** Returns the class path of the program. */
    public static String classPath() {
        return libraries().map(Path::toString).collect(Collectors.joining(":"));
    }

    /** The order is that of {@code ./switchboard}: what Quarkus has rewritten comes first. */
    private static Stream<Path> libraries() {
        Stream<Path> rewritten = Stream.of("quarkus/transformed-bytecode.jar", "quarkus/generated-bytecode.jar")
                .map(APP::resolve);
        return Stream.concat(rewritten, Stream.of("app", "lib/boot", "lib/main").flatMap(BusProgram::jars));
    }

    private static Stream<Path> jars(String folder) {
        try (Stream<Path> files = Files.list(APP.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the options that use the archive; it is made where it is missing. */
    public List<String> archived() {
        try {
            provideArchive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return useArchive();
    }

    private List<String> useArchive() {
        return feature >= 25
                ? List.of("-XX:AOTCache=" + archive, "-Xlog:aot=off", "-Xlog:cds=off")
                : List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
    }

    /** Several JVMs may run tests of one build: one of them makes the archive, and the others wait for it. */
    private synchronized void provideArchive() throws IOException {
        if (isFresh()) {
            return;
        }
        try (FileChannel lock = FileChannel.open(
                archive.resolveSibling("bus.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock.lock();
            if (!isFresh()) {
                makeArchive();
            }
        }
    }

    private boolean isFresh() throws IOException {
        if (!Files.exists(archive)) {
            return false;
        }
        var made = Files.getLastModifiedTime(archive);
        for (Path library : libraries().toList()) {
            if (Files.getLastModifiedTime(library).compareTo(made) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Lets a bus start and stop, whose JVM keeps what it loaded. */
    private void makeArchive() throws IOException {
        Path made = Files.createTempDirectory(archive.resolveSibling(""), "archive-")
                .resolve("made.jsa");
        String make = (feature >= 25 ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + made;
        List<String> command = command(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", make));
        Path folder = RunningBus.newFolder("archive");
        RunningBus bus = RunningBus.launch(folder, Map.of("switchboard.sandbox.enabled", "true"), command);
        bus.awaitStart();
        bus.management().get("/q/health/ready");
        bus.terminate();
        bus.awaitEnd(Duration.ofMinutes(5));
        Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE);
    }
}
