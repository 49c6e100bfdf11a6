package dev.switchboard.delivery;

import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An attempt did not succeed. Says what failed; the lane decides what happens to the message.
 *
 * <p>Routes see the class as {@code ${exception.failureClass}}.
 */
public final class DeliveryFailed extends RuntimeException {

    private final FailureClass failureClass;
    private final Disposition disposition;
    private final boolean mayHaveBeenSent;
    private final boolean uncertain;
    private final boolean sentBefore;
    private final boolean unexplained;
    private final @Nullable String code;
    private final @Nullable String words;
    private final transient @Nullable Instant retryAfter;

    private DeliveryFailed(Builder builder) {
        super(builder.meaning, builder.cause);
        this.failureClass = builder.failureClass;
        this.disposition = builder.disposition;
        this.mayHaveBeenSent = builder.mayHaveBeenSent;
        this.uncertain = builder.uncertain;
        this.sentBefore = builder.sentBefore;
        this.unexplained = builder.unexplained;
        this.code = builder.code;
        this.words = builder.words;
        this.retryAfter = builder.retryAfter;
    }

    /** Begins a failure; its meaning is a sentence for people. */
    static Builder because(FailureClass failureClass, Disposition disposition, String meaning) {
        return new Builder(failureClass, disposition, meaning);
    }

    /** Makes the failure of a message that a vendor's own check refuses before the call. */
    public static DeliveryFailed invalid(String meaning) {
        return because(FailureClass.INVALID, Disposition.DEAD_LETTER, meaning).build();
    }

    /** Makes the failure of a message whose time has passed. */
    public static DeliveryFailed expired() {
        return because(FailureClass.EXPIRED, Disposition.DEAD_LETTER, "It was not delivered before it expired.")
                .build();
    }

    /** Makes the failure of a message whose attempt was cut off by the end of the process that made it. */
    public static DeliveryFailed interrupted() {
        return because(
                        FailureClass.UNCERTAIN,
                        Disposition.PARK,
                        "The bus stopped while the message was being sent: it may have reached the vendor.")
                .maybeSent(true)
                .build();
    }

    /** Makes a failure again that is known from an outcome. */
    public static DeliveryFailed known(Outcome.Failure failure) {
        return because(failure.failureClass(), Disposition.DEAD_LETTER, failure.meaning())
                .maybeSent(failure.mayHaveBeenSent())
                .said(failure.code(), failure.message())
                .build();
    }

    /** Makes the failure of a message whose route failed by itself. */
    public static DeliveryFailed inRoute(Throwable cause, boolean mayHaveBeenSent) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return because(FailureClass.UNMAPPED, Disposition.DEAD_LETTER, "The route failed: " + root.getMessage())
                .maybeSent(mayHaveBeenSent)
                .cause(cause)
                .build();
    }

    /** Returns the class. It is the one method of the name: Camel calls a getter and a short name next to it ambiguous. */
    public FailureClass getFailureClass() {
        return failureClass;
    }

    public Disposition disposition() {
        return disposition;
    }

    /** Returns whether the vendor may have received the message anyway. */
    public boolean mayHaveBeenSent() {
        return mayHaveBeenSent;
    }

    /** Returns whether what came back does not tell whether it was done. */
    public boolean uncertain() {
        return uncertain;
    }

    /** Returns whether the vendor says that an earlier attempt has done it. */
    public boolean sentBefore() {
        return sentBefore;
    }

    /** Returns whether an answer came that no table explains, with no code of the api in it: a page, a redirect, another status. */
    public boolean unexplained() {
        return unexplained;
    }

    /** Returns the vendor's code, or the HTTP status where that is the code. */
    public @Nullable String code() {
        return code;
    }

    /** Returns the vendor's own words. */
    public @Nullable String words() {
        return words;
    }

    /** Returns the sentence that says what it means. */
    public String meaning() {
        String meaning = getMessage();
        return meaning == null ? "" : meaning;
    }

    /** Returns when the vendor asks to be tried again, if it does. */
    public @Nullable Instant retryAfter() {
        return retryAfter;
    }

    /** Gathers what is known of a failure. */
    static final class Builder {
        private final FailureClass failureClass;
        private final Disposition disposition;
        private final String meaning;
        private boolean mayHaveBeenSent;
        private boolean uncertain;
        private boolean sentBefore;
        private boolean unexplained;
        private @Nullable String code;
        private @Nullable String words;
        private @Nullable Instant retryAfter;
        private @Nullable Throwable cause;

        private Builder(FailureClass failureClass, Disposition disposition, String meaning) {
            this.failureClass = failureClass;
            this.disposition = disposition;
            this.meaning = meaning;
        }

        Builder maybeSent(boolean maybe) {
            this.mayHaveBeenSent = maybe;
            return this;
        }

        Builder uncertain(boolean unclear) {
            this.uncertain = unclear;
            return this;
        }

        Builder sentBefore(boolean before) {
            this.sentBefore = before;
            return this;
        }

        Builder unexplained() {
            this.unexplained = true;
            return this;
        }

        Builder said(@Nullable String vendorCode, @Nullable String vendorWords) {
            this.code = vendorCode;
            this.words = vendorWords;
            return this;
        }

        Builder retryAfter(@Nullable Instant time) {
            this.retryAfter = time;
            return this;
        }

        Builder cause(Throwable reason) {
            this.cause = reason;
            return this;
        }

        DeliveryFailed build() {
            return new DeliveryFailed(this);
        }
    }
}
