package dev.switchboard.charset;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Tells UTF-8 from MS949 by the whole file, as the first character that is not ASCII may be at its end. A few damaged
 * characters do not matter: a file is MS949 only if nearly everything speaks for it. A file that is neither counts as UTF-8, where wrong bytes
 * make a record invalid; MS949 would read almost any byte as some letter, which would then be sent.
 */
public final class Guess {

    private static final int CHUNK = 1 << 16;
    private static final int SURE = 10;
    private static final int ENOUGH = 10_000;
    private static final int FEW = 3;

    private final SevenBit sevenBit = new SevenBit();
    private long utf8;
    private long notUtf8;
    private long korean;
    private long notKorean;
    private long broken;
    private long hanja;
    private long symbols;
    private long latin2;
    private boolean windows;
    private int rest;
    private int lowest = 0x80;
    private int highest = 0xbf;
    private int lead;
    private int run;
    private int common;
    private int signs;
    private boolean inWord;
    private byte previous;

    private Guess() {}

    /** Reads a file to its end, to where the packed file is damaged, or until there is no doubt. */
    public static Guess of(InputStream in) {
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
        }
        guess.endRun((byte) '\n');
        return guess;
    }

    /** Returns the character set that the file most likely has. */
    public Encoding encoding() {
        return isMs949() ? Encoding.MS949 : Encoding.UTF_8;
    }

    /**
     * Names the character set of a file that would be read without a fault and show wrong letters.
     *
     * @param set what the settings say; none if the guess decides
     */
    public Optional<String> other(Optional<Encoding> set) {
        if (utf8 + notUtf8 == 0) {
            return sevenBit.name();
        }
        Encoding expected = set.orElse(Encoding.UTF_8);
        if (expected != Encoding.UTF_8 && notUtf8 == 0 && utf8 >= FEW) {
            return Optional.of("UTF-8");
        }
        if (expected != Encoding.WINDOWS_1250) {
            return Optional.empty();
        }
        return isMs949() && korean >= FEW
                ? Optional.of("MS949")
                : Optional.of("ISO-8859-2").filter(name -> latin2 >= FEW && !windows);
    }

    private void look(byte[] bytes, int length) {
        int i = 0;
        while (i < length) {
            if (rest == 0 && lead == 0 && bytes[i] >= 0) {
                endRun(bytes[i]);
                int end = Utf8.ascii(bytes, i, length);
                sevenBit.look(bytes, i, end);
                i = end;
            } else {
                byte before = i == 0 ? previous : bytes[i - 1];
                asUtf8(bytes[i] & 0xff);
                asMs949(bytes[i] & 0xff, before);
                asLatin2(bytes[i] & 0xff, before);
                i++;
            }
        }
        previous = length > 0 ? bytes[length - 1] : previous;
    }

    /** One or two Korean letters next to a Latin word may be two or four Latin ones, and within it they are. */
    private void endRun(byte next) {
        boolean within = inWord && isLetter(next);
        if (run > 0 && run <= 2 && (inWord || isLetter(next))) {
            notKorean += within ? run : 0;
        } else {
            korean += common;
            symbols += signs;
        }
        run = 0;
        common = 0;
        signs = 0;
    }

    private static boolean isLetter(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }

    private void asUtf8(int octet) {
        if (rest > 0 && octet >= lowest && octet <= highest) {
            rest--;
            utf8 += rest == 0 ? 1 : 0;
            lowest = 0x80;
            highest = 0xbf;
            return;
        }
        notUtf8 += rest > 0 ? 1 : 0;
        int length = octet == 0 ? 1 : Utf8.lengthBy(octet);
        notUtf8 += length == 0 ? 1 : 0;
        rest = Math.max(0, length - 1);
        lowest = Utf8.lowest(octet);
        highest = Utf8.highest(octet);
    }

    private void asMs949(int octet, byte before) {
        if (lead == 0) {
            inWord = run == 0 ? isLetter(before) : inWord;
            lead = octet > 0x80 && octet < 0xff ? octet : 0;
            broken += octet == 0x80 || octet == 0xff ? 1 : 0;
        } else {
            count(lead, octet);
            lead = 0;
        }
    }

    /** Rows of KS X 1001: symbols up to 0xa9, jamo and kana among them, Hangul from 0xb0, Hanja from 0xca. The rest are rare syllables. */
    private void count(int row, int cell) {
        boolean ofStandard = row >= 0xa1 && cell >= 0xa1 && cell < 0xff;
        if (!ofStandard && !((cell > 0x80 && cell < 0xff) || isLetter((byte) cell))) {
            broken++;
            return;
        }
        run++;
        if (Korean.isCommon(row, cell)) {
            common++;
        } else if (ofStandard && row >= 0xca && row <= 0xfd) {
            hanja++;
        } else if (ofStandard && row <= 0xa9 && row != 0xa4 && row != 0xa5) {
            signs++;
        } else {
            notKorean++;
        }
    }

    /** Most Polish words that ISO-8859-2 writes in another way have a letter that is a sign in windows-1250. */
    private void asLatin2(int octet, byte before) {
        windows |= octet < 0xa0 && octet >= 0x80;
        latin2 += (octet == 0xb1 || octet == 0xb6) && (isLetter(before) || before < 0) ? 1 : 0;
    }

    private boolean sure() {
        return (utf8 > ENOUGH && notUtf8 == 0) || (isMs949() && korean > ENOUGH);
    }

    private boolean isMs949() {
        long well = korean + notKorean + hanja == 0 ? symbols : korean;
        return notUtf8 > 0
                && utf8 < 2 * notUtf8
                && well > 0
                && well >= 2 * notKorean
                && 3 * well >= hanja
                && well >= SURE * broken;
    }
}
