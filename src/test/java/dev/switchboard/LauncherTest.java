package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    void theJdkOfJavaHomeIsTakenAndElseTheNewest() throws Exception {
        jdk("older", "98");
        jdk("later", "99.1");
        jdk("ancient", "1.8.0_402");
        write(home.resolve("half/release"), "JAVA_VERSION=\"100\"\n");
        String jdks = folder.resolve(".jdks").toString();
        assertThat(run(Map.of("JAVA_HOME", jdks + "/older"), "start").output()).startsWith("JDK older");
        assertThat(run(Map.of("JAVA_HOME", ""), "start").output()).startsWith("JDK later");
        assertThat(run(Map.of("JAVA_HOME", jdks + "/ancient"), "start").output())
                .startsWith("switchboard: JAVA_HOME has no JDK 17 or later: " + jdks + "/ancient")
                .contains("JDK later");
    }

    @Test
    void thePartOfAJdkThatRunsProgramsIsEnoughWhereNothingIsBuilt() throws Exception {
        Files.delete(folder.resolve("newest/bin/javac"));
        assertThat(run(Map.of(), "start").output()).startsWith("JDK newest");
        jdk("whole", "98");
        source("exit 1");
        assertThat(run(Map.of(), "start").output()).contains("JAVA_HOME has no JDK 17");
    }

    @Test
    void optionsReachTheJvm() throws Exception {
        String called = run(Map.of("JAVA_OPTS", "-Xmx64m -Dx=y"), "start", "-Dswitchboard.data-dir=my data")
                .output();
        assertThat(called)
                .contains(
                        "[-XX:+ExitOnOutOfMemoryError]",
                        "[-Xmx64m]",
                        "[-Dx=y]",
                        "[-Dswitchboard.data-dir=my data]",
                        "[io.quarkus.runner.GeneratedMain]");
    }

    @Test
    void theUsersWordOnMemoryCounts() throws Exception {
        assertThat(run(Map.of(), "start").output()).contains("[-XX:+UseSerialGC]", "[-Xmn");
        for (String options : List.of("-XX:+UseG1GC", "-Xmx64m", "-XX:MaxRAMPercentage=50")) {
            assertThat(run(Map.of("JAVA_OPTS", options), "start").output())
                    .contains("[" + options + "]")
                    .doesNotContain("UseSerialGC", "-Xmn");
        }
    }

    @Test
    void theRewrittenClassesComeFirstAndTheOthersInOneOrder() throws Exception {
        pack("lib/main/b.jar", "lib/main/A.jar", "lib/boot/c.jar", "app/d.jar");
        pack("quarkus/generated-bytecode.jar", "quarkus/transformed-bytecode.jar");
        String libraries =
                run(Map.of("LC_ALL", "ko_KR.UTF-8"), "config").output().replace(app() + "/", "");
        assertThat(libraries)
                .contains("LIBRARIES quarkus/transformed-bytecode.jar:quarkus/generated-bytecode.jar:app/d.jar:"
                        + "lib/boot/c.jar:lib/main/A.jar:lib/main/b.jar\n");
    }

    @Test
    void addedJarsComeLastAndTheirFolderMayBeSetAnywhere() throws Exception {
        pack("lib/main/b.jar");
        write(home.resolve("lib/x.jar"), "");
        String usual = home.toRealPath().resolve("lib").toString();
        assertThat(run(Map.of(), "start").output())
                .contains("lib/main/b.jar:" + usual + "/x.jar\n", "[-Dswitchboard.lib.dir=" + usual + "]");
        for (String name : List.of("file", "variable", "option")) {
            write(folder.resolve("in " + name + "/" + name + ".jar"), "");
        }
        write(current.resolve("config/application.properties"), "switchboard.lib.dir=" + folder.resolve("in file"));
        assertThat(run(Map.of(), "start").output()).contains(":" + folder.resolve("in file/file.jar") + "\n");
        Map<String, String> set =
                Map.of("SWITCHBOARD_LIB_DIR", folder.resolve("in variable").toString());
        assertThat(run(set, "start").output()).contains(":" + folder.resolve("in variable/variable.jar") + "\n");
        String option = "-Dswitchboard.lib.dir=" + folder.resolve("in option");
        assertThat(run(set, "start", option).output())
                .contains(":" + folder.resolve("in option/option.jar") + "\n")
                .doesNotContain("variable.jar");
        assertThat(run(Map.of(), "config").output()).doesNotContain("file.jar");
    }

    @Test
    void anArchiveIsMadeBesideTheFirstStartAndUsedByTheNext() throws Exception {
        pack("quarkus/generated-bytecode.jar");
        assertThat(run(Map.of(), "start").output()).doesNotContain("-XX:AOTCache");
        await("the archive").until(() -> !archives().isEmpty());
        assertThat(archives()).hasSize(1);
        String use = "[-XX:AOTCache=" + archives().get(0) + "]";
        assertThat(run(Map.of(), "start").output()).contains(use);
        assertThat(run(Map.of(), "config").output()).contains(use);
    }

    @Test
    void anArchiveThatCannotBeMadeIsNotTriedAgainUntilTheNextBuild() throws Exception {
        pack("quarkus/generated-bytecode.jar");
        run(Map.of("CANNOT", "true"), "start");
        await("the try").until(() -> !archives().isEmpty());
        assertThat(run(Map.of(), "start").output()).doesNotContain("-XX:AOTCache=");
        assertThat(archives().get(0)).isEmptyFile();
        Files.setLastModifiedTime(archives().get(0), FileTime.from(Instant.now().minusSeconds(60)));
        run(Map.of(), "start");
        await("the second try")
                .until(() -> archives().size() == 1 && Files.size(archives().get(0)) > 0);
    }

    @Test
    void anotherJdkHasAnArchiveOfItsOwn() throws Exception {
        pack("quarkus/generated-bytecode.jar");
        run(Map.of(), "start");
        await("the archive").until(() -> !archives().isEmpty());
        jdk("newest", "99.0.2");
        assertThat(run(Map.of(), "start").output()).doesNotContain("-XX:AOTCache=");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "start",
                "check",
                "demo",
                "sandbox",
                "components",
                "config",
                "backup",
                "restore",
                "contract",
                "torture",
                "bench"
            })
    void theHelpOfEachCommandIsThePrograms(String command) throws Exception {
        for (String help : List.of("-h", "--help")) {
            String called = run(Map.of(), command, "--seconds", "1", help).output();
            assertThat(called).contains("[dev.switchboard.cli.Cli][" + command + "][--help]");
        }
        assertThat(run(Map.of(), "key", "create", "--help").output())
                .contains("[dev.switchboard.cli.Cli][key][create][--help]");
    }

    @Test
    void theFirstBuildShowsItsStepsAndNoDownloads() throws Exception {
        source("mkdir -p target/quarkus-app/quarkus; echo >target/quarkus-app/quarkus/generated-bytecode.jar"
                + "; echo >target/quarkus-app/quarkus-run.jar");
        String shown = run(Map.of(), "start").output();
        assertThat(shown)
                .containsSubsequence(
                        "building, about 3 minutes the first time",
                        "1 of 4: fetching",
                        "2 of 4: compiling",
                        "3 of 4: packaging",
                        "4 of 4: recording a start",
                        "[io.quarkus.runner.GeneratedMain]")
                .doesNotContain("Download", "INFO", "compiling the tests");
        assertThat(buildLog()).content().contains("Downloading from central", "--- quarkus:");
    }

    @Test
    void aFailedBuildShowsItsErrorsAndNamesItsLog() throws Exception {
        source("echo '[ERROR] Bus.java:[3,5] cannot find symbol'; echo '[ERROR] '"
                + "; echo '[ERROR] Re-run Maven using the -X switch to enable full debug logging.'; exit 1");
        Run run = run(Map.of(), "start");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.output())
                .endsWith("[ERROR] Bus.java:[3,5] cannot find symbol\nswitchboard: the build failed; its output is in "
                        + buildLog() + "\n")
                .doesNotContain("Download", "Re-run", "GeneratedMain");
    }

    @Test
    void aBuildThatFailsBeforeMavenRunsShowsTheEndOfItsOutput() throws Exception {
        source("echo 'wget: Failed to fetch Maven'; exit 4");
        Run run = run(Map.of(), "check", "a.csv");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.output())
                .contains(
                        "1 of 3: fetching",
                        "wget: Failed to fetch Maven\n",
                        buildLog().toString())
                .doesNotContain("Download");
    }

    @Test
    void aNewerSourceIsBuiltAndAnOlderOneIsNot() throws Exception {
        source("exit 1");
        Files.setLastModifiedTime(
                app().resolve("quarkus-run.jar"), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(Map.of(), "start").output()).contains("GeneratedMain").doesNotContain("building");
    }

    @Test
    void helpAndVersionNeedNoJdk() throws Exception {
        assertThat(run(Map.of(), "--version").output()).matches("switchboard \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(run(Map.of(), "--help").output()).contains("demo", "start", "sandbox");
    }

    /** Adds a source that is newer than the program, and a Maven that downloads, compiles and packages, then runs {@code ending}. */
    private void source(String ending) throws IOException {
        Files.setLastModifiedTime(app().resolve("quarkus-run.jar"), FileTime.from(Instant.EPOCH));
        write(home.resolve("src/main/Bus.java"), "");
        write(home.resolve("routes/a.yaml"), "");
        String phases = Stream.of("compiler:3.14.1:compile", "compiler:3.14.1:testCompile", "quarkus:3.31.2:build")
                .map(goal -> "echo '[INFO] --- " + goal + " (default) @ switchboard ---'\n")
                .collect(Collectors.joining());
        write(
                home.resolve("mvnw"),
                "#!/bin/sh\necho '[INFO] Downloading from central: a.jar'\necho 'Downloaded from central: a.jar' >&2\n"
                        + phases + ending + "\n");
        assertThat(home.resolve("mvnw").toFile().setExecutable(true)).isTrue();
    }

    private Path buildLog() throws IOException {
        return home.toRealPath().resolve("target/build.log");
    }

    private Path app() throws IOException {
        return home.toRealPath().resolve("target/quarkus-app");
    }

    private void pack(String... names) throws IOException {
        for (String name : names) {
            write(app().resolve(name), "");
        }
    }

    /** The process that makes the archive still uses the test's folder for a moment after the archive exists. */
    @AfterEach
    void awaitTheEndOfWhatWasBegun() {
        await("the lock to be gone").until(() -> archiveFiles(".lock").isEmpty());
    }

    private List<Path> archives() throws IOException {
        return archiveFiles(".jsa");
    }

    private List<Path> archiveFiles(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(app())) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }

    private record Run(int status, String output) {}

    @Test
    void aCommandKnowsTheWidthOfTheTerminal() throws Exception {
        String command = "stty cols 77; sh '" + home.resolve("switchboard") + "' lanes";
        assertThat(run(Map.of(), List.of("script", "-qec", command, "/dev/null"))
                        .output())
                .contains("[-Dswitchboard.terminal=true]", "[-Dswitchboard.columns=77]");
        assertThat(run(Map.of(), "lanes").output())
                .contains("[-Dswitchboard.terminal=false]", "[-Dswitchboard.columns=0]");
    }

    private Run run(Map<String, String> environment, String... arguments) throws Exception {
        return run(
                environment,
                Stream.concat(Stream.of("sh", home.resolve("switchboard").toString()), Stream.of(arguments))
                        .toList());
    }

    private Run run(Map<String, String> environment, List<String> command) throws Exception {
        var builder = new ProcessBuilder(command);
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
                + "\n[ -n \"$CANNOT\" ] || for each; do case $each in -XX:AOTCacheOutput=*) echo >\"${each#*=}\" ;; esac; done"
                + "\n[ -z \"$CANNOT\" ] || case \"$*\" in *Rehearsal*) exit 1 ;; esac"
                + "\necho LIBRARIES $CLASSPATH"
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
