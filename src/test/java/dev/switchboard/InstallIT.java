package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The release as its users install it: without Maven and without source. */
@Tag("soak")
class InstallIT {

    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String SETTINGS = """
            switchboard.data-dir=%1$s/var/lib/switchboard
            switchboard.files.dir=%1$s/var/lib/switchboard/files
            smallrye.config.source.file.locations=%1$s/etc/switchboard/secrets
            switchboard.sandbox.enabled=true
            switchboard.broker.url=none
            switchboard.shutdown.delay=0s
            quarkus.http.port=0
            quarkus.management.port=0
            """;

    private record Run(int status, String output) {}

    private static Run run(String... command) throws Exception {
        return run(Path.of("."), command);
    }

    private static Run run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private static void done(String... command) throws Exception {
        Run run = run(command);
        assertThat(run.status()).as(run.output()).isZero();
    }

    private static Path release(String pattern) throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().matches(pattern))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void deliver(RunningBus bus, String id) throws IOException {
        var message = RestClient.send("room-" + id, "Hello").put("id", id);
        assertThat(bus.rest()
                        .submit(message, "Prefer", "wait=20")
                        .json()
                        .path("state")
                        .asText())
                .isEqualTo("delivered");
    }

    private static void assertDelivered(RunningBus bus, String id) throws IOException {
        assertThat(bus.rest().get("/messages/" + id).json().path("state").asText())
                .isEqualTo("delivered");
    }

    @Test
    void theArchiveNeedsNothingButAJdk() throws Exception {
        Path folder = RunningBus.newFolder("tarball");
        done("tar", "-xzf", release("switchboard-.*\\.tar\\.gz").toString(), "-C", folder.toString());
        Path home = folder.resolve(
                release("switchboard-.*\\.tar\\.gz").getFileName().toString().replace(".tar.gz", ""));
        for (String part : List.of(
                "LICENSE",
                "README.md",
                "CHANGELOG.md",
                "switchboard.cdx.json",
                "config",
                "docs",
                "routes",
                "samples")) {
            assertThat(home.resolve(part)).exists();
        }
        String launcher = home.resolve("switchboard").toString();
        assertThat(run(launcher, "--version").output()).matches("switchboard \\d+\\.\\d+\\.\\d+\n");
        assertThat(run(launcher, "contract", "happytalk").output()).contains("contract needs the source");
        Files.writeString(folder.resolve("own.properties"), SETTINGS.formatted(folder));
        Path data = Files.createDirectories(folder.resolve("elsewhere"));
        try (RunningBus bus =
                RunningBus.launchInstalled(data, Map.of(), launcher, "start", "--config", "../own.properties")) {
            bus.awaitStart();
            deliver(bus, "first");
            healthCheckOfComposeAgrees(bus);
            assertThat(bus.stop()).isZero();
        }
    }

    /** It is a shell's command, which the image's bash runs with the management port. */
    private static void healthCheckOfComposeAgrees(RunningBus bus) throws Exception {
        var command = new ArrayList<String>();
        new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("install/compose.yaml").toFile())
                .at("/services/switchboard/healthcheck/test")
                .forEach(word -> command.add(word.asText()));
        command.remove("CMD");
        String port =
                Integer.toString(bus.management().request("/").build().uri().getPort());
        command.replaceAll(word -> word.replace("/9000", "/" + port));
        done(command.toArray(String[]::new));
        command.replaceAll(word -> word.replace("/q/health/ready", "/q/health/none"));
        assertThat(run(command.toArray(String[]::new)).status()).isNotZero();
    }

    @Test
    void thePackageIsInstalledUpgradedAndRemovedAndKeepsWhatIsTheUsers() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "dpkg gives files to their owners");
        Path folder = RunningBus.newFolder("package");
        Path root = folder.resolve("root");
        for (String name : List.of("var/lib/dpkg/info", "var/lib/dpkg/updates", "etc")) {
            Files.createDirectories(root.resolve(name));
        }
        Files.createFile(root.resolve("var/lib/dpkg/status"));
        Path current = release("switchboard_.*\\.deb");

        dpkg(root, "--install", older(folder, current).toString());
        Path settings = root.resolve("etc/switchboard/application.properties");
        assertThat(settings).content().contains("switchboard.data-dir=/var/lib/switchboard\n");
        assertThat(root.resolve("etc/passwd")).content().contains("switchboard:x:");
        assertThat(permissions(root, "etc/switchboard/secrets")).isEqualTo("rwxr-x---");
        assertThat(permissions(root, "var/lib/switchboard")).isEqualTo("rwxr-x---");
        Files.writeString(settings, SETTINGS.formatted(root));
        Files.writeString(root.resolve("etc/switchboard/secrets/switchboard.broker.password"), "s3cret\n");
        Path launcher = root.resolve("usr/bin/switchboard");
        assertThat(run(folder, launcher.toString(), "config").output())
                .contains("switchboard.broker.password = ********  (FileSystem");
        serve(folder, launcher, "before");

        dpkg(root, "--install", current.toString());
        assertThat(settings).content().isEqualTo(SETTINGS.formatted(root));
        try (Stream<Path> programs = Files.list(root.resolve("usr/share/switchboard/program/app"))) {
            assertThat(programs).as("nothing of the older one").hasSize(1);
        }
        serve(folder, launcher, "after", "before");

        dpkg(root, "--remove", "switchboard");
        assertThat(launcher).doesNotExist();
        assertThat(root.resolve("usr/share/switchboard")).doesNotExist();
        assertThat(settings).exists();
        dpkg(root, "--purge", "switchboard");
        assertThat(settings.getParent()).doesNotExist();
        assertThat(root.resolve("var/lib/switchboard/switchboard.db"))
                .as("the messages")
                .exists();
    }

    /** Starts the installed bus as systemd does, which it tells that it is ready, delivers a message, and stops it. */
    private static void serve(Path folder, Path launcher, String id, String... earlier) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path told = folder.resolve("told");
        Files.deleteIfExists(told);
        Path notify = Files.writeString(bin.resolve("systemd-notify"), "#!/bin/sh\necho \"$@\" >" + told + "\n");
        Files.setPosixFilePermissions(notify, PosixFilePermissions.fromString("rwxr-xr-x"));
        var environment = Map.of("NOTIFY_SOCKET", "/run/systemd/notify", "PATH", bin + ":" + System.getenv("PATH"));
        try (RunningBus bus = RunningBus.launchInstalled(folder, environment, launcher.toString(), "start")) {
            bus.awaitStart();
            await("the notice").until(() -> Files.exists(told) && Files.size(told) > 0);
            assertThat(told).hasContent("--ready");
            deliver(bus, id);
            for (String each : earlier) {
                assertDelivered(bus, each);
            }
            assertThat(bus.stop()).isZero();
        }
    }

    /** Makes a package of an older version from the present one, with a file that the present one has under another name. */
    private static Path older(Path folder, Path current) throws Exception {
        Path unpacked = folder.resolve("older");
        done("dpkg-deb", "-R", current.toString(), unpacked.toString());
        Path control = unpacked.resolve("DEBIAN/control");
        Files.writeString(control, Files.readString(control).replaceFirst("Version: .*", "Version: 0.0.1"));
        Path app = unpacked.resolve("usr/share/switchboard/program/app");
        try (Stream<Path> jars = Files.list(app)) {
            Files.move(jars.findFirst().orElseThrow(), app.resolve("switchboard-0.0.1.jar"));
        }
        Path older = folder.resolve("switchboard_0.0.1_all.deb");
        done("dpkg-deb", "-Znone", "-b", unpacked.toString(), older.toString());
        return older;
    }

    private static void dpkg(Path root, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                "dpkg", "--root=" + root, "--force-script-chrootless", "--force-depends", "--log=" + root + ".log"));
        command.addAll(List.of(arguments));
        done(command.toArray(String[]::new));
    }

    private static String permissions(Path root, String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name)));
    }

    @Test
    void systemdTakesTheUnitAndFindsItProtected() throws Exception {
        Path folder = RunningBus.newFolder("unit");
        String unit = Files.readString(Path.of("install/debian/switchboard.service"))
                .replace(
                        "/usr/bin/switchboard",
                        Path.of("switchboard").toAbsolutePath().toString());
        Path file = Files.writeString(folder.resolve("switchboard.service"), unit);
        Run verified = run("systemd-analyze", "--man=no", "verify", file.toString());
        assertThat(verified.status()).as(verified.output()).isZero();
        assertThat(verified.output()).doesNotContain("switchboard.service");
        done("systemd-analyze", "security", "--offline=true", "--threshold=25", file.toString());
    }
}
