package dev.switchboard.records;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks GZIP (RFC 1952) of one or several members, up to limits. Java's own reader takes a second member that was cut off
 * within its header for the end of the file, and would silently lose its content.
 */
public final class Gunzip extends InputStream {

    private static final int CHUNK = 1 << 16;
    private static final long RATIO_COUNTS_FROM = 1 << 20;
    private static final int DEFLATED = 8;
    private static final int HEADER_REST = 6;
    private static final int HAS_CRC = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private final InputStream in;
    private final Profile.Limits limits;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] packed = new byte[CHUNK];
    private int at;
    private int end;
    private long taken;
    private long given;
    private boolean member;
    private boolean first = true;
    private @Nullable IOException fault;

    public Gunzip(InputStream in, Profile.Limits limits) {
        this.in = in;
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** Kept so that each further read fails too. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (fault != null) {
            throw fault;
        }
        if (length == 0) {
            return 0;
        }
        try {
            return unpack(bytes, offset, length);
        } catch (DataFormatException e) {
            fault = damaged(e);
        } catch (IOException e) {
            fault = e;
        }
        throw fault;
    }

    private static IOException damaged(DataFormatException e) {
        var damaged = new ZipException("the GZIP data are damaged");
        damaged.initCause(e);
        return damaged;
    }

    private int unpack(byte[] bytes, int offset, int length) throws IOException, DataFormatException {
        while (member || begin()) {
            int count = inflater.inflate(bytes, offset, length);
            if (count > 0) {
                crc.update(bytes, offset, count);
                given += count;
                refuseBomb();
                return count;
            }
            if (inflater.finished()) {
                finish();
            } else if (inflater.needsInput()) {
                requireMore();
                inflater.setInput(packed, at, end - at);
                at = end;
            } else {
                throw new ZipException("the GZIP data need a dictionary");
            }
        }
        return -1;
    }

    private void refuseBomb() throws IOException {
        if (given > limits.unpacked()) {
            throw new ZipException(
                    "the file unpacks to more than " + limits.unpacked() + " bytes (switchboard.files.max-unpacked)");
        }
        if (given > RATIO_COUNTS_FROM && given / limits.ratio() > taken) {
            throw new ZipException("the file unpacks to more than " + limits.ratio()
                    + " times its size (switchboard.files.max-ratio)");
        }
    }

    /** Begins a member; zeros behind the last one are the padding of tapes. */
    private boolean begin() throws IOException {
        while (!first && peek() == 0) {
            at++;
        }
        if (peek() < 0 && !first) {
            return false;
        }
        if (octet() != 0x1f || octet() != 0x8b || octet() != DEFLATED) {
            throw new ZipException(
                    first
                            ? "this is not gzip: pack the file with gzip, or leave .gz out of its name"
                            : "behind the GZIP data stands something else");
        }
        header();
        inflater.reset();
        crc.reset();
        first = false;
        member = true;
        return true;
    }

    private void header() throws IOException {
        int flags = octet();
        skip(HEADER_REST);
        if ((flags & HAS_EXTRA) != 0) {
            skip(octet() + 256 * octet());
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        skip((flags & HAS_CRC) != 0 ? 2 : 0);
    }

    private void finish() throws IOException {
        at = end - inflater.getRemaining();
        long size = inflater.getBytesWritten() & 0xffffffffL;
        if (number() != crc.getValue() || number() != size) {
            throw new ZipException("the GZIP data are damaged: the checksum is another");
        }
        member = false;
    }

    private long number() throws IOException {
        long low = octet() + 256L * octet();
        return low + ((octet() + 256L * octet()) << 16);
    }

    private void skip(int octets) throws IOException {
        for (int i = 0; i < octets; i++) {
            octet();
        }
    }

    private void skipText() throws IOException {
        int octet = octet();
        while (octet != 0) {
            octet = octet();
        }
    }

    private int octet() throws IOException {
        requireMore();
        return packed[at++] & 0xff;
    }

    private int peek() throws IOException {
        return fill() ? packed[at] & 0xff : -1;
    }

    private void requireMore() throws IOException {
        if (!fill()) {
            throw new EOFException("the GZIP data end in the middle: the file was cut off");
        }
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(packed));
            taken += end;
        }
        return at < end;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
