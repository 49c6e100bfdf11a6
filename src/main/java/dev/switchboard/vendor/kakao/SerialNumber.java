package dev.switchboard.vendor.kakao;

import dev.switchboard.message.Sha256;
import org.apache.camel.ExchangeProperty;

/**
 * Makes the number by which the relay takes a message once: at most 30 characters, the same for each attempt (vendor's
 * page reference_docs/api_code_dict, code -504).
 */
public final class SerialNumber {

    private static final int LENGTH = 30;

    /** Returns the number of a message: the beginning of the hash of its id, in hexadecimal digits. */
    public String of(@ExchangeProperty("messageId") String id) {
        return Sha256.hex(id).substring(0, LENGTH);
    }
}
