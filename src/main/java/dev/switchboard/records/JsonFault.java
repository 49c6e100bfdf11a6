package dev.switchboard.records;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchboard.message.Visible;
import java.util.Locale;

/** What is wrong with a text that is not JSON. It shows no more than one character of the text, which may be personal. */
enum JsonFault {
    REPEATED("duplicate field", "has the same field twice"),
    CUT_OFF("unexpected end", "it ends before it is complete: a quote, a brace or a bracket is not closed"),
    MORE("trailing token", "something is behind its end"),
    COMMENT("comment", "comments are not allowed"),
    OTHER_CLOSE("unexpected close marker", "a brace or bracket is closed by another kind"),
    NO_COMMA("was expecting comma", "a comma or the end is expected", true),
    NO_COLON("was expecting a colon", "a colon is expected", true),
    NO_NAME("was expecting double-quote", "a name in double quotes is expected", true),
    NO_VALUE("expected a valid value", "a value is expected", true),
    NOT_A_NUMBER("non-standard token", "NaN and Infinity are not allowed"),
    WORD("unrecognized token", "a word is not true, false or null; a text needs double quotes"),
    CONTROL(
            "illegal unquoted character",
            "a control character in a text has to be written as an escape such as \\n",
            true),
    ILLEGAL("illegal character", "a control character is outside a text", true),
    ESCAPE("escape", "an escape is unknown", true),
    DEEP("nesting depth", "it is nested too deeply"),
    LONG("exceeds the maximum", "a number, a name or a text is too long"),
    NUMBER("numeric value", "a number is not written as JSON allows"),
    OTHER("", "it cannot be read", true);

    private final String jackson;
    private final String text;
    private final boolean shows;

    JsonFault(String jackson, String text) {
        this(jackson, text, false);
    }

    JsonFault(String jackson, String text, boolean shows) {
        this.jackson = jackson;
        this.text = text;
        this.shows = shows;
    }

    /** Returns where a fault is in a text; a word that JSON does not know begins there. */
    static int at(JsonProcessingException e, String text) {
        JsonLocation place = e.getLocation();
        int at = place == null ? 0 : (int) Math.min(text.length(), Math.max(0, place.getCharOffset()));
        while (of(e, "") == WORD && at > 0 && Character.isLetterOrDigit(text.charAt(at - 1))) {
            at--;
        }
        return of(e, "") == ILLEGAL && at > 0 ? at - 1 : at;
    }

    static JsonFault of(JsonProcessingException e, String before) {
        boolean ended = e.getProcessor() instanceof JsonParser parser
                && parser.getParsingContext().inRoot();
        if (ended && !before.isBlank()) {
            return MORE;
        }
        String message = e.getOriginalMessage().toLowerCase(Locale.ROOT);
        int i = 0;
        while (!message.contains(values()[i].jackson)) {
            i++;
        }
        return values()[i];
    }

    /** Returns the fault at a place, with the character that begins the rest of the text. */
    PlacedFault placed(Place place, String rest) {
        if (this == REPEATED) {
            return PlacedFault.of(place, "repeated", text);
        }
        String found = shows && !rest.isEmpty() ? ", found " + Visible.codePoint(rest.codePointAt(0)) : "";
        return PlacedFault.of(place, "json", "is not JSON: " + text + found);
    }
}
