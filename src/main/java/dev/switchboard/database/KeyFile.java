package dev.switchboard.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys with which a store is encrypted: a line {@code ID BASE64} each, the newest first, which encrypts what is written from
 * now on. The others only decrypt.
 */
public final class KeyFile {

    /** The setting that names the file. */
    public static final String SETTING = "switchboard.store.key-file";

    private static final int BYTES = 32;
    private static final Pattern LINE = Pattern.compile("([A-Za-z0-9._-]{1,40})\\s+([A-Za-z0-9+/]+=*)");
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private KeyFile() {}

    /**
     * Reads the keys, the newest first.
     *
     * @throws IllegalArgumentException when the file cannot be read, can be read by others, or has a line that is no key
     */
    public static Map<String, SecretKey> read(Path file) {
        var keys = new LinkedHashMap<String, SecretKey>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                String where = file + ", line " + (i + 1);
                Matcher parts = LINE.matcher(line);
                require(parts.matches(), where + ": write an id and a key in Base64, with a space between them");
                require(
                        keys.put(parts.group(1), key(parts.group(2), where)) == null,
                        where + ": the id is there twice");
            }
        }
        require(!keys.isEmpty(), file + " has no key: ./switchboard store-key writes one");
        return keys;
    }

    private static SecretKey key(String base64, String where) {
        byte[] bytes = decoded(base64);
        require(bytes.length > 0, where + ": the key is not in Base64");
        require(bytes.length == BYTES, where + ": the key has " + bytes.length + " bytes instead of " + BYTES);
        return new SecretKeySpec(bytes, "AES");
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // its message may quote the key
        }
    }

    private static List<String> lines(Path file) {
        try {
            require(
                    !isPosix(file)
                            || Files.getPosixFilePermissions(file).stream().noneMatch(OF_OTHERS::contains),
                    file + " can be read or changed by other users: chmod 600 " + file);
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    SETTING + ": there is no file " + file + ": ./switchboard store-key writes one", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    SETTING + ": " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalArgumentException(SETTING + ": " + otherwise);
        }
    }

    /** Puts a new key before those of a file, or makes the file; only this user can read it. Returns the key's id. */
    public static String add(Path file) throws IOException {
        var lines = new ArrayList<String>(Files.exists(file) ? lines(file) : List.of());
        Set<String> known = Files.exists(file) ? read(file).keySet() : Set.of();
        String now = ID.format(Instant.now());
        String id = now;
        for (int i = 2; known.contains(id); i++) {
            id = now + "-" + i;
        }
        var key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        lines.add(0, id + " " + Base64.getEncoder().encodeToString(key));
        Path folder = file.toAbsolutePath().resolveSibling("");
        require(Files.isDirectory(folder), "there is no folder " + folder);
        Path next = folder.resolve("." + file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, SqliteFile.onlyOurs(next, "rw-------"));
        Files.write(next, lines);
        Backup.force(next);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return id;
    }
}
