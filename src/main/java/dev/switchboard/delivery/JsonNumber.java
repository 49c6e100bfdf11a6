package dev.switchboard.delivery;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Makes texts that are the same number in JSON the same text: {@code 0}, {@code 0.0}, {@code -0e0} and {@code " 0 "}. */
final class JsonNumber {

    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d{1,5})?");
    private static final int LONGEST = 100;

    private JsonNumber() {}

    /** Returns a number in its plain form without blanks around it, and any other text, such as {@code 007}, as it is. */
    static String plain(String text) {
        String stripped = text.strip();
        if (isShortInteger(stripped)
                || stripped.length() > LONGEST
                || !NUMBER.matcher(stripped).matches()) {
            return stripped;
        }
        BigDecimal number = new BigDecimal(stripped).stripTrailingZeros();
        return Math.abs(number.scale()) > LONGEST ? number.toString() : number.toPlainString();
    }

    /** Most codes are such, and are in their plain form as they are. */
    private static boolean isShortInteger(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        if (text.length() == from || text.length() > 18 || text.charAt(from) == '0') {
            return text.equals("0");
        }
        return text.chars().skip(from).allMatch(digit -> digit >= '0' && digit <= '9');
    }
}
