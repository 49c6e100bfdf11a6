package dev.switchboard.message;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with what came in.
 *
 * @param field the field, as in the message; empty where the whole is meant
 * @param rule the broken rule's name, such as {@code maxLength} or {@code required}
 * @param limit what the rule allows, if that can be said
 * @param length the value's length in code points, where the rule is about length
 * @param detail a sentence for people; never holds the value
 */
public record Fault(
        String field,
        String rule,
        @Nullable Object limit,
        @Nullable Integer length,
        String detail) {

    /** Makes a fault with only a rule and a sentence. */
    public static Fault of(String field, String rule, String detail) {
        return new Fault(field, rule, null, null, detail);
    }

    @Override
    public String toString() {
        return field.isEmpty() ? detail : field + ": " + detail;
    }
}
