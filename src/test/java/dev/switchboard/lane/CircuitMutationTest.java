package dev.switchboard.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Shows what {@link CircuitTest} is worth: whichever line of the circuit is taken away or turned round, a test of it fails. */
@Tag("soak")
class CircuitMutationTest {

    private static final Path SOURCE = Path.of("src/main/java/dev/switchboard/lane/Circuit.java");
    private static final Pattern STATEMENT = Pattern.compile(" {8,}[\\w.]+(\\(.*\\)|\\+\\+|--| [-+]?= .*);");
    private static final Pattern METHOD = Pattern.compile(" {4}(?:[\\w ]+ )?(\\w+)\\(.*\\{");
    private static final Map<String, String> TURNED = Map.ofEntries(
            Map.entry(">=", ">"),
            Map.entry("() > ", "() >= "),
            Map.entry(" > 0", " < 0"),
            Map.entry("&&", "||"),
            Map.entry("==", "!="),
            Map.entry("!=", "=="),
            Map.entry("Math.max", "Math.min"),
            Map.entry("Math.min", "Math.max"),
            Map.entry("!probing", "probing"),
            Map.entry("return true", "return false"),
            Map.entry("return false", "return true"),
            Map.entry("return confirmed", "return false"));

    @TempDir
    private Path folder;

    /** The circuit with one line other than it should be. */
    private record Mutant(int line, String before, String after) {
        private List<String> in(List<String> source) {
            var changed = new ArrayList<>(source);
            changed.set(line, after);
            return changed;
        }

        @Override
        public String toString() {
            return "line " + (line + 1) + ": " + before.strip() + " -> " + after.strip();
        }
    }

    static Stream<Mutant> mutants() throws IOException {
        List<String> source = Files.readAllLines(SOURCE);
        var mutants = new ArrayList<Mutant>();
        String method = "";
        for (int line = 1; line < source.size(); line++) {
            Matcher header = METHOD.matcher(source.get(line));
            method = header.matches() ? header.group(1) : method;
            if (!source.get(line).strip().matches("[*/].*") && !method.equals("Circuit")) {
                mutants.addAll(turned(line, source.get(line)));
            }
            if (isStatement(source.get(line - 1), source.get(line), method)) {
                mutants.add(new Mutant(line, source.get(line), ""));
            }
        }
        return mutants.stream();
    }

    private static List<Mutant> turned(int line, String code) {
        return TURNED.entrySet().stream()
                .filter(turn -> code.contains(turn.getKey()))
                .map(turn -> new Mutant(line, code, code.replace(turn.getKey(), turn.getValue())))
                .toList();
    }

    private static boolean isStatement(String lineBefore, String code, String method) {
        return STATEMENT.matcher(code).matches() && lineBefore.matches(".*[;{}]") && !method.equals("Circuit");
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void aTestNoticesEachLine(Mutant mutant) throws Exception {
        assertThat(failing(mutant.in(Files.readAllLines(SOURCE))))
                .as(mutant.toString())
                .isNotEmpty();
    }

    @Test
    void noTestFailsOfTheCircuitAsItIs() throws Exception {
        assertThat(failing(Files.readAllLines(SOURCE))).isEmpty();
        assertThat(mutants()).hasSizeGreaterThan(50);
    }

    /** Returns the tests of {@link CircuitTest} that fail with a circuit of this source. */
    private List<String> failing(List<String> source) throws Exception {
        compile(source);
        URL[] own = {
            folder.toUri().toURL(),
            place(CircuitTest.class).toUri().toURL(),
            place(Circuit.class).toUri().toURL()
        };
        try (var loader = new OwnCircuit(own)) {
            Class<?> test = loader.loadClass(CircuitTest.class.getName());
            return Arrays.stream(test.getDeclaredMethods())
                    .filter(method -> method.isAnnotationPresent(Test.class))
                    .filter(method -> fails(test, method))
                    .map(Method::getName)
                    .toList();
        }
    }

    private void compile(List<String> source) throws IOException {
        Path file = folder.resolve("Circuit.java");
        Files.write(file, source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        boolean compiled;
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-implicit:none",
                    "-d",
                    folder.toString(),
                    "-classpath",
                    place(Circuit.class) + java.io.File.pathSeparator + place(Nullable.class));
            compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
        }
        assertThat(compiled).as(said.toString()).isTrue();
    }

    private static Path place(Class<?> type) {
        return Path.of(java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static boolean fails(Class<?> test, Method method) {
        try {
            Constructor<?> constructor = test.getDeclaredConstructor();
            constructor.setAccessible(true);
            method.setAccessible(true);
            method.invoke(constructor.newInstance());
            return false;
        } catch (InvocationTargetException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes the circuit and its test from its own places, and all else from where this test has it. */
    private static final class OwnCircuit extends URLClassLoader {
        private static final Pattern OWN = Pattern.compile("dev\\.switchboard\\.lane\\.Circuit(View|Test)?(\\$.*)?");

        private OwnCircuit(URL... places) {
            super(places, CircuitMutationTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!OWN.matcher(name).matches()) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }
}
