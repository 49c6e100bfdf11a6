package dev.switchboard.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Overwrites what SQLite leaves of rows that it has moved from one page to another: it stays in the unused middle of a page,
 * which {@code secure_delete} does not reach, until the page is next filled (or the whole file is written anew by
 * {@code VACUUM}, for which every lane would have to wait).
 *
 * <p>Nobody reads these bytes. They may be written while the log is empty and nobody can write to it: then no other version of
 * a page is on its way into the file. The format is that of https://sqlite.org/fileformat2.html, section 1.6.
 */
final class Gaps {

    /** Never closed: that would take away the locks that SQLite has on the file in this process. */
    private static final Map<Path, FileChannel> OPEN = new ConcurrentHashMap<>();

    private static final int FILE_HEADER = 100;
    private static final int AT_ONCE = 1024;

    private final Path file;
    private long next;

    Gaps(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Begins with the first page again. */
    void restart() {
        next = 0;
    }

    /** Says whether the last page was the last of the file. */
    boolean done() {
        return next < 0;
    }

    /** Says whether all that was written is in the file itself. */
    boolean logIsEmpty() throws IOException {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        return !Files.exists(log) || Files.size(log) == 0;
    }

    /** Overwrites the gaps of the next pages; says whether there were any. */
    boolean clean() throws IOException {
        FileChannel channel = OPEN.computeIfAbsent(file, Gaps::open);
        int size = pageSize(channel);
        ByteBuffer pages = ByteBuffer.allocate(AT_ONCE * size);
        boolean changed = false;
        long at = next * size;
        for (int read = 0; read >= 0 && pages.hasRemaining(); ) {
            read = channel.read(pages, at + pages.position());
        }
        for (int from = 0; from + size <= pages.position(); from += size) {
            int header = at + from == 0 ? FILE_HEADER : 0;
            if (clean(pages.slice(from, size), header)) {
                channel.write(pages.slice(from, size), at + from);
                changed = true;
            }
        }
        next = pages.hasRemaining() ? -1 : next + AT_ONCE;
        if (done()) {
            channel.force(false);
        }
        return changed;
    }

    private static FileChannel open(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    private static int pageSize(FileChannel channel) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(2);
        channel.read(number, 16);
        int size = number.getShort(0) & 0xffff;
        return size == 1 ? 65_536 : size;
    }

    /** Pages that are no tree's begin with the upper byte of a number of a page, which is 0 up to 64 GiB. */
    private static boolean clean(ByteBuffer page, int header) {
        int kind = page.get(header);
        boolean inner = kind == 2 || kind == 5;
        boolean leaf = kind == 10 || kind == 13;
        int begin = header + (inner ? 12 : 8) + 2 * unsigned(page, header + 3);
        int content = unsigned(page, header + 5);
        int end = content == 0 ? 65_536 : content;
        if (!(inner || leaf) || end > page.capacity()) {
            return false;
        }
        boolean changed = false;
        for (int i = begin; i < end; i++) {
            changed |= page.get(i) != 0;
            page.put(i, (byte) 0);
        }
        return changed;
    }

    private static int unsigned(ByteBuffer page, int at) {
        return page.getShort(at) & 0xffff;
    }
}
