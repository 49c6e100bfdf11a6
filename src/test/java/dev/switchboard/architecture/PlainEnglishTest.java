package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Finds words that a reader has to guess at: in documents, console texts, command help, comments, log lines and error texts.
 */
class PlainEnglishTest {

    private static final Path WORDS = Path.of("src/test/resources/words-not-used.txt");
    private static final List<String> FOLDERS = List.of(".ci", "bench", "config", "docs", "routes", "samples", "src");
    private static final Pattern READ = Pattern.compile("switchboard|\\.ci/\\w+|.+\\.(md|java|html|properties|yaml)");
    private static final Pattern GENERATED = Pattern.compile("(.*/)?(target|node_modules)/.*");
    /** All words as the groups of one pattern, so that a text is read once, and what to say instead of each. */
    private record Words(Pattern pattern, List<String> instead) {

        static Words read(List<String> lines) {
            List<String[]> parts =
                    lines.stream().map(line -> line.split(" => ", 2)).toList();
            // A phrase may continue in the next line of a comment or in the next string.
            String any = parts.stream()
                    .map(part -> "(" + part[0].replace(" ", "[\\s*/#\"+]+") + ")")
                    .collect(Collectors.joining("|"));
            return new Words(
                    Pattern.compile("\\b(?:" + any + ")\\b", Pattern.CASE_INSENSITIVE),
                    parts.stream().map(part -> part[1]).toList());
        }

        List<String> findings(String file, String text) {
            return pattern.matcher(text)
                    .results()
                    .map(found -> finding(file, text, found))
                    .toList();
        }

        private String finding(String file, String text, MatchResult found) {
            int line = text.substring(0, found.start()).split("\n", -1).length;
            String words = found.group().replaceAll("[\\s*/#\"+]+", " ");
            int word = IntStream.rangeClosed(1, found.groupCount())
                    .filter(group -> found.group(group) != null)
                    .findFirst()
                    .orElseThrow();
            return file + ":" + line + ": \"" + words + "\": say instead: " + instead.get(word - 1);
        }
    }

    @Test
    void whatAPersonReadsIsInPlainEnglish() throws IOException {
        assertThat(findings()).as("words of " + WORDS).isEmpty();
    }

    @Test
    void aFindingNamesPlaceWordsAndReplacement() {
        Words word = Words.read(List.of("never => no", "once upon (?:a|some) time => in the past"));
        assertThat(word.findings("A.java", "/** Starts.\n * It stopped once upon\n * A time. */"))
                .containsExactly("A.java:2: \"once upon A time\": say instead: in the past");
        assertThat(word.findings("a.md", "x\nOnce upon some time"))
                .containsExactly("a.md:2: \"Once upon some time\": say instead: in the past");
        assertThat(word.findings("a.md", "once upon a timer")).isEmpty();
    }

    private static List<String> findings() throws IOException {
        Words words = Words.read(lines(WORDS));
        List<String> findings = new ArrayList<>();
        for (String file : files()) {
            findings.addAll(words.findings(file, Files.readString(Path.of(file))));
        }
        return findings;
    }

    private static Set<String> files() throws IOException {
        Set<String> files = new TreeSet<>(files(Path.of(""), 1));
        for (String folder : FOLDERS) {
            files.addAll(files(Path.of(folder), Integer.MAX_VALUE));
        }
        return files;
    }

    private static List<String> files(Path folder, int depth) throws IOException {
        try (Stream<Path> below = Files.find(folder, depth, (file, attributes) -> attributes.isRegularFile())) {
            return below.map(file -> file.toString().replace('\\', '/'))
                    .filter(file -> READ.matcher(file).matches()
                            && !GENERATED.matcher(file).matches())
                    .toList();
        }
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
