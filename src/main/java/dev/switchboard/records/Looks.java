package dev.switchboard.records;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells by its first bytes what a file is that is not text. */
final class Looks {

    private static final String TO_UNPACK = "; unpack it, or pack it with gzip and let its name end in .gz";
    private static final int SEEN = 16;
    private static final int FEW = 8;
    private static final Map<String, String> BY_BYTES = new LinkedHashMap<>();
    private static final Map<String, String> BY_TEXT = new LinkedHashMap<>();

    static {
        BY_BYTES.put("504b0304", "a ZIP archive (an .xlsx file is one): save it as CSV, or unpack it");
        BY_BYTES.put("504b0506", "an empty ZIP archive");
        BY_BYTES.put("1f8b08", "GZIP: unpack it, or let the name of a file that is packed once end in .gz");
        BY_BYTES.put("d0cf11e0a1b11ae1", "an old Office document (.xls, .doc): save it as CSV");
        BY_BYTES.put("255044462d", "a PDF document");
        BY_BYTES.put("425a6839314159265359", "bzip2" + TO_UNPACK);
        BY_BYTES.put("fd377a585a00", "xz" + TO_UNPACK);
        BY_BYTES.put("28b52ffd", "Zstandard" + TO_UNPACK);
        BY_BYTES.put("377abcaf271c", "a 7-Zip archive" + TO_UNPACK);
        BY_BYTES.put("526172211a07", "a RAR archive" + TO_UNPACK);
        BY_BYTES.put("89504e470d0a1a0a", "a PNG image");
        BY_BYTES.put("ffd8ff", "a JPEG image");
        BY_BYTES.put("474946383961", "a GIF image");
        BY_BYTES.put("7f454c46", "a program");
        BY_BYTES.put("53514c69746520666f726d6174203300", "an SQLite database");
        BY_BYTES.put("50415231", "Parquet");
        BY_BYTES.put("fffe0000", "UTF-32: save it as UTF-8");
        BY_BYTES.put("0000feff", "UTF-32: save it as UTF-8");
        BY_TEXT.put("<!doctype", "an HTML page, such as a login or an error");
        BY_TEXT.put("<html", "an HTML page, such as a login or an error");
        BY_TEXT.put("<?xml", "XML");
    }

    private Looks() {}

    /** Returns what a file with this beginning is, if it is not text that can be read. */
    static Optional<String> like(byte[] head) {
        int seen = Math.min(SEEN, head.length);
        String hex = HexFormat.of().formatHex(head, 0, seen);
        String text =
                new String(head, 0, seen, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
        return first(BY_BYTES, hex).or(() -> first(BY_TEXT, text)).or(() -> zeros(head));
    }

    private static Optional<String> first(Map<String, String> known, String beginning) {
        return known.entrySet().stream()
                .filter(each -> beginning.startsWith(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** One or two zeros may be a slip in a record; many mean that the file is not text. */
    private static Optional<String> zeros(byte[] head) {
        int zeros = 0;
        for (byte each : head) {
            zeros += each == 0 ? 1 : 0;
        }
        return zeros > FEW && zeros > head.length / FEW
                ? Optional.of("binary data, or UTF-16 without a byte order mark")
                : Optional.empty();
    }
}
