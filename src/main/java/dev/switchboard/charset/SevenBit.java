package dev.switchboard.charset;

import java.util.Optional;

/** Recognises character sets that write everything in ASCII: UTF-7 and ISO-2022. As ASCII they would be read without a fault. */
final class SevenBit {

    private static final int ESCAPE = 0x1b;
    private static final int LONGEST = 4096;
    private static final int ENOUGH = 2;
    private static final int UNIT = 16;
    private static final int DIGIT = 6;
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final StringBuilder shifted = new StringBuilder();
    private boolean within;
    private boolean plain;
    private boolean escaped;
    private int letters;
    private byte previous;

    /** Looks at the next bytes, of which there is at least one. */
    void look(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (within) {
                shift(bytes[i]);
            } else if (bytes[i] == '+') {
                within = true;
            } else if (bytes[i] == '$') {
                escaped |= (i == from ? previous : bytes[i - 1]) == ESCAPE;
            }
        }
        previous = bytes[to - 1];
    }

    Optional<String> name() {
        if (within) {
            shift((byte) '\n');
        }
        return escaped ? Optional.of("ISO-2022") : Optional.of("UTF-7").filter(name -> letters >= ENOUGH && !plain);
    }

    /** A text in UTF-7 has no plus sign but before its letters and in {@code +-}. */
    private void shift(byte octet) {
        if (DIGITS.indexOf(octet) >= 0 && shifted.length() < LONGEST) {
            shifted.append((char) octet);
            return;
        }
        within = false;
        if (!shifted.isEmpty()) {
            read();
        } else {
            plain |= octet != '-';
        }
        shifted.setLength(0);
    }

    private void read() {
        long bits = 0;
        int count = 0;
        for (int i = 0; i < shifted.length(); i++) {
            bits = bits << DIGIT | DIGITS.indexOf(shifted.charAt(i));
            count += DIGIT;
            if (count >= UNIT) {
                count -= UNIT;
                letter((char) (bits >> count));
                bits &= (1L << count) - 1;
            }
        }
        plain |= count >= DIGIT || bits != 0 || shifted.length() * DIGIT < UNIT;
    }

    private void letter(char unit) {
        boolean latin = unit >= '\u00c0' && unit <= '\u017f';
        boolean kana = unit >= '\u3041' && unit <= '\u30fe';
        letters += latin || kana || Korean.isCommon(unit) ? 1 : 0;
        plain |= !Character.isDefined(unit) || Character.isISOControl(unit);
    }
}
