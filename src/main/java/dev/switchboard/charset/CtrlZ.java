package dev.switchboard.charset;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Leaves out the Ctrl-Z with which old systems end a text, and line ends, blanks and zeros after it. */
public final class CtrlZ extends PushbackInputStream {

    private static final int MOST = 4096;
    private static final int CTRL_Z = 0x1a;

    /** Reads a text of any character set in which Ctrl-Z is one byte. */
    public CtrlZ(InputStream text) {
        super(text, MOST + 1);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        int end = read <= 0 ? read : end(bytes, offset, read);
        if (end == read) {
            return read;
        }
        try {
            int next = super.read();
            if (next < 0) {
                return end == 0 ? -1 : end;
            }
            unread(next);
        } catch (IOException damaged) {
            // returns what precedes the damage; the next read fails again
            return read;
        }
        if (end == 0 || read - end > MOST) {
            return read;
        }
        unread(bytes, offset + end, read - end);
        return end;
    }

    /** Returns the place of a Ctrl-Z with only fillers after it; else the end of the bytes. */
    private static int end(byte[] bytes, int offset, int read) {
        int end = read;
        for (int i = read - 1; i >= 0 && isFiller(bytes[offset + i]); i--) {
            end = bytes[offset + i] == CTRL_Z ? i : end;
        }
        return end;
    }

    private static boolean isFiller(byte octet) {
        return octet == CTRL_Z || octet == 0 || octet == ' ' || octet == '\n' || octet == '\r';
    }
}
