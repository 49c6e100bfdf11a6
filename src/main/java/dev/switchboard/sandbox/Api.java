package dev.switchboard.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A family of operations: how it recognises its caller and how it fails.
 *
 * @param checks what every request must have
 * @param failure the form of a failure
 * @param codes the fail codes that the vendor lists
 */
record Api(List<Check> checks, Reply failure, List<Code> codes) {

    /** An api without checks takes every request. */
    Api {
        checks = checks == null ? List.of() : checks;
    }

    /**
     * One fail code.
     *
     * @param message the vendor's word for it
     * @param text the sentence that the vendor gives, where it differs from the word
     * @param texts that sentence in other languages, by {@code Accept-Language}
     * @param number a second number of the vendor's
     * @param more fields of the body in addition to the form's
     * @param headers headers in addition to the form's
     */
    record Code(
            int code,
            @Nullable String message,
            @Nullable String text,
            Map<String, String> texts,
            int number,
            @Nullable JsonNode more,
            Map<String, String> headers) {

        /** Parts that are left out are empty. */
        Code {
            texts = texts == null ? Map.of() : texts;
            headers = headers == null ? Map.of() : headers;
        }

        String text(Request request) {
            String language = Objects.requireNonNullElse(request.header("Accept-Language"), "");
            return texts.entrySet().stream()
                    .filter(entry -> language.startsWith(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElseGet(() -> text == null ? word() : text);
        }

        String word() {
            return message == null ? "" : message;
        }
    }

    /** Answers with a code as the vendor writes it, sign included. */
    Answer fail(int code, @Nullable String word, String field, Values values) {
        Code row = row(code, word == null ? "" : word);
        Values filled = values.and("code", IntNode.valueOf(row.code))
                .and("field", TextNode.valueOf(field))
                .and("number", IntNode.valueOf(row.number))
                .and("text", TextNode.valueOf(row.text(values.request())))
                .and("request-id", TextNode.valueOf(requestId()));
        String message = filled.text(row.text == null ? row.word() : row.text(values.request()));
        return failure.answer(filled.and("message", TextNode.valueOf(message)), row.more, row.headers);
    }

    /** Answers with a code of which the sign is not known: it has the sign of those that are listed. */
    Answer failUnsigned(int number, String word, String field, Values values) {
        boolean negative = codes.stream().anyMatch(row -> row.code < 0);
        return fail(negative ? -number : number, word, field, values);
    }

    private Code row(int code, String word) {
        return Stream.concat(
                        codes.stream()
                                .filter(row ->
                                        row.word().toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))),
                        codes.stream())
                .filter(row -> row.code == code)
                .findFirst()
                .orElseGet(() -> new Code(code, "Unknown", null, Map.of(), code, null, Map.of()));
    }

    private static String requestId() {
        return "%016x".formatted(ThreadLocalRandom.current().nextLong());
    }
}
