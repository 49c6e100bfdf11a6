package dev.switchboard.delivery;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fail codes of one api: where the code is in an answer, what success is, and a row for each code.
 *
 * <p>The more a row asks for, the more specific it is; the most specific row that matches wins.
 */
public final class FailCodes {

    private static final String STATUS = "status";

    private final String file;
    private final String code;
    private final @Nullable String message;
    private final @Nullable String reference;
    private final @Nullable Success success;
    private final List<Row> rows;

    private FailCodes(String file, Table table) {
        this.file = file;
        this.code = table.code;
        this.message = table.message;
        this.reference = table.reference;
        this.success = table.success;
        this.rows = table.codes.stream()
                .sorted(Comparator.comparingInt(Row::specificity).reversed())
                .toList();
    }

    /**
     * Reads a table.
     *
     * @throws IllegalArgumentException when it cannot be read or contradicts itself; the text names file and row
     */
    public static FailCodes read(RouteFolder folder, String file) {
        try {
            Table read = Vendor.yaml().readValue(folder.bytes(file), Table.class);
            read.check(folder.where(file));
            var table = new FailCodes(folder.where(file), read);
            table.refuseContradictions();
            return table;
        } catch (IOException e) {
            throw new IllegalArgumentException(folder.where(file) + ": " + e.getMessage(), e);
        }
    }

