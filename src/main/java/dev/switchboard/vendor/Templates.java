package dev.switchboard.vendor;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with names in braces. */
final class Templates {

    static final Pattern NAME = Pattern.compile("\\{([a-z][a-z0-9-]*)}");

    private Templates() {}

    /** Replaces each name by its value. */
    static String filled(String template, UnaryOperator<String> values) {
        return NAME.matcher(template).replaceAll(name -> Matcher.quoteReplacement(values.apply(name.group(1))));
    }
}
