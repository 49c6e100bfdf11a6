package dev.switchboard.records;

import dev.switchboard.charset.Encoding;
import dev.switchboard.message.Visible;
import java.text.Normalizer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the files of one folder are read: {@code switchboard.files.profiles.<profile>.*} over {@code switchboard.files.*}.
 *
 * @param name the folder below {@code inbox/}; empty for files in {@code inbox/} itself
 * @param charset the character set of the files; none where it is guessed for each file
 * @param names what columns and JSON fields of the files stand for
 * @param defaults the values of fields that a record leaves out, by the field
 * @param maxInvalid how many records may be invalid; none where any number may
 * @param checkFirst whether the whole file is checked before its first message is released
 * @param stops whether a batch with too many invalid records is stopped
 * @param trailer the last record of a file, with one group for the number of records before it
 * @param limits what a file may cost
 * @param taking when a file is taken
 */
public record Profile(
        String name,
        Optional<Encoding> charset,
        Names names,
        Map<String, String> defaults,
        Optional<MaxInvalid> maxInvalid,
        boolean checkFirst,
        boolean stops,
        Optional<Pattern> trailer,
        Limits limits,
        Taking taking) {

    /** Returns the same profile, but with files read to their end however many records are invalid. */
    public Profile goingOn() {
        return new Profile(name, charset, names, defaults, maxInvalid, checkFirst, false, trailer, limits, taking);
    }

    /**
     * When a file is taken.
     *
     * @param requireDone whether a file waits for its marker, {@code <name>.done}
     * @param quiet how long a file without a marker has to stay the same
     */
    public record Taking(boolean requireDone, Duration quiet) {}

    /**
     * What a file may cost.
     *
     * @param unpacked bytes that come out of a packed file
     * @param ratio bytes that come out of each that went in
     * @param record bytes of one record
     */
    public record Limits(long unpacked, long ratio, int record) {}

    /**
     * The names of columns and of JSON fields.
     *
     * @param known the fields that messages may have; empty where that is not checked
     * @param columns their names and what they stand for: a field, {@code labels.<name>} or {@link #LEFT_OUT}
     */
    public record Names(Set<String> known, Map<String, String> columns) {

        static final String LABEL = "labels.";
        public static final String LEFT_OUT = "-";

        /** A column of this name says why a record was rejected, and may stay when the record has been corrected. */
        public static final String REASON = "switchboard.reason";

        /** Returns a name without blanks and invisible characters around it, and with its letters composed: macOS decomposes them. */
        public static String plain(String name) {
            int[] all =
                    Normalizer.normalize(name, Normalizer.Form.NFC).codePoints().toArray();
            int from = 0;
            int to = all.length;
            while (from < to && isAround(all[from])) {
                from++;
            }
            while (to > from && isAround(all[to - 1])) {
                to--;
            }
            return new String(all, from, to - from);
        }

        /** Returns the name of the column that a name means: the same, but for blanks, invisible characters and decomposed letters. */
        String known(String name) {
            return columns.isEmpty() || columns.containsKey(name) ? name : plain(name);
        }

        private static boolean isAround(int character) {
            return character == ' ' || Visible.isInvisible(character);
        }

        /** Returns what a name stands for; none if it is not known. */
        Optional<String> target(String name) {
            if (name.equals(REASON)) {
                return Optional.of(LEFT_OUT);
            }
            String target = columns.getOrDefault(name, name);
            boolean fits = columns.containsKey(name) || known.isEmpty() || isField(target);
            return Optional.of(target).filter(each -> fits);
        }

        public boolean isField(String name) {
            return isLabel(name) || (known.contains(name) && !name.equals("labels"));
        }

        static boolean isLabel(String name) {
            return name.startsWith(LABEL) && name.length() > LABEL.length();
        }
    }
}
