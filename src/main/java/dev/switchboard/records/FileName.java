package dev.switchboard.records;

import dev.switchboard.message.Refused;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a dropped or uploaded file may be called. */
public final class FileName {

    /** In bytes; no file system takes more. */
    public static final int LONGEST = 255;

    public static final String DONE = ".done";

    private static final int REPLACEMENT = 0xfffd;

    /** Temporary names of files that are still being written, and files that systems and editors leave behind. */
    private static final Pattern TEMPORARY = Pattern.compile(
            "[.~].*|.*~|#.*#|thumbs\\.db|ehthumbs\\.db|desktop\\.ini|.*:zone\\.identifier"
                    + "|.*\\.(part|partial|filepart|tmp|temp|crdownload|opdownload|download|unconfirmed|uploading|upload"
                    + "|writing|incomplete|inprogress|aria2|!ut|!qb|sw[opx]|lock|lck|done)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** A name with something after one of our endings. */
    private static final Pattern GOES_ON =
            Pattern.compile(".*\\.(jsonl|ndjson|json|csv)(\\.gz)?[^a-z].*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern WITH_ENDING = Pattern.compile("(.+?)(\\.[^.]{1,8}(?:\\.gz)?)?", Pattern.DOTALL);

    private FileName() {}

    /** Returns whether a file is silently left alone. */
    public static boolean isTemporary(String name) {
        return TEMPORARY.matcher(name).matches();
    }

    /** Returns whether a name may be one that an uploader gives until the file is whole, such as {@code orders.csv.x7Zq}. */
    public static boolean maybeTemporary(String name) {
        return GOES_ON.matcher(name).matches() && !hasEnding(name);
    }

    private static boolean hasEnding(String name) {
        try {
            Format.of(name);
            return true;
        } catch (Records.Unreadable e) {
            return false;
        }
    }

    /** Returns why a name is not allowed, if it is not; such as bytes that are not characters. */
    public static Optional<String> fault(String name) {
        if (name.indexOf(REPLACEMENT) >= 0 || name.codePoints().anyMatch(c -> type(c) == Character.SURROGATE)) {
            return Optional.of("its name is not UTF-8, or holds U+FFFD");
        }
        if (name.codePoints().anyMatch(FileName::movesCursor)) {
            return Optional.of("its name holds a control character");
        }
        return name.indexOf('\\') >= 0 ? Optional.of("its name holds a backslash") : Optional.empty();
    }

    private static int type(int character) {
        return Character.getType(character);
    }

    private static boolean movesCursor(int character) {
        return Character.isISOControl(character)
                || type(character) == Character.LINE_SEPARATOR
                || type(character) == Character.PARAGRAPH_SEPARATOR;
    }

    /**
     * Checks the name of an upload: one plain file name, never a path to another folder.
     *
     * @throws Refused 400 when it is no plain file name, 415 when its ending has no format
     */
    public static void check(String name) {
        if (name.isEmpty()) {
            throw Refused.because(400, "name: is missing; POST /batches?name=orders.csv");
        }
        if (name.startsWith(".")
                || name.indexOf('/') >= 0
                || name.indexOf('\\') >= 0
                || fault(name).isPresent()) {
            throw Refused.because(
                    400, "name: must be one file name, without / and \\, control characters and a leading dot");
        }
        if (bytes(name) > LONGEST) {
            throw Refused.because(400, "name: must have at most " + LONGEST + " bytes");
        }
        try {
            Format.of(Path.of(name));
        } catch (InvalidPathException e) {
            throw Refused.because(400, "name: the bus's file system does not allow such a name: " + e.getReason());
        } catch (Records.Unreadable e) {
            throw Refused.because(415, String.valueOf(e.getMessage()));
        }
    }

    /** Returns a name with an id before its ending, cut to at most so many bytes. */
    public static String withId(String name, String id, int most) {
        Matcher parts = WITH_ENDING.matcher(name);
        boolean ends = parts.matches() && parts.group(2) != null;
        String rest = "." + id + (ends ? parts.group(2) : "");
        return cut(ends ? parts.group(1) : name, most - bytes(rest)) + rest;
    }

    /** Cuts a name after so many bytes at most, between two characters. */
    public static String cut(String text, int most) {
        String cut = text;
        while (bytes(cut) > most) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    /** Returns how many bytes a file system counts. */
    public static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }
}
