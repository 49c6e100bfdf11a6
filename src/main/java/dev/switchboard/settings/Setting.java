package dev.switchboard.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/** Reads a setting, and names it where its value is wrong. */
public final class Setting {

    private static final Pattern TIME = Pattern.compile("(\\d+)(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d+)(B|KiB|MiB|GiB)");

    private Setting() {}

    /**
     * Reads the first of these that is set.
     *
     * @param fallback the text of the default
     * @param names from the closest to the most general, such as an account's and that of all lanes
     * @throws IllegalArgumentException when its value is wrong; the text names the setting
     */
    public static <T> T read(Config config, String fallback, Function<String, T> parser, String... names) {
        for (String name : names) {
            Optional<String> text = config.getOptionalValue(name, String.class);
            if (text.isPresent()) {
                return parse(name, text.get(), parser);
            }
        }
        return parse(names[names.length - 1], fallback, parser);
    }

    private static <T> T parse(String name, String text, Function<String, T> parser) {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a time such as 500ms, 30s, 10m, 72h or 7d.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Duration time(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new IllegalArgumentException("must be a time such as 500ms, 30s, 10m, 72h or 7d");
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** Reads a time that is more than none. */
    public static Duration someTime(String text) {
        Duration time = time(text);
        if (time.isZero()) {
            throw new IllegalArgumentException("must be more than 0");
        }
        return time;
    }

    /**
     * Reads a size in bytes, such as 64KiB or 16MiB.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static long size(String text) {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IllegalArgumentException("must be a size such as 64KiB, 16MiB or 20GiB");
        }
        int power = List.of("B", "KiB", "MiB", "GiB").indexOf(size.group(2));
        return Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * power));
    }
}
