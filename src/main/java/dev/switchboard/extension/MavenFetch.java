package dev.switchboard.extension;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fetches jars with all that they need by the user's own Maven, with its settings, mirrors and logins. Maven compares the checksums
 * and fails where one is wrong. What the program has already stays out, and what else is needed gets the program's versions.
 */
final class MavenFetch {

    private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+(:[\\w.-]+:[\\w.-]+)?");
    private static final String COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies";

    private final String camel;
    private final Path program;

    /**
     * What came.
     *
     * @param jars the names of the jars that were added
     * @param packaged how many others are packaged
     */
    record Fetched(List<String> jars, int packaged) {}

    MavenFetch(String camel) {
        this.camel = camel;
        this.program = program();
    }

    /** The folder of the packaged program, in which the jar of this class is {@code app/switchboard.jar}. */
    private static Path program() {
        try {
            Path own = Path.of(MavenFetch.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return own.resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Fetches what is wanted into a folder; older versions of the same jars there are deleted.
     *
     * @param wanted {@code camel-kafka}, or {@code group:artifact:version}
     * @throws IllegalArgumentException when a name is wrong, or Maven fails; the text says why
     */
    Fetched fetch(List<String> wanted, Path lib) throws IOException {
        Path work = Files.createTempDirectory("switchboard-components-");
        try {
            Files.writeString(work.resolve("pom.xml"), pom(wanted));
            Path jars = Files.createDirectory(work.resolve("jars"));
            run(
                    work,
                    List.of(
                            maven(),
                            "-B",
                            "-q",
                            "-C",
                            COPY,
                            "-DincludeScope=runtime",
                            "-Dmdep.prependGroupId=true",
                            "-DoutputDirectory=" + jars));
            return take(jars, lib);
        } finally {
            delete(work);
        }
    }

    private Fetched take(Path fetched, Path lib) throws IOException {
        Set<String> packaged = new HashSet<>(names(program.resolve("lib/main")));
        packaged.addAll(names(program.resolve("lib/boot")));
        List<String> all = names(fetched);
        List<String> added =
                all.stream().filter(name -> !packaged.contains(name)).toList();
        Set<String> artifacts = added.stream().map(MavenFetch::artifact).collect(Collectors.toSet());
        for (String old : names(lib)) {
            if (artifacts.contains(artifact(old))) {
                Files.delete(lib.resolve(old));
            }
        }
        for (String name : added) {
            Files.move(fetched.resolve(name), lib.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return new Fetched(added, all.size() - added.size());
    }

    private static String artifact(String jar) {
        return jar.replaceFirst("-\\d.*", "");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private String pom(List<String> wanted) throws IOException {
        var text = new StringBuilder("""
                <project>
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>dev.switchboard</groupId>
                  <artifactId>components</artifactId>
                  <version>1</version>
                  <packaging>pom</packaging>
                  <dependencyManagement>
                    <dependencies>
                """);
        for (String line : Files.readAllLines(program.resolve("quarkus-app-dependencies.txt"))) {
            String[] parts = line.split(":", -1); // group:artifact:classifier:type:version
            if (parts.length == 5 && parts[2].isEmpty() && parts[3].equals("jar")) {
                dependency(text, parts[0], parts[1], parts[4]);
            }
        }
        text.append("</dependencies></dependencyManagement><dependencies>\n");
        for (String each : wanted) {
            if (!COORDINATES.matcher(each).matches()) {
                throw new IllegalArgumentException(
                        each + " is neither a component, such as camel-kafka, nor group:artifact:version");
            }
            String[] parts = each.split(":", -1);
            dependency(
                    text,
                    parts.length == 1 ? "org.apache.camel" : parts[0],
                    parts.length == 1 ? each : parts[1],
                    parts.length == 1 ? camel : parts[2]);
        }
        return text.append("</dependencies></project>\n").toString();
    }

    private static void dependency(StringBuilder text, String group, String artifact, String version) {
        text.append("<dependency><groupId>")
                .append(group)
                .append("</groupId><artifactId>")
                .append(artifact)
                .append("</artifactId><version>")
                .append(version)
                .append("</version></dependency>\n");
    }

    /** Returns Maven's program: the one that is installed, or the one that builds Switchboard where its source is. */
    private static String maven() {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "mvn"))) {
                return Path.of(folder, "mvn").toString();
            }
        }
        Path wrapper = Path.of(System.getProperty("switchboard.home", ""), "mvnw");
        if (Files.isExecutable(wrapper)) {
            return wrapper.toAbsolutePath().toString();
        }
        throw new IllegalArgumentException("There is no Maven (mvn) on the PATH. Install it, or copy the jars, and all"
                + " that they need, into the folder lib yourself.");
    }

    private static void run(Path folder, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process maven = builder.start();
        maven.getOutputStream().close();
        String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (maven.waitFor() != 0) {
                throw new IllegalArgumentException("Maven could not fetch them:\n" + errors(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Leaves out warnings, and Maven's advice on how to call Maven. */
    private static String errors(String said) {
        List<String> errors = said.lines()
                .filter(line -> line.matches("\\[ERROR] (?!To see|Re-run|For more|\\[Help|-> ).+"))
                .map(line -> line.replace(" -> [Help 1]", ""))
                .limit(5)
                .toList();
        return errors.isEmpty() ? said.strip() : String.join("\n", errors);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
