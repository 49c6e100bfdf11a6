package dev.switchboard.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where figures come from: the command that prints them, the machine, and the versions of what is measured. */
final class Origin {

    private Origin() {}

    /** Prints the command, the day, the machine, and the versions of what Switchboard is made of. */
    static void print(String... arguments) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "`./switchboard bench %s`%s, %s%n%n- machine: %d × %s, %d GB; Linux %s; JDK %s%n- Switchboard %s%n",
                String.join(" ", arguments),
                variable("JAVA_OPTS"),
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                value("/proc/cpuinfo", "model name"),
                Long.parseLong(value("/proc/meminfo", "MemTotal").split(" ", -1)[0]) >> 20,
                System.getProperty("os.version"),
                Runtime.version(),
                ofSwitchboard());
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : " with `" + name + "=" + value + "`";
    }

    private static String value(String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** Returns the version of Switchboard with the commit if this is a clone, and those of what it is made of. */
    private static String ofSwitchboard() throws IOException {
        String commit = git("rev-parse", "--short", "HEAD");
        String changed = git("status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : " with changes";
        return Files.readString(Path.of("pom.xml")).replaceFirst("(?s).*?<version>(.*?)</version>.*", "$1")
                + (commit.isEmpty() ? "" : " at " + commit + changed) + ", "
                + library("Quarkus", "io.quarkus.quarkus-core") + ", "
                + library("Camel", "org.apache.camel.camel-core-engine") + ", "
                + library("Artemis", "org.apache.artemis.artemis-server") + ", "
                + library("SQLite", "org.xerial.sqlite-jdbc");
    }

    private static String library(String name, String artifact) throws IOException {
        Pattern jar = Pattern.compile(Pattern.quote(artifact) + "-(\\d.*)\\.jar");
        try (Stream<Path> jars = Files.list(Path.of("target/quarkus-app/lib/main"))) {
            return name
                    + jars.map(each -> jar.matcher(each.getFileName().toString()))
                            .filter(Matcher::matches)
                            .map(found -> " " + found.group(1))
                            .findFirst()
                            .orElse("");
        }
    }

    private static String git(String... words) throws IOException {
        List<String> command =
                Stream.concat(Stream.of("git"), Arrays.stream(words)).toList();
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return ""; // there is no git
        }
    }

    /** Returns the options of a JVM's command that say how it works, the last of equal ones, and none for another program. */
    static String options(Process process) throws IOException {
        var options = new LinkedHashMap<String, String>();
        Arrays.stream(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"))
                        .split("\0", -1))
                .filter(word -> word.startsWith("-X") && !word.startsWith("-Xlog"))
                .forEach(word -> options.put(word.replaceAll("[=\\d].*", ""), word.replaceAll("=/.*/", "=")));
        return options.isEmpty() ? "" : "`" + String.join(" ", options.values()) + "`";
    }
}
