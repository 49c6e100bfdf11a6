package dev.switchboard.vendor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.message.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** {@code code-lists.csv} has every row of the code lists in the documents that the vendors have given: each is known here. */
class CodeListsTest {

    private static final RouteFolder FOLDER = RouteFolder.read(Optional.empty());
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String LISTS = "/dev/switchboard/vendor/code-lists.csv";

    private static JsonNode file(String vendor, String name) {
        try {
            return YAML.readTree(FOLDER.bytes("vendors/" + vendor + "/" + name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvFileSource(resources = LISTS, delimiter = '|')
    void aRowOfACodeListIsKnown(String of, String list, String code, String label) {
        String vendor = of.split(" ", -1)[0];
        String part = of.split(" ", -1)[1];
        switch (part) {
            case "chat", "message" ->
                assertThat(decoded(vendor, part, list, code)).hasValueSatisfying(pair -> {
                    assertThat(pair.path("code").asText()).isEqualTo(code);
                    assertThat(pair.path("name").asText()).isNotBlank();
                    assertThat(pair.path("label").asText()).isEqualTo(label);
                });
            case "customer" ->
                assertThat(file(vendor, part + ".fail-codes.yaml").path("codes"))
                        .anyMatch(row -> row.path("code").asText().equals(code)
                                && row.path("name").asText().equals(list));
            default ->
                assertThat(texts(file(vendor, "vendor.yaml")
                                .at("/operations/" + part + "/message/properties/" + list + "/enum")))
                        .contains(code);
        }
    }

    /** Decodes a transcript whose one value is the code; gives the one pair that came of it. */
    private static Optional<JsonNode> decoded(String vendor, String part, String wire, String code) {
        ObjectNode answer = Json.object();
        ObjectNode entry = answer.putArray("data").addObject();
        ObjectNode chat = entry.putObject("chat");
        (part.equals("chat") ? chat : entry.putArray("message").addObject()).put(wire, code);
        JsonNode decoded = new TranscriptDecoder(FOLDER).decode(answer, "asked", vendor, Map.of("zone", "Asia/Seoul"));
        JsonNode holder = part.equals("chat") ? decoded : decoded.at("/messages/0");
        return holder.properties().stream()
                .map(Map.Entry::getValue)
                .filter(value -> value.has("code"))
                .findFirst();
    }

    private static List<String> texts(JsonNode values) {
        var texts = new ArrayList<String>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    @Test
    void noListIsEmpty() throws IOException {
        try (var in = CodeListsTest.class.getResourceAsStream(LISTS)) {
            assertThat(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines())
                    .hasSizeGreaterThan(45);
        }
    }
}
