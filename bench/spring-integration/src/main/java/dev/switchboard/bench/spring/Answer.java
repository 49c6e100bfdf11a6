package dev.switchboard.bench.spring;

/** The vendor's answer: every code but 0 is a failure. */
record Answer(Integer code, String message) {

    Answer delivered() {
        if (code == null || code != 0) {
            throw new IllegalStateException("the vendor answered code " + code);
        }
        return this;
    }
}
