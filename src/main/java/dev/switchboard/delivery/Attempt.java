package dev.switchboard.delivery;

import dev.switchboard.message.Message;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One try to deliver one message, as an exchange carries it. Collects what was sent and what came back, with the
 * account's secrets masked. Used by one thread at a time.
 */
public final class Attempt {

    /** The exchange property that holds the attempt. */
    public static final String PROPERTY = "attempt";

    /** The exchange property with which a route says that its next calls only prepare what the message asks for. */
    static final String AUXILIARY = "auxiliary";

    private final Message message;
    private final Account account;
    private final int number;
    private final Limits limits;
    private final boolean preview;
    private final Instant startedAt = Instant.now();
    private final long began = System.nanoTime();
    private final long deadline;

    private final BooleanSupplier maySend;
    private boolean left;
    private boolean reached;
    private boolean auxiliary;
    private boolean refused;
    private boolean cut;
    private @Nullable String request;
    private @Nullable Integer httpStatus;
    private @Nullable String code;
    private @Nullable String words;
    private @Nullable String answer;

    /**
     * What an account's lane allows an attempt.
     *
     * @param timeout the whole attempt's time
     * @param maxAnswer how many bytes of an answer are read
     * @param idle how long a connection may be unused and is still used again
     * @param resend whether a message that may not be repeated is sent again after an uncertain answer
     */
    public record Limits(Duration timeout, long maxAnswer, Duration idle, boolean resend) {}

    /** Starts an attempt: its time runs from now. */
    public Attempt(Message message, Account account, int number, Limits limits) {
        this(message, account, number, limits, () -> true);
    }

    /**
     * Starts an attempt: its time runs from now.
     *
     * @param maySend is asked right before a request leaves
     */
    public Attempt(Message message, Account account, int number, Limits limits, BooleanSupplier maySend) {
        this(message, account, number, limits, maySend, false);
    }

    private Attempt(
            Message message, Account account, int number, Limits limits, BooleanSupplier maySend, boolean preview) {
        this.preview = preview;
        this.maySend = maySend;
        this.message = message;
        this.account = account;
        this.number = number;
        this.limits = limits;
        this.deadline = began + limits.timeout().toNanos();
    }

    /** Makes an attempt that ends before it connects to the vendor, and only shows what would be sent. */
    public static Attempt preview(Message message, Account account, Limits limits) {
        return new Attempt(message, account, 1, limits, () -> true, true);
    }

    /** Removes what was to be sent from an exchange whose attempt failed: it may hold credentials, which no step may see. */
    public static void clear(Exchange exchange) {
        exchange.getMessage().removeHeaders("*");
        exchange.getMessage().setBody(null);
    }

    boolean isPreview() {
        return preview;
    }

    /**
     * Returns the attempt that an exchange belongs to.
     *
     * @throws IllegalStateException when the exchange did not come from a lane
     */
    static Attempt of(@Nullable Exchange exchange) {
        Attempt attempt = exchange == null ? null : exchange.getProperty(PROPERTY, Attempt.class);
        if (attempt == null) {
            throw new IllegalStateException("a vendor's api is called by lanes only");
        }
        return attempt;
    }

    public Message message() {
        return message;
    }

    public Account account() {
        return account;
    }

    public int number() {
        return number;
    }

    public Instant startedAt() {
        return startedAt;
    }

    /** Returns how many nanoseconds ago it began. */
    public long elapsed() {
        return System.nanoTime() - began;
    }

    Limits limits() {
        return limits;
    }

    Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Returns what the vendor's folder says of the operation. */
    public Vendor.Operation operation() {
        return account.operation(message.operation());
    }

    /** Returns whether the message may be sent again although it may have been done. */
    public boolean mayRepeat() {
        return harmless() || limits.resend();
    }

    /** Returns whether the present call may be made again without doing something twice. */
    boolean harmless() {
        return operation().repeatable() || prepares();
    }

    /** Returns whether no call has been made yet but such as only prepare. */
    synchronized boolean prepares() {
        return auxiliary && !left;
    }

    /** Begins a call; after one that only prepares, the message has not been sent. */
    synchronized void calls(@Nullable Exchange exchange) {
        reached = false;
        auxiliary = exchange != null && exchange.getProperty(AUXILIARY, false, Boolean.class);
    }

    /** Returns whether the request of the present call has left. */
    synchronized boolean reached() {
        return reached;
    }

    /** Notes what is about to leave. */
    void requested(String asSent) {
        this.request = account.settings().mask(asSent);
    }

    /**
     * Notes that from now on the vendor may have seen the request.
     *
     * @throws IOException when the attempt has been cut, or may not be made any more: the request must not leave
     */
    synchronized void leaves() throws IOException {
        if (cut) {
            throw new IOException("the bus is stopping");
        }
        refused = !maySend.getAsBoolean();
        if (refused) {
            throw new IOException("another instance may serve the lane by now");
        }
        this.reached = true;
        this.left |= !auxiliary;
    }

    /** Returns whether the vendor may have seen the request. */
    public synchronized boolean left() {
        return left;
    }

    /** Returns whether no request has left because it may not be made any more. */
    public synchronized boolean isRefused() {
        return refused && !left;
    }

    /** Stops the request from leaving; returns whether it has left already. */
    public synchronized boolean cut() {
        cut = true;
        return left;
    }

    /** Notes what came back. */
    void answered(int status, @Nullable String vendorCode, @Nullable String vendorWords) {
        this.httpStatus = status;
        this.code = mask(vendorCode);
        this.words = mask(vendorWords);
    }

    /** Keeps the answer's text, so that people can see it after a failure. */
    void keepAnswer(String text) {
        this.answer = mask(text);
    }

    private @Nullable String mask(@Nullable String text) {
        return text == null ? null : account.settings().mask(text);
    }

    /** Returns the request as sent, as JSON text with {@code method}, {@code url} and {@code body}; null before it was made. */
    public @Nullable String request() {
        return request;
    }

    public @Nullable Integer httpStatus() {
        return httpStatus;
    }

    public @Nullable String code() {
        return code;
    }

    /** Returns the vendor's own words. */
    public @Nullable String words() {
        return words;
    }

    /** Returns at most 64 KiB of the answer of a failure. */
    public @Nullable String answer() {
        return answer;
    }

    @Override
    public String toString() {
        return "attempt " + number + " of " + message.id();
    }
}
