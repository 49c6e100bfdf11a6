package dev.switchboard.sandbox;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A conversation's id that asks the sandbox for something other than success: {@code fail-700}, {@code http-503},
 * {@code slow-2000}, {@code drop}, {@code garbage}; or for a way of saying something: {@code twice}, {@code swapped},
 * {@code late-2000}, {@code burst-100}, {@code wrong-secret}.
 *
 * <p>Any text may follow after {@code -} or {@code .}, so that several conversations can ask for the same.
 * The first word there (up to the next {@code -} or {@code .}) chooses the message of a {@code fail} code that has
 * several, as in {@code fail-501-uuid-17}; all else is ignored.
 *
 * @param kind what is asked for; {@code none} for an ordinary conversation
 * @param number code without its sign, HTTP status, milliseconds or how often
 * @param word the first word behind it, or an empty text
 */
record Magic(String kind, int number, String word) {

    private static final Magic NONE = new Magic("none", 0, "");
    private static final List<Pattern> FORMS = List.of(
            Pattern.compile("(fail)-(\\d{1,5})(?:[-.]([^-.]*).*)?", Pattern.DOTALL),
            Pattern.compile("(http)-([2-5]\\d\\d)(?:[-.](.*))?", Pattern.DOTALL),
            Pattern.compile("(slow|late|burst)-(\\d{1,6})(?:[-.](.*))?", Pattern.DOTALL),
            Pattern.compile("(drop|garbage|twice|swapped|wrong-secret)()(?:[-.](.*))?", Pattern.DOTALL));

    static Magic of(@Nullable String conversation) {
        if (conversation == null) {
            return NONE;
        }
        return FORMS.stream()
                .map(form -> form.matcher(conversation))
                .filter(Matcher::matches)
                .findFirst()
                .map(Magic::of)
                .orElse(NONE);
    }

    private static Magic of(Matcher found) {
        int number = found.group(2).isEmpty() ? 0 : Integer.parseInt(found.group(2));
        return new Magic(found.group(1), number, found.group(3) == null ? "" : found.group(3));
    }
}
