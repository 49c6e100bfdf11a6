package dev.switchboard.vendor.kakao;

import dev.switchboard.message.Refused;
import java.util.Map;
import java.util.Optional;

/**
 * The meta information as it goes to Kakao.
 *
 * @param value at most as many code points as the account's {@code extra-limit}; empty where there is none
 * @param cut whether the message's was longer
 * @param encrypted whether the value is cipher text (see {@link ExtraKey})
 * @param warning what an operator should know; empty where all is well
 */
record Extra(String value, boolean cut, boolean encrypted, Optional<String> warning) {
    /** Kakao cuts what is longer, without an error; later documents say this much. */
    private static final int LATER_LIMIT = 50;

    private static final String LIMIT = "1000";

    /**
     * Encrypts where the account has a key, else checks for personal data; cuts in either case.
     *
     * @throws Refused where the text looks like personal data, has no key and the account does not let it pass
     */
    static Extra of(String text, Map<String, String> settings) {
        if (text.isEmpty()) {
            return new Extra("", false, false, Optional.empty());
        }
        int limit = Integer.parseInt(settings.getOrDefault("extra-limit", LIMIT));
        return ExtraKey.of(settings)
                .map(key -> encrypted(text, key, limit))
                .orElseGet(() -> plain(text, settings, limit))
                .withLength();
    }

    private Extra withLength() {
        int length = value.codePointCount(0, value.length());
        return length <= LATER_LIMIT || warning.isPresent()
                ? this
                : new Extra(
                        value,
                        cut,
                        encrypted,
                        Optional.of("extra has " + length + " characters; Kakao may cut what is above " + LATER_LIMIT));
    }

    private static Extra encrypted(String text, ExtraKey key, int limit) {
        String fitting = CodePoints.withinBytes(ExtraKey.capacity(limit), text);
        return new Extra(key.encrypt(fitting), isCut(text, fitting), true, Optional.empty());
    }

    private static Extra plain(String text, Map<String, String> settings, int limit) {
        // The whole text is looked at: a number that the cut halves would be refused or not by its place.
        Optional<String> kind = PersonalData.in(text);
        if (kind.isPresent() && !"warn".equals(settings.get("personal-data"))) {
            throw Refused.invalid(
                    "extra",
                    "personal-data",
                    "looks as if it held " + kind.get()
                            + ", which Kakao takes only encrypted: leave it out, or give the account an extra-key");
        }
        String fitting = CodePoints.first(limit, text);
        return new Extra(fitting, isCut(text, fitting), false, kind.map(found -> "extra looks as if it held " + found));
    }

    private static boolean isCut(String text, String fitting) {
        return fitting.length() < text.length();
    }
}
