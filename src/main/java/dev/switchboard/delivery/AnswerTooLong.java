package dev.switchboard.delivery;

import java.io.IOException;

/** An answer went on beyond what is read of one; the connection has been cut. */
final class AnswerTooLong extends IOException {

    AnswerTooLong(long limit) {
        super("the answer is longer than " + limit + " bytes");
    }
}
