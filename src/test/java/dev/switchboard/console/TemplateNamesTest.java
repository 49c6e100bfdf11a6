package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.quarkus.qute.TemplateExtension;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TemplateNamesTest {

    /** In an answer, yet in no properties of the document. */
    private static final List<String> ALSO = List.of("query", "body");

    /** In a template, {@code x.name} is a field of the API's answer, unless a method has that name: it would hide the field. */
    @Test
    void noMethodForTemplatesHidesAFieldOfTheApi() throws IOException {
        Set<String> fields = new TreeSet<>(ALSO);
        collect(new YAMLMapper().readTree(Path.of("routes/openapi.yaml").toFile()), fields);
        assertThat(fields).contains("class", "dueAt", "detail");
        assertThat(Stream.of(BatchPages.class, Json.class, KeyPages.class, Runs.class)
                        .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                        .filter(method -> isOfOneName(method.getAnnotation(TemplateExtension.class)))
                        .map(Method::getName)
                        .filter(fields::contains))
                .isEmpty();
    }

    private static boolean isOfOneName(@Nullable TemplateExtension extension) {
        return extension != null && !extension.matchName().equals(TemplateExtension.ANY);
    }

    private static void collect(JsonNode node, Set<String> fields) {
        node.path("properties").fieldNames().forEachRemaining(fields::add);
        node.forEach(each -> collect(each, fields));
    }
}
