package dev.switchboard.records;

import dev.switchboard.charset.CtrlZ;
import dev.switchboard.charset.Encoding;
import dev.switchboard.charset.Guess;
import dev.switchboard.charset.Utf16;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file unpacked, with its character set known, at the first byte behind a byte order mark.
 *
 * @param bytes the unpacked file
 * @param encoding its character set
 * @param mark whether it began with a byte order mark
 */
record Text(Bytes bytes, Encoding encoding, boolean mark) implements Closeable {

    private static final int HEAD = 4096;
    private static final byte[] UTF_8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /**
     * Opens a file.
     *
     * @throws Records.Unreadable when it is no text
     */
    static Text open(Path file, Profile profile) throws IOException {
        InputStream in = unpacked(file, profile.limits());
        try {
            return open(file, profile, in);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static Text open(Path file, Profile profile, InputStream in) throws IOException {
        byte[] head = head(in);
        int limit = profile.limits().record();
        if (Utf16.isMarked(head)) {
            InputStream text = new CtrlZ(new Utf16(new BufferedInputStream(joined(head, 0, in))));
            return new Text(new Bytes(text, limit, Encoding.UTF_8, 0), Encoding.UTF_8, true);
        }
        Looks.like(head).ifPresent(what -> {
            throw new Records.Unreadable(1, 1, "this is not text: it looks like " + what);
        });
        int mark = marks(head);
        Encoding encoding = mark > 0 ? Encoding.UTF_8 : encoding(file, profile);
        return new Text(new Bytes(new CtrlZ(joined(head, mark, in)), limit, encoding, mark), encoding, mark > 0);
    }

    /** Returns how long the byte order marks are: a program that adds one to a file that has one writes two. */
    private static int marks(byte[] head) {
        int end = 0;
        while (Arrays.equals(
                head, end, Math.min(head.length, end + UTF_8_MARK.length), UTF_8_MARK, 0, UTF_8_MARK.length)) {
            end += UTF_8_MARK.length;
        }
        return end;
    }

    private static InputStream unpacked(Path file, Profile.Limits limits) throws IOException {
        InputStream in = Standing.open(file);
        return Format.isPacked(String.valueOf(file.getFileName())) ? new Gunzip(in, limits) : in;
    }

    private static Encoding encoding(Path file, Profile profile) throws IOException {
        try (InputStream again = unpacked(file, profile.limits())) {
            Guess guess = Guess.of(again);
            Encoding encoding = profile.charset().orElseGet(guess::encoding);
            guess.other(profile.charset()).ifPresent(name -> {
                throw new Records.Unreadable(
                        1,
                        1,
                        "this looks like " + name + " and would be read as " + encoding.title() + ": save it as "
                                + encoding.title() + ", or change switchboard.files.charset");
            });
            return encoding;
        }
    }

    /** Of a damaged file, returns what precedes the damage; reading on meets the damage again. */
    private static byte[] head(InputStream in) {
        var head = new byte[HEAD];
        int length = 0;
        try {
            int read = in.read(head, 0, HEAD);
            while (read > 0) {
                length += read;
                read = in.read(head, length, HEAD - length);
            }
        } catch (IOException e) {
            return Arrays.copyOf(head, length);
        }
        return Arrays.copyOf(head, length);
    }

    private static InputStream joined(byte[] head, int from, InputStream rest) {
        return new SequenceInputStream(new ByteArrayInputStream(head, from, head.length - from), rest);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
