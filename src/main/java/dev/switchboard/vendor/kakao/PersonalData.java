package dev.switchboard.vendor.kakao;

import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells whether a text looks as if it held personal data: a Korean phone number, an e-mail address or a resident registration
 * number. It is a careful guess: digits that are part of a longer number or word (an order number, a waybill, a bar code) are let
 * through, and what it does not know, such as names and addresses, it does not see.
 */
final class PersonalData {
    private static final String AREA = "(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[0-9])";
    private static final String MOBILE = "1[016789]";
    private static final String SEPARATOR = "[-. )/]{1,2}";

    /** Not inside a longer run of digits, nor the tail of digits joined by a dash. */
    private static final String START = "(?<![0-9]|[0-9]-)";

    /** Digits without separators: not the tail of a word or of a decimal either, unless the word says what they are. */
    private static final String BARE_START = "(?:(?<![0-9A-Za-z]|[0-9][-.])|(?<=(?i:tel|phone|mobile|cell|fax|hp)))";

    private static final String BARE_END = "(?![0-9A-Za-z]|[-.][0-9])";

    private static final List<Pattern> PHONES = List.of(
            Pattern.compile(START + "\\(?0(?:" + MOBILE + "|" + AREA + ")" + SEPARATOR
                    + "[0-9]{3,4}[-. /]?[0-9]{4}(?![0-9]|-[0-9])"),
            Pattern.compile(BARE_START + "0(?:" + MOBILE + "|" + AREA + ")[0-9]{7,8}" + BARE_END),
            Pattern.compile("(?:\\+ ?|(?<![0-9A-Za-z])00)82[-. ]?\\(?0?\\)?[-. ]?(?:" + MOBILE + "|" + AREA
                    + ")[-. )]{0,2}[0-9]{3,4}[-. ]?[0-9]{4}(?![0-9])"),
            Pattern.compile(
                    START + "(?<![A-Za-z])82[-. ]?\\(?0?\\)?" + MOBILE + "[-. ]?[0-9]{3,4}[-. ]?[0-9]{4}" + BARE_END));

    /** Begins at the sign, so that a long text without one costs nothing; {@code logo@2x.png} is a picture's name. */
    private static final Pattern EMAIL =
            Pattern.compile("(?<=[\\p{L}\\p{N}._%+-])@(?![0-9]x\\.)(?:[\\p{L}\\p{N}-]{1,63}\\.){1,8}\\p{L}{2,}");

    private static final Pattern RESIDENT =
            Pattern.compile("(?<![0-9A-Za-z]|[0-9][-.])([0-9]{6})([-. ]?)([1-8])[0-9]{6}" + BARE_END);

    private PersonalData() {}

    /** Names what the text seems to hold, for people; empty where it seems to hold nothing personal. */
    static Optional<String> in(String text) {
        String plain = plain(text);
        if (RESIDENT.matcher(plain).results().anyMatch(PersonalData::isResident)) {
            return Optional.of("a resident registration number");
        }
        if (PHONES.stream().map(each -> each.matcher(plain)).anyMatch(Matcher::find)) {
            return Optional.of("a phone number");
        }
        return EMAIL.matcher(plain).find() ? Optional.of("an e-mail address") : Optional.empty();
    }

    /** Makes full-width digits and every kind of dash and blank plain, and the escapes of a JSON text blanks. */
    private static String plain(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .replaceAll("\\p{Pd}|\u2212", "-")
                .replaceAll("\\\\[nrt]|\\p{Z}", " ");
    }

    private static boolean isResident(MatchResult found) {
        boolean bare = found.group(2).isEmpty();
        return isBirthDate(found.group(1), found.group(3)) && !(bare && isBarcode(found.group()));
    }

    /** The first six digits are a date of birth, the seventh says in which century. */
    private static boolean isBirthDate(String digits, String century) {
        int base = "1256".contains(century) ? 1900 : 2000;
        int date = Integer.parseInt(digits);
        try {
            LocalDate birth = LocalDate.of(base + date / 10000, date / 100 % 100, date % 100);
            return birth.isBefore(LocalDate.now(ZoneId.of("Asia/Seoul")).plusDays(1));
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** A Korean bar code begins with 880, like the numbers of those born early in 1988: its check digit tells them apart. */
    private static boolean isBarcode(String digits) {
        int sum = 0;
        for (int i = 0; i < 12; i++) {
            sum += (digits.charAt(i) - '0') * (i % 2 == 0 ? 1 : 3);
        }
        return digits.startsWith("880") && (10 - sum % 10) % 10 == digits.charAt(12) - '0';
    }
}
