package dev.switchboard.records;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * How many records of a file may be invalid.
 *
 * @param limit a count, or a share in percent
 * @param percent whether it is a share
 */
public record MaxInvalid(BigDecimal limit, boolean percent) {

    private static final Pattern FORM = Pattern.compile("\\d{1,12}|\\d{1,3}(\\.\\d{1,3})?%");

    /**
     * Reads {@code 100} or {@code 2.5%}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static MaxInvalid of(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("must be a number such as 100, or a share such as 2.5%");
        }
        boolean percent = text.endsWith("%");
        return new MaxInvalid(new BigDecimal(percent ? text.substring(0, text.length() - 1) : text), percent);
    }

    /**
     * Returns whether there are too many. A percentage can be judged only when the whole file has been read.
     *
     * @param read all records, the invalid ones among them
     */
    public boolean exceededBy(long invalid, long read) {
        BigDecimal found = BigDecimal.valueOf(invalid);
        return percent
                ? found.movePointRight(2).compareTo(limit.multiply(BigDecimal.valueOf(read))) > 0
                : found.compareTo(limit) > 0;
    }

    @Override
    public String toString() {
        return limit.toPlainString() + (percent ? "%" : "");
    }
}
