package dev.switchboard;

import dev.switchboard.database.Backup;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Copies the store, also of a running bus, or puts a copy back: {@code ./switchboard backup FILE}, {@code restore FILE}. */
public final class BackupCommand {

    private static final int DONE = 0;
    private static final int NOT_DONE = 1;
    private static final int WRONGLY_ASKED = 2;
    private static final String REPLACE = "--replace";

    private final PrintStream out;
    private final PrintStream err;

    BackupCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** The first argument is {@code backup} or {@code restore}. Status 0: done; 1: not done; 2: wrong arguments. */
    public static void main(String[] arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        System.exit(new BackupCommand(out, err).run(arguments));
    }

    int run(String... arguments) {
        var asked = new ArrayList<String>();
        for (String argument : arguments) {
            if (argument.matches("-D[^=]+=.*")) {
                int equals = argument.indexOf('=');
                System.setProperty(argument.substring(2, equals), argument.substring(equals + 1));
            } else {
                asked.add(argument);
            }
        }
        boolean restore = asked.remove(0).equals("restore");
        boolean replace = restore && asked.remove(REPLACE);
        if (asked.size() != 1 || asked.get(0).startsWith("-")) {
            err.println("switchboard: " + (restore ? "restore FILE [--replace]" : "backup FILE")
                    + " wants one file, not " + asked);
            return WRONGLY_ASKED;
        }
        return run(restore, Path.of(asked.get(0)), replace);
    }

    private int run(boolean restore, Path file, boolean replace) {
        try {
            String url = BusSettings.storeUrl(BusSettings.now());
            if (url.startsWith("jdbc:postgresql:")) {
                onServer(restore, file, url);
                return NOT_DONE;
            }
            if (restore) {
                Backup.restore(file, url, replace);
                out.println(String.join(System.lineSeparator(), AFTERWARDS));
            } else {
                Backup.make(url, file);
                out.println(file + ": " + Files.size(file) + " bytes");
            }
            return DONE;
        } catch (IllegalArgumentException e) {
            err.println("switchboard: " + e.getMessage());
        } catch (IOException e) {
            err.println("switchboard: " + file + " was not " + (restore ? "restored: " : "written: ") + e);
        }
        return NOT_DONE;
    }

    private static final List<String> AFTERWARDS = List.of(
            "The store is restored. When the bus starts, what was unfinished and may not be repeated is uncertain: it may have",
            "gone out since. Before that, take files out of files/inbox and files/working that were read since the backup.");

    /** Names PostgreSQL's own tools, which know how the server is run. */
    private void onServer(boolean restore, Path file, String url) {
        String address = url.substring("jdbc:".length()).replaceAll("[?].*", "").replaceAll("//[^/@]*@", "//");
        err.println("switchboard: the store is PostgreSQL's, which copies it itself:");
        if (restore) {
            err.println("  pg_restore --clean --if-exists --single-transaction --dbname=" + address + " " + file);
            err.println("and, before a bus starts, since what was unfinished may have gone out since:");
            err.println("  psql " + address + " -c \"" + Backup.mark() + "\"");
        } else {
            err.println("  pg_dump --format=custom --file=" + file + " " + address);
        }
    }
}
