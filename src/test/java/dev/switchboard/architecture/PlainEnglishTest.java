package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Finds words that a reader has to guess at: in documents, console texts, command help, comments, log lines and error texts.
 * Files from before this rule are listed until they are clean; any other file must not have a finding.
 */
class PlainEnglishTest {

    private static final Path WORDS = Path.of("src/test/resources/words-not-used.txt");
    private static final Path NOT_YET = Path.of("src/test/resources/words-not-cleaned-yet.txt");
    private static final List<String> FOLDERS = List.of(
            ".ci", "bench", "config", "docs", "routes", "samples", "src/bench", "src/main", "src/test", "src/torture");
    private static final Pattern READ = Pattern.compile("switchboard|\\.ci/\\w+|.+\\.(md|java|html|properties|yaml)");
    private static final Pattern GENERATED = Pattern.compile("(.*/)?(target|node_modules)/.*");

    private record Word(Pattern pattern, String instead) {

        static Word read(String line) {
            String[] parts = line.split(" => ", 2);
            assertThat(parts).as(WORDS + ": " + line).hasSize(2);
            // A phrase may continue in the next line of a comment or in the next string.
            String gap = parts[0].replace(" ", "[\\s*/#\"+]+");
            return new Word(Pattern.compile("\\b(?:" + gap + ")\\b", Pattern.CASE_INSENSITIVE), parts[1]);
        }

        Stream<String> findings(String file, String text) {
            return pattern.matcher(text).results().map(found -> {
                String before = text.substring(0, found.start());
                String words = found.group().replaceAll("[\\s*/#\"+]+", " ");
                return "%s:%d: \"%s\": say instead: %s"
                        .formatted(
                                file,
                                before.chars().filter(each -> each == '\n').count() + 1,
                                words,
                                instead);
            });
        }
    }

    @Test
    void whatAPersonReadsIsInPlainEnglish() throws IOException {
        Set<String> listed = new HashSet<>(lines(NOT_YET));
        Map<String, List<String>> findings = findings();
        assertThat(findings.entrySet().stream()
                        .filter(file -> !listed.contains(file.getKey()))
                        .flatMap(file -> file.getValue().stream()))
                .as("words of " + WORDS)
                .isEmpty();
    }

    @Test
    void theListOfFilesThatAreNotCleanOnlyShrinks() throws IOException {
        Set<String> unclean = findings().keySet();
        assertThat(lines(NOT_YET).stream()
                        .filter(file -> !unclean.contains(file))
                        .map(file -> "remove " + file + " from the list"))
                .as(NOT_YET.toString())
                .isEmpty();
    }

    @Test
    void aFindingNamesPlaceWordsAndReplacement() {
        Word word = Word.read("once upon (?:a|some) time => in the past");
        assertThat(word.findings("A.java", "/** Starts.\n * It stopped once upon\n * A time. */"))
                .containsExactly("A.java:2: \"once upon A time\": say instead: in the past");
        assertThat(word.findings("a.md", "x\nOnce upon some time"))
                .containsExactly("a.md:2: \"Once upon some time\": say instead: in the past");
        assertThat(word.findings("a.md", "once upon a timer")).isEmpty();
    }

    private static Map<String, List<String>> findings() throws IOException {
        List<Word> words = lines(WORDS).stream().map(Word::read).toList();
        Map<String, List<String>> findings = new TreeMap<>();
        for (String file : files()) {
            String text = Files.readString(Path.of(file));
            findings.put(
                    file,
                    words.stream().flatMap(word -> word.findings(file, text)).toList());
        }
        findings.values().removeIf(List::isEmpty);
        return findings;
    }

    private static Set<String> files() throws IOException {
        Set<String> files = new HashSet<>(files(Path.of(""), 1));
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
