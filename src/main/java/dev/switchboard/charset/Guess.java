package dev.switchboard.charset;

import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;

/**
 * Tells UTF-8 from MS949 by the whole file, as the first character that is not ASCII may be at its end. A few damaged
 * characters do not matter: a file is MS949 only if nearly everything speaks for it. A file that is neither counts as UTF-8, where wrong bytes
 * make a record invalid; MS949 would read almost any byte as some letter, which would then be sent.
 */
public final class Guess {

    private static final int CHUNK = 1 << 16;
    private static final int SURE = 10;
    private static final int ENOUGH = 10_000;

    /** Bytes from 0x80 that Polish text has in windows-1250: its letters, quotes, dashes, dots and the fixed space. */
    private static final BitSet POLISH = new BitSet();

    static {
        "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”“‚’‘–—…«»§°€\u00a0"
                .codePoints()
                .forEach(c -> POLISH.set(Character.toString(c).getBytes(Encoding.WINDOWS_1250.charset())[0] & 0xff));
    }

    private final Count utf8 = new Count();
    private final Count ms949 = new Count();
    private int rest;
    private int lowest = 0x80;
    private int highest = 0xbf;
    private int lead;
    private int run;
    private boolean inWord;
    private byte previous;
    private long rare;
    private long rareInRun;
    private boolean foreign;

    /** What speaks for a character set, and against it. */
    private static final class Count {
        private long well;
        private long ill;
    }

    private Guess() {}

    /** Reads a file to its end, to where the packed file is damaged, or until there is no doubt. */
    public static Encoding of(InputStream in) {
        var guess = new Guess();
        var buffer = new byte[CHUNK];
        try {
            int read = in.read(buffer);
            while (read >= 0 && !guess.sure()) {
                guess.look(buffer, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // reading the records fails in the same place, and names the line
            return guess.encoding();
        }
        return guess.encoding();
    }

    private void look(byte[] bytes, int length) {
        int i = 0;
        while (i < length) {
            if (rest == 0 && lead == 0 && bytes[i] >= 0) {
                endRun(bytes[i]);
                i = Utf8.ascii(bytes, i, length);
            } else {
                asUtf8(bytes[i] & 0xff);
                asMs949(bytes[i] & 0xff, i == 0 ? previous : bytes[i - 1]);
                i++;
            }
        }
        previous = length > 0 ? bytes[length - 1] : previous;
    }

    /** One or two Korean letters next to a Latin word may be two or four Latin ones, and within it they are. */
    private void endRun(byte next) {
        boolean within = inWord && isLetter(next);
        if (run > 0 && run <= 2 && (inWord || isLetter(next))) {
            ms949.well -= run;
            ms949.ill += within ? run : 0;
        }
        if (inWord || isLetter(next)) {
            ms949.ill += rareInRun;
        } else {
            rare += rareInRun;
        }
        run = 0;
        rareInRun = 0;
    }

    private static boolean isLetter(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }

    private void asUtf8(int octet) {
        if (rest > 0 && octet >= lowest && octet <= highest) {
            rest--;
            utf8.well += rest == 0 ? 1 : 0;
            lowest = 0x80;
            highest = 0xbf;
            return;
        }
        utf8.ill += rest > 0 ? 1 : 0;
        int length = octet == 0 ? 1 : Utf8.lengthBy(octet);
        utf8.ill += length == 0 ? 1 : 0;
        rest = Math.max(0, length - 1);
        lowest = Utf8.lowest(octet);
        highest = Utf8.highest(octet);
    }

    /**
     * Rows and cells of KS X 1001 speak for MS949. Polish letters look like the rare syllables that only MS949 has: in a file
     * with only those they speak against it, and so do those next to a Latin word.
     */
    private void asMs949(int octet, byte before) {
        foreign |= octet >= 0x80 && !POLISH.get(octet);
        if (lead == 0) {
            inWord = run + rareInRun == 0 ? isLetter(before) : inWord;
            lead = octet > 0x80 && octet < 0xff ? octet : 0;
            ms949.ill += octet == 0x80 || octet == 0xff ? 1 : 0;
        } else {
            boolean common = lead >= 0xa1 && octet >= 0xa1 && octet < 0xff;
            boolean syllable = !common && isRare(lead, octet);
            run += common ? 1 : 0;
            rareInRun += syllable ? 1 : 0;
            ms949.well += common ? 1 : 0;
            ms949.ill += common || syllable ? 0 : 1;
            lead = 0;
        }
    }

    private static boolean isRare(int lead, int trail) {
        boolean fits = (trail >= 0x81 && trail < 0xff) || isLetter((byte) trail);
        return lead <= 0xc6 && fits && (lead <= 0xa0 || trail <= 0xa0);
    }

    private boolean sure() {
        return (utf8.well > ENOUGH && utf8.ill == 0) || (isMs949() && ms949.well > ENOUGH);
    }

    private boolean isMs949() {
        long well = ms949.well + (foreign ? rare : 0);
        long ill = ms949.ill + (foreign ? 0 : rare);
        return utf8.ill > 0 && utf8.well < 2 * utf8.ill && well >= SURE * ill && well > 0;
    }

    private Encoding encoding() {
        endRun((byte) '\n');
        return isMs949() ? Encoding.MS949 : Encoding.UTF_8;
    }
}
