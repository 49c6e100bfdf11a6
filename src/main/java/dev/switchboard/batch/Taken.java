package dev.switchboard.batch;

import dev.switchboard.message.Sha256;
import dev.switchboard.records.Records;
import dev.switchboard.records.Standing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file as it was when its reading began.
 *
 * @param idPrefix what begins the ids of records that have none: it comes from the content, so the same file gives the same ids
 */
record Taken(Standing standing, String idPrefix) {

    private static final int ID_BYTES = 8;

    /**
     * Reads a file once.
     *
     * @throws Records.Unreadable when it cannot be read
     */
    static Taken of(Path file) {
        try {
            Standing before = Standing.of(file);
            return new Taken(before, idPrefix(file));
        } catch (AccessDeniedException e) {
            throw new Records.Unreadable("the bus has no permission to read the file", e);
        } catch (IOException e) {
            throw new Records.Unreadable("the file cannot be read: " + e.getMessage(), e);
        }
    }

    private static String idPrefix(Path file) throws IOException {
        try (InputStream in = Standing.open(file)) {
            MessageDigest digest = Sha256.digest();
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return "file-" + HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES) + "-";
        }
    }

    /** Returns how the file has changed since then: what came later may not have been read. A new time alone is no change. */
    Optional<String> change(Path file) {
        try {
            Standing now = Standing.of(file);
            boolean same = now.equals(standing)
                    || (now.length() == standing.length() && idPrefix(file).equals(idPrefix));
            return same
                    ? Optional.empty()
                    : Optional.of("the file changed after it was taken: it had " + standing.length()
                            + " bytes and now has " + now.length() + ". What came later may be missing. Drop the file"
                            + " again when it is complete; a sender that pauses"
                            + " while it writes needs a name that ends in .part"
                            + " until then, or switchboard.files.require-done");
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | Records.Unreadable e) {
            return Optional.of("the file changed after it was taken: " + e.getMessage());
        }
    }
}
