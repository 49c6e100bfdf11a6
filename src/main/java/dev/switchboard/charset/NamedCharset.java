package dev.switchboard.charset;

import java.nio.charset.Charset;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The character set that a header {@code Content-Type} names. */
public final class NamedCharset {

    private static final Pattern PARAMETER = Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\"';\\s]+)");

    private NamedCharset() {}

    /** Returns the character set that is named, if it is known. */
    public static Optional<Charset> of(@Nullable String type) {
        Matcher named = PARAMETER.matcher(type == null ? "" : type);
        try {
            return named.find() ? Optional.of(asSent(Charset.forName(named.group(1)))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What has one of these names is mostly the larger set that Windows has made of it, as browsers know. Java takes cp949 for IBM's. */
    private static Charset asSent(Charset named) {
        return switch (named.name()) {
            case "EUC-KR", "x-IBM949", "x-IBM949C" -> Charset.forName("MS949");
            case "Shift_JIS" -> Charset.forName("windows-31j");
            case "GB2312", "GBK" -> Charset.forName("GB18030");
            case "ISO-8859-1", "US-ASCII" -> Charset.forName("windows-1252");
            case "ISO-8859-9" -> Charset.forName("windows-1254");
            default -> named;
        };
    }
}
