package dev.switchboard;

import dev.switchboard.database.KeyFile;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;

/** Writes a new key to encrypt the store with: {@code ./switchboard store-key FILE}. */
public final class StoreKeyCommand {

    private final PrintStream out;
    private final PrintStream err;

    StoreKeyCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Status 0: done; 1: not done; 2: wrong arguments. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(new StoreKeyCommand(out, err).run(arguments));
    }

    int run(String... arguments) {
        var files = new ArrayList<String>();
        for (String argument : arguments) {
            if (argument.matches("-D[^=]+=.*")) {
                int equals = argument.indexOf('=');
                System.setProperty(argument.substring(2, equals), argument.substring(equals + 1));
            } else {
                files.add(argument);
            }
        }
        if (files.size() > 1 || files.stream().anyMatch(file -> file.startsWith("-"))) {
            err.println("switchboard: store-key [FILE] wants one file, not " + files);
            return 2;
        }
        try {
            Path file = files.stream()
                    .map(Path::of)
                    .findFirst()
                    .or(() -> BusSettings.keyFile(BusSettings.now()))
                    .orElseThrow(() -> new IllegalArgumentException("name a file, or set " + KeyFile.SETTING));
            out.println(
                    file + " has the new key " + KeyFile.add(file) + ". Keep a copy of the file apart from the store's"
                            + " backups: without its keys, the store is lost. The bus uses the new key after its next start.");
            return 0;
        } catch (IllegalArgumentException | IOException e) {
            err.println("switchboard: no key was written: " + e.getMessage());
            return 1;
        }
    }
}
