package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in an installation of its own, with JDKs that only say how they were called. */
class LauncherTest {

    @TempDir
    Path folder;

    private Path home;
    private Path current;

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.resolve("installed here"));
        current = Files.createDirectories(folder.resolve("current folder"));
        Files.copy(Path.of("switchboard"), home.resolve("switchboard"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(Path.of("pom.xml"), home.resolve("pom.xml"));
        write(home.resolve("target/quarkus-app/quarkus-run.jar"), "");
        write(home.resolve("config/application.properties"), "");
        jdk("newest", "99.0.1");
    }

    @Test
    void theNewestJdkIsTaken() throws Exception {
        jdk("older", "98");
        jdk("ancient", "1.8.0_402");
        write(home.resolve("half/release"), "JAVA_VERSION=\"100\"\n");
        assertThat(run(Map.of(), "start").output()).contains("JDK newest");
    }

    @Test
    void optionsReachTheJvm() throws Exception {
        String called = run(Map.of("JAVA_OPTS", "-Xmx64m -Dx=y"), "start", "-Dswitchboard.data-dir=my data")
                .output();
        assertThat(called)
                .contains("[-Xmx64m]", "[-Dx=y]", "[-Dswitchboard.data-dir=my data]", "[-jar]", "quarkus-run.jar]");
    }

    @Test
    void fileNamesAreReadInUtf8WhereNoLocaleIsSet() throws Exception {
        assertThat(run(Map.of("LC_ALL", "C"), "start").output()).contains("LOCALE C.UTF-8");
        assertThat(run(Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", ""), "start")
                        .output())
                .contains("LOCALE C.UTF-8");
        assertThat(run(Map.of("LC_ALL", "ko_KR.UTF-8"), "start").output()).contains("LOCALE ko_KR.UTF-8");
        assertThat(run(Map.of("LC_ALL", "", "LC_CTYPE", "", "LANG", "pl_PL.UTF-8"), "start")
                        .output())
                .contains("LOCALE none");
    }

    @Test
    void aConfigFileGoesOverTheInstallations() throws Exception {
        write(current.resolve("my file.properties"), "");
        assertThat(run(Map.of(), "start", "--config", "my file.properties").output())
                .contains("LOCATIONS file://")
                .containsPattern("current%20folder/my%20file\\.properties,file:.*installed%20here/config/application");
    }

    @Test
    void theCurrentFoldersConfigStandsInForTheInstallations() throws Exception {
        write(current.resolve("config/application.properties"), "");
        assertThat(run(Map.of(), "start").output()).contains("LOCATIONS none");
    }

    @Test
    void aMistakeIsNamedAndHasStatusTwo() throws Exception {
        assertThat(run(Map.of(), "strat"))
                .isEqualTo(new Run(2, "switchboard: there is no command strat (see ./switchboard --help)\n"));
        assertThat(run(Map.of(), "start", "--config", "nowhere"))
                .isEqualTo(new Run(2, "switchboard: --config: there is no file nowhere\n"));
        assertThat(run(Map.of(), "start", "now").status()).isEqualTo(2);
    }

    @Test
    void helpAndVersionNeedNoJdk() throws Exception {
        assertThat(run(Map.of(), "--version").output()).matches("switchboard \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(run(Map.of(), "--help").output()).contains("demo", "start", "sandbox");
    }

    private record Run(int status, String output) {}

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        var builder = new ProcessBuilder(
                Stream.concat(Stream.of("sh", home.resolve("switchboard").toString()), Stream.of(arguments))
                        .toList());
        builder.directory(current.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_OPTS", "QUARKUS_CONFIG_LOCATIONS"));
        builder.environment().put("JAVA_HOME", folder.resolve("newest").toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    /** Puts a JDK where the launcher looks; its {@code java} prints its name and how it was called. */
    private void jdk(String name, String version) throws IOException {
        Path jdk = name.equals("newest")
                ? folder.resolve(name)
                : folder.resolve(".jdks").resolve(name);
        write(jdk.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        String script = "#!/bin/sh\necho JDK " + name
                + "\necho LOCALE ${LC_ALL:-none}\necho LOCATIONS ${QUARKUS_CONFIG_LOCATIONS:-none}\nprintf '[%s]' \"$@\"\n";
        write(jdk.resolve("bin/java"), script);
        write(jdk.resolve("bin/javac"), script);
        assertThat(jdk.resolve("bin/java").toFile().setExecutable(true)).isTrue();
        assertThat(jdk.resolve("bin/javac").toFile().setExecutable(true)).isTrue();
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
