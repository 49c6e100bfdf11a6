package dev.switchboard.message;

import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one cause.
 *
 * @param lane vendor and account
 * @param code the vendor's code
 * @param deadLetter the dead-letter route that they went to
 * @param first when the first of them failed, in milliseconds since 1970
 * @param last when the last of them failed
 * @param mayHaveBeenSent how many may have reached their goal anyway
 */
public record Group(
        String lane,
        String failureClass,
        @Nullable String code,
        @Nullable String deadLetter,
        long count,
        long first,
        long last,
        long mayHaveBeenSent,
        Example example) {

    /**
     * The newest of a group.
     *
     * @param meaning a sentence for people
     * @param words the vendor's own words
     */
    public record Example(
            String id, @Nullable String meaning, @Nullable String words) {}
}
