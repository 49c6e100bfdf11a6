package dev.switchboard.bench;

import dev.switchboard.access.ApiKey;
import dev.switchboard.database.KeyFile;
import dev.switchboard.security.Keys;
import dev.switchboard.security.NewKey;
import dev.switchboard.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code switchboard-key} and {@code switchboard-encrypted} have: an API key for their requests, and an encrypted store. */
final class Secured {

    private static final String KEY = "-key";
    private static final String ENCRYPTED = "-encrypted";

    private Secured() {}

    /** Returns the name of the party without that. */
    static String without(String name) {
        return name.replaceFirst("(" + KEY + "|" + ENCRYPTED + ")$", "");
    }

    /** Adds the key file of an encrypted store. */
    static Map<String, String> settings(String name, Map<String, String> settings, Path folder) throws IOException {
        var all = new HashMap<>(settings);
        if (name.endsWith(ENCRYPTED)) {
            Path keys = folder.resolve("store-keys");
            KeyFile.add(keys);
            all.put(KeyFile.SETTING, keys.toString());
        }
        return all;
    }

    /** Creates the API key of a party that has one; returns the header that its requests have. */
    static String header(String name, Path folder) throws IOException {
        if (!name.endsWith(KEY)) {
            return "";
        }
        Path data = Files.createDirectories(folder.resolve("data"));
        try (Store store = Store.open("jdbc:sqlite:" + data.resolve("switchboard.db"), "", "")) {
            var sender = new NewKey("bench", List.of("sender"), List.of(), "", ApiKey.OWN, null, null);
            return "Authorization: Bearer "
                    + new Keys(store.access()).create(sender).orElseThrow() + "\r\n";
        }
    }
}
