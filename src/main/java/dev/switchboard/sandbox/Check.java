package dev.switchboard.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A check of a request. The value must not be missing or empty; a rule
 * ({@code is}, {@code in}, {@code pattern}, {@code length}) requires more.
 *
 * @param at the place of the value
 * @param when the condition under which this is checked
 * @param is the only right value; may name a sandbox setting in braces
 * @param in the right values
 * @param pattern a regular expression for all of it
 * @param length the least and the greatest number of characters
 * @param code what the vendor answers if the check fails
 * @param message the message of that code, where it has several
 */
record Check(
        String at,
        @Nullable Check when,
        @Nullable String is,
        @Nullable List<String> in,
        @Nullable Pattern pattern,
        @Nullable List<Integer> length,
        @JsonProperty("code") int code,
        @Nullable String message) {

    boolean holds(Request request, Values values) {
        if (when != null && !when.holds(request, values)) {
            return true;
        }
        String value = Place.parse(at).read(request);
        return value != null
                && (is == null ? !value.isEmpty() : value.equals(values.text(is)))
                && (in == null || in.contains(value))
                && (pattern == null || pattern.matcher(value).matches())
                && (length == null || isLongEnough(value, length.get(0), length.get(1)));
    }

    String field() {
        return Place.parse(at).field();
    }

    private static boolean isLongEnough(String value, int least, int greatest) {
        int characters = value.codePointCount(0, value.length());
        return characters >= least && characters <= greatest;
    }
}
