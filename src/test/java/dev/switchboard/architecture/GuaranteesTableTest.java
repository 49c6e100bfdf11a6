package dev.switchboard.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of guarantees in CONTRIBUTING: each has a test in the default run, and the long tests are those it names. */
class GuaranteesTableTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| [^|]+ \\| ([^|]+) \\|([^|]*)\\|$");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");
    private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Pattern TEST_METHOD = Pattern.compile("@(?:Parameterized)?Test\\b(?!\\s+@Tag)");
    private static final String SOAK = "@Tag(\"soak\")";

    /** Checks what is handed to others, which is no guarantee of the bus. */
    private static final String OF_A_RELEASE = "SupplyChainIT";

    private record Row(Set<String> fast, Set<String> soak) {}

    private static List<Row> rows() throws IOException {
        String table = Files.readString(Path.of("CONTRIBUTING.md"));
        return ROW.matcher(table.substring(table.indexOf("| guarantee |")))
                .results()
                .map(row -> new Row(tests(row, 1), tests(row, 2)))
                .skip(1)
                .toList();
    }

    private static Set<String> tests(MatchResult row, int column) {
        return TEST.matcher(row.group(column))
                .results()
                .map(test -> test.group(1))
                .collect(Collectors.toSet());
    }

    /** Returns the source of each test class, with that of the class that it extends. */
    private static Map<String, String> sources() throws IOException {
        var sources = new TreeMap<String, String>();
        for (String root : List.of("src/test/java", "src/torture/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static String source(Map<String, String> sources, String test) {
        String own = sources.getOrDefault(test, "");
        var parent = Pattern.compile("class " + test + " extends (\\w+)").matcher(own);
        return parent.find() ? own + sources.getOrDefault(parent.group(1), "") : own;
    }

    @Test
    void eachGuaranteeHasATestInTheDefaultRun() throws IOException {
        Map<String, String> sources = sources();
        assertThat(rows())
                .hasSizeGreaterThan(15)
                .allSatisfy(row -> assertThat(row.fast())
                        .isNotEmpty()
                        .allSatisfy(test -> assertThat(source(sources, test))
                                .as(test)
                                .doesNotContain("\n" + SOAK)
                                .containsPattern(TEST_METHOD)));
    }

    /** A document names a class of tests, or one test of it. */
    @Test
    void whatADocumentNamesAsATestIsOne() throws IOException {
        Map<String, String> sources = sources();
        var documents = new ArrayList<>(List.of(Path.of("SECURITY.md"), Path.of("CONTRIBUTING.md")));
        try (Stream<Path> files = Files.list(Path.of("docs"))) {
            files.filter(each -> each.toString().endsWith(".md")).forEach(documents::add);
        }
        for (Path document : documents) {
            NAMED.matcher(Files.readString(document))
                    .results()
                    .forEach(named -> assertThat(sources.getOrDefault(named.group(1), ""))
                            .as(document + " names " + named.group())
                            .contains(
                                    named.group(2) == null
                                            ? "class " + named.group(1)
                                            : "void " + named.group(2) + "("));
        }
    }

    @Test
    void theLongTestsAreThoseThatTheTableNames() throws IOException {
        Map<String, String> sources = sources();
        Set<String> named = rows().stream().flatMap(row -> row.soak().stream()).collect(Collectors.toSet());
        Set<String> tagged = sources.keySet().stream()
                .filter(test -> TEST.matcher("`" + test + "`").matches())
                .filter(test -> source(sources, test).contains(SOAK))
                .filter(test -> !test.equals("GuaranteesTableTest") && !test.equals(OF_A_RELEASE))
                .collect(Collectors.toSet());
        assertThat(named).isEqualTo(tagged);
    }
}
