package dev.switchboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The list of known holes of what is packaged, with the day on which it was looked up. */
record KnownHoles(LocalDate lookedUp, List<Hole> holes) {

    /**
     * A hole of one package.
     *
     * @param name group and artifact, with a slash between them
     * @param from the first version that has it
     * @param fixed the first that has not
     * @param closed how the bus keeps it closed; null: no packaged version may have it
     * @param test which test shows that
     */
    record Hole(
            String id,
            String name,
            String from,
            String fixed,
            @Nullable String closed,
            @Nullable String test) {

        static Hole of(JsonNode row) {
            return new Hole(
                    row.path("id").asText(),
                    row.path("package").asText(),
                    row.path("from").asText(),
                    row.path("fixed").asText(),
                    row.path("closed").textValue(),
                    row.path("test").textValue());
        }

        boolean affects(String version) {
            return compare(version, from) >= 0 && compare(version, fixed) < 0;
        }

        /** Compares the numbers of versions; words such as Final say nothing here. */
        private static int compare(String one, String other) {
            int[] left = numbers(one);
            int[] right = numbers(other);
            for (int i = 0; i < Math.max(left.length, right.length); i++) {
                int order = Integer.compare(i < left.length ? left[i] : 0, i < right.length ? right[i] : 0);
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        private static int[] numbers(String version) {
            return Pattern.compile("\\d+")
                    .matcher(version.replaceAll("[^\\d.].*", ""))
                    .results()
                    .mapToInt(digits -> Integer.parseInt(digits.group()))
                    .toArray();
        }
    }

    static KnownHoles read() throws IOException {
        JsonNode all = new YAMLMapper()
                .readTree(Path.of("src/test/resources/known-holes.yaml").toFile());
        return new KnownHoles(
                LocalDate.parse(all.path("looked-up").asText()),
                StreamSupport.stream(all.path("holes").spliterator(), false)
                        .map(Hole::of)
                        .toList());
    }
}
