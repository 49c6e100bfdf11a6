package dev.switchboard.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom, and how large a class and a package may be. */
class ArchitectureTest {

    private static final String ROOT = "dev.switchboard";
    private static final int LONGEST_CLASS = 300;
    private static final int LARGEST_PACKAGE = 4_800;
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** A package of ours with all beneath it. */
    private static DescribedPredicate<JavaClass> in(String name) {
        return resideInAPackage(ROOT + "." + name + "..");
    }

    @Test
    void packagesAreAcyclic() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass each) {
                        return SliceIdentifier.of(each.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(OURS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "message  | ''",
                "tracing  | message",
                "database | message",
                "access   | database message",
                "ownership | database",
                "outbox   | database message ownership",
                "queue    | message database ownership",
                "store    | message database ownership access outbox queue",
                "vendor   | message log settings",
                "log      | ''",
                "extension | ''",
                "settings | ''",
                "delivery | message vendor charset",
                "hours    | ''",
                "lane     | message vendor delivery database ownership queue store outbox tracing hours settings",
                "intake   | message vendor store tracing security settings",
                "inbound  | message vendor store intake security charset",
                "charset  | ''",
                "records  | message charset vendor",
                "batch    | message records database store intake security vendor charset settings",
                "operate  | message vendor database ownership access queue store lane intake security settings",
                "sandbox  | message vendor",
                "security | message vendor access store",
                "console  | message security",
            })
    void aPackageKnowsNoMoreThan(String name, String known) {
        DescribedPredicate<JavaClass> allowed = Stream.concat(Stream.of(name), Arrays.stream(known.split(" ")))
                .filter(each -> !each.isEmpty())
                .map(ArchitectureTest::in)
                .reduce((one, other) -> one.or(other))
                .orElseThrow();
        noClasses()
                .that(in(name))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(not(allowed)).as("are ours and not allowed"))
                .check(OURS);
    }

    @Test
    void onlyTheRootPutsTheSandboxIn() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".sandbox..")
                .should()
                .dependOnClassesThat(in("sandbox"))
                .check(OURS);
    }

    @Test
    void theCoreKnowsNoVendorsCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".vendor.(*)..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".vendor.(*).."))
                .check(OURS);
    }

    @Test
    void noVendorsCodeKnowsAnothers() {
        slices().matching(ROOT + ".vendor.(*)..")
                .should()
                .notDependOnEachOther()
                .check(OURS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bench", "torture"})
    void nothingElseDependsOn(String sourceSet) {
        noClasses()
                .that(not(in(sourceSet)))
                .should()
                .dependOnClassesThat(in(sourceSet))
                .check(TESTS);
    }

    @Test
    void noMethodHasAGetterBesideIt() {
        for (JavaClass each : OURS) {
            for (JavaMethod getter : each.getMethods()) {
                String name = getter.getName();
                if (name.matches("get[A-Z].*")) {
                    String bare = name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4);
                    assertThat(each.tryGetMethod(bare))
                            .as("Camel takes one or the other, as the JVM happens to list them: " + getter)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void noClassIsTooLongToReadAtOnce() throws IOException {
        assertThat(lines(file -> file).entrySet().stream().filter(file -> file.getValue() > LONGEST_CLASS))
                .as("more than " + LONGEST_CLASS + " lines: one class for each subject")
                .isEmpty();
    }

    @Test
    void noPackageIsTooLarge() throws IOException {
        assertThat(lines(Path::getParent).entrySet().stream().filter(each -> each.getValue() > LARGEST_PACKAGE))
                .as("more than " + LARGEST_PACKAGE + " lines: one package for each concept")
                .isEmpty();
    }

    /** Counts the lines of the program by what a file belongs to. */
    private static Map<Path, Long> lines(UnaryOperator<Path> of) throws IOException {
        var counts = new TreeMap<Path, Long>();
        try (Stream<Path> files = Files.find(
                Path.of("src/main/java"), 9, (file, any) -> file.toString().endsWith(".java"))) {
            for (Path file : files.toList()) {
                counts.merge(of.apply(file), (long) Files.readAllLines(file).size(), Long::sum);
            }
        }
        return counts;
    }
}
