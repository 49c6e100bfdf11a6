package dev.switchboard.operate;

import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.message.Timestamp;
import dev.switchboard.store.Filter;
import java.time.DateTimeException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads which messages a caller asks for. */
final class Filters {

    /** The names of what can be asked for. */
    static final Set<String> NAMES =
            Set.of("state vendor account class code deadLetter conversation batch label q texts from to".split(" "));

    private static final int LONGEST = 255;

    private Filters() {}

    /**
     * Reads a filter.
     *
     * @throws Refused (422) when a value makes no sense
     */
    static Filter of(Parameters given) {
        var filter = new Filter();
        given.with("state", value -> filter.states(Set.of(named("state", value, State.values()))));
        given.with(
                "class",
                value -> filter.failureClass(
                        named("class", value, FailureClass.values()).toString()));
        given.with("code", filter::code);
        given.with("deadLetter", filter::deadLetter);
        given.with("conversation", filter::conversation);
        given.with("batch", filter::batch);
        given.with("vendor", filter::vendor);
        given.with("account", filter::account);
        given.with("from", value -> filter.from(time("from", value)));
        given.with("to", value -> filter.to(time("to", value)));
        given.with("q", value -> filter.words(words(value)));
        given.with("texts", value -> filter.texts(named("texts", value, new Boolean[] {true, false})));
        given.all("label").forEach(value -> label(filter, value));
        return filter;
    }

    static <T> T named(String parameter, String value, T[] known) {
        return Stream.of(known)
                .filter(each -> each.toString().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> Refused.invalid(
                        parameter,
                        "enum",
                        "must be one of "
                                + Stream.of(known).map(String::valueOf).collect(Collectors.joining(", "))));
    }

    /** Reads a time in milliseconds since 1970. */
    static long time(String parameter, String value) {
        try {
            return Timestamp.parse(value).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw Refused.invalid(parameter, "format", "must be a time as in RFC 3339");
        }
    }

    private static String words(String value) {
        String words = value.strip();
        if (words.isEmpty() || words.length() > LONGEST || words.indexOf(0) >= 0) {
            throw Refused.invalid("q", "length", "must be 1 to " + LONGEST + " characters");
        }
        return words;
    }

    private static void label(Filter filter, String value) {
        int colon = value.indexOf(':');
        if (colon < 1) {
            throw Refused.invalid("label", "format", "must be a name and a value with a colon between them");
        }
        filter.label(value.substring(0, colon), value.substring(colon + 1));
    }
}