    private void refuseContradictions() {
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            if (success != null && success.at.equals(code) && success.is.contains(row.code) && row.bare()) {
                throw new IllegalArgumentException(file + ": " + row + ": the code is a success as well");
            }
            rows.subList(i + 1, rows.size()).stream()
                    .filter(row::contradicts)
                    .findFirst()
                    .ifPresent(other -> {
                        throw new IllegalArgumentException(
                                file + ": " + row + " and " + other + " contradict each other");
                    });
        }
    }

    /** Returns whether the code is in the answer's body. */
    boolean inBody() {
        return !code.equals(STATUS);
    }

    /** Returns the code of an answer, if it has one. */
    Optional<String> codeOf(Answer answer) {
        return value(code, answer);
    }

    private static Optional<String> value(String at, Answer answer) {
        if (at.equals(STATUS)) {
            return Optional.of(Integer.toString(answer.status()));
        }
        JsonNode node = answer.json().at(at);
        return node.isValueNode() && !node.isNull() && !answer.hasTwice(at)
                ? Optional.of(JsonNumber.plain(node.asText()))
                : Optional.empty();
    }

    /** Returns the vendor's own words in an answer, with its reference for the vendor's support. */
    @Nullable
    String wordsOf(Answer answer) {
        if (message == null) {
            return null;
        }
        String words = words(answer.json().at(message));
        if (reference != null && answer.json().at(reference).isValueNode()) {
            String support = answer.json().at(reference).asText();
            words = (words + " (" + reference.substring(1) + " " + support + ")").strip();
        }
        return words.isEmpty() ? null : words;
    }

    private static String words(JsonNode node) {
        if (!node.isArray()) {
            return node.isValueNode() && !node.isNull() ? node.asText() : "";
        }
        var all = new ArrayList<String>();
        node.forEach(element -> {
            String each = element.isValueNode()
                    ? element.asText()
                    : element.path("message").asText();
            String number = element.path("code").asText();
            all.add(number.isEmpty() ? each : number + " " + each);
        });
        return String.join("; ", all);
    }

    /** Returns whether an answer is a success, as far as the api's own words go. */
    boolean success(Answer answer) {
        return success != null
                && (!success.readable || answer.readable())
                && value(success.at, answer)
                        .filter(found -> success.is.stream().anyMatch(pattern -> matches(pattern, found)))
                        .isPresent();
    }

    /** Finds the row for an answer. */
    Optional<Row> row(Answer answer, String operation) {
        Optional<String> found = codeOf(answer);
        String words = message == null ? "" : answer.json().at(message).asText();
        boolean unclear = message != null && answer.hasTwice(message);
        return found.filter(value ->
                        !unclear || rows.stream().noneMatch(row -> row.message != null && matches(row.code, value)))
                .flatMap(value -> rows.stream()
                        .filter(row -> row.matches(value, words, operation, answer))
                        .findFirst());
    }

    /** Returns the rows, the most specific first. */
    public List<Row> rows() {
        return rows;
    }

    static boolean matches(String pattern, String value) {
        return pattern.equals(value)
                || (pattern.endsWith("x")
                        && pattern.length() == value.length()
                        && Pattern.matches(pattern.replace("x", "\\d"), value));
    }

    record Table(
            String code,
            @Nullable String message,
            @Nullable String reference,
            @Nullable Success success,
            List<Row> codes) {

        private void check(String file) {
            if (code == null || codes == null) {
                throw new IllegalArgumentException(file + ": a table has code and codes");
            }
            checkPlace(file, code);
            checkPlace(file, message);
            checkPlace(file, reference);
            codes.forEach(row -> row.check(file));
        }

        private static void checkPlace(String file, @Nullable String at) {
            if (at != null && !at.equals(STATUS) && !at.startsWith("/")) {
                throw new IllegalArgumentException(file + ": " + at + ": a place is status or begins with /");
            }
        }
    }

    /**
     * What a success is.
     *
     * @param at a JSON pointer, or {@code status}
     * @param is the values there
     * @param readable whether the body has to be JSON or nothing
     */
    record Success(String at, List<String> is, boolean readable) {

        Success {
            is = is.stream().map(JsonNumber::plain).toList();
        }
    }

    /**
     * One fail code.
     *
     * @param code the code, or for a status a pattern such as {@code 4xx}
     * @param name the code's name for people
     * @param message the vendor's words, where one code has two causes
     * @param operations where it depends on what was asked for
     * @param has a JSON pointer that the answer must have
     * @param html whether the answer is an HTML page
     * @param failureClass what it is; absent where the disposition is {@code delivered}
     * @param disposition what the bus does
     * @param sent {@code maybe} where the vendor may have received the message anyway; {@code before} where an earlier attempt
     *     has done it
     * @param meaning a sentence for people
     */
    public record Row(
            String code,
            @Nullable String name,
            @Nullable String message,
            List<String> operations,
            @Nullable String has,
            boolean html,
            @JsonProperty("class") @Nullable String failureClass,
            String disposition,
            @Nullable String sent,
            String meaning) {

        /** A row without operations is for all. */
        public Row {
            code = code == null ? null : JsonNumber.plain(code);
            operations = operations == null ? List.of() : operations;
        }

        private boolean bare() {
            return message == null && operations.isEmpty() && has == null && !html;
        }

        private boolean matches(String value, String words, String operation, Answer answer) {
            return FailCodes.matches(code, value)
                    && (message == null || message.equals(words))
                    && (operations.isEmpty() || operations.contains(operation))
                    && (has == null || !answer.json().at(has).isMissingNode())
                    && (!html || answer.html());
        }

        private int specificity() {
            int conditions =
                    (message == null ? 0 : 1) + (operations.isEmpty() ? 0 : 1) + (has == null ? 0 : 1) + (html ? 1 : 0);
            long exact = code.chars().filter(c -> c != 'x').count();
            return conditions * 100 + (int) exact + (code.indexOf('x') < 0 ? 50 : 0);
        }

        private boolean contradicts(Row other) {
            boolean sameOperation = operations.isEmpty()
                    || other.operations.isEmpty()
                    || operations.stream().anyMatch(other.operations::contains);
            boolean sameWords = message == null || other.message == null || message.equals(other.message);
            return specificity() == other.specificity() && code.equals(other.code) && sameOperation && sameWords;
        }

        private void check(String file) {
            if (code == null || disposition == null || meaning == null) {
                throw new IllegalArgumentException(file + ": " + this + ": a row has code, disposition and meaning");
            }
            if (sent != null && !maybeSent()) {
                throw new IllegalArgumentException(file + ": " + this + ": sent is maybe or before, or is left out");
            }
            try {
                Disposition.of(disposition);
                if (failureClass != null) {
                    FailureClass.of(failureClass);
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": " + this + ": there is no such class or disposition", e);
            }
            if (failureClass == null ^ disposition().equals("delivered")) {
                throw new IllegalArgumentException(file + ": " + this + ": a row has a class, unless it is delivered");
            }
        }

        boolean maybeSent() {
            return "maybe".equals(sent) || sentBefore();
        }

        boolean sentBefore() {
            return "before".equals(sent);
        }

        @Override
        public String toString() {
            return "row " + code + (message == null ? "" : " " + message)
                    + (operations.isEmpty() ? "" : " " + operations);
        }
    }
}
