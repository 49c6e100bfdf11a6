package dev.switchboard.batch;

import dev.switchboard.message.Refused;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What an uploaded file may be called: one plain file name, never a way to another folder. */
final class UploadName {

    /** In bytes; results' names are longer by an id and an ending, and a file system takes 255. */
    private static final int LONGEST = 200;

    private static final int REPLACEMENT = 0xfffd;

    private UploadName() {}

    /**
     * Checks a name.
     *
     * @throws Refused 400 when it is no plain file name, 415 when its ending is none of ours
     */
    static void check(String name) {
        if (name.isEmpty()) {
            throw Refused.because(400, "name: is missing; POST /batches?name=orders.csv");
        }
        if (name.startsWith(".") || name.codePoints().anyMatch(UploadName::isRefused)) {
            throw Refused.because(
                    400, "name: must be one file name, without / and \\, control characters and a dot in front");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw Refused.because(400, "name: must have at most " + LONGEST + " bytes");
        }
        checkEnding(name);
    }

    private static boolean isRefused(int character) {
        return character == '/'
                || character == '\\'
                || character == REPLACEMENT
                || Character.isISOControl(character)
                || Character.getType(character) == Character.SURROGATE;
    }

    private static void checkEnding(String name) {
        try {
            Format.of(Path.of(name));
        } catch (InvalidPathException e) {
            throw Refused.because(400, "name: the bus's system has no such file names: " + e.getReason());
        } catch (Records.Unreadable e) {
            throw Refused.because(415, String.valueOf(e.getMessage()));
        }
    }
}
