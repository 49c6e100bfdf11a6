package dev.switchboard;

import dev.switchboard.database.SqliteFile;
import dev.switchboard.message.Sha256;
import dev.switchboard.vendor.RouteFolder;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names the operator's route files at the start, and those that replace a packaged one which is no longer what it was when the copy was
 * made or last changed. What it was is noted in the data folder, from the first start with the copy.
 */
final class CopiedRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(CopiedRoutes.class);
    private static final String NOTES = "copied-routes.properties";

    private CopiedRoutes() {}

    static void tell(RouteFolder folder, Path data) {
        Map<String, byte[]> replaced = folder.replaced();
        folder.overlaid()
                .forEach((name, path) ->
                        LOG.info("{} {}", path, replaced.containsKey(name) ? "replaces routes/" + name : "is added"));
        if (replaced.isEmpty()) {
            return;
        }
        Path file = data.resolve(NOTES);
        try {
            Properties before = read(file);
            var now = new Properties();
            replaced.forEach((name, original) -> now.setProperty(name, note(folder, name, original, before)));
            if (!now.equals(before)) {
                SqliteFile.makeFolder(file);
                try (Writer out = Files.newBufferedWriter(file)) {
                    now.store(out, "SHA-256 of each copied route file, and of the packaged one at that time");
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn(
                    "{} cannot be used, so a later version of a copied route file is not noticed: {}",
                    file,
                    e.toString());
        }
    }

    private static Properties read(Path file) throws IOException {
        var notes = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                notes.load(in);
            }
        }
        return notes;
    }

    private static String note(RouteFolder folder, String name, byte[] original, Properties before) {
        String copy = hash(folder.bytes(name)) + " ";
        String note = copy + hash(original);
        String known = before.getProperty(name, note);
        if (!known.startsWith(copy) || known.equals(note)) {
            return note;
        }
        LOG.warn(
                "{} is older than routes/{}, which has changed in the program since. Compare the two. Once you have"
                        + " changed yours, if only a comment, this is not said again.",
                folder.where(name),
                name);
        return known;
    }

    private static String hash(byte[] content) {
        return Sha256.hex(new String(content, StandardCharsets.ISO_8859_1));
    }
}
