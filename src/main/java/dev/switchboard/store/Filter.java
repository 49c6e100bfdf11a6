package dev.switchboard.store;

import dev.switchboard.access.ApiKey;
import dev.switchboard.message.State;
import dev.switchboard.queue.Waiting;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which messages someone asks for. What is not asked for makes no difference. */
public final class Filter {

    /** Dead letters. */
    public static final Set<State> FAILED = Set.of(State.DEAD, State.UNCERTAIN);

    /** In place of a code: messages that failed without one. */
    public static final String NO_CODE = "-";

    Set<State> states = Set.of();

    @Nullable
    String vendor;

    @Nullable
    String account;

    List<String> within = List.of();

    @Nullable
    String failureClass;

    @Nullable
    String code;

    @Nullable
    String deadLetter;

    @Nullable
    String conversation;

    @Nullable
    String batch;

    @Nullable
    String words;

    boolean withoutCustomers;
    boolean texts;

    @Nullable
    String sender;

    final Map<String, String> labels = new TreeMap<>();
    List<String> ids = List.of();
    long from;
    long to = Long.MAX_VALUE;
    boolean nothing;

    Waiting.@Nullable Wanted waiting;

    @Nullable
    Long failedBy;

    @Nullable
    Boolean maybeSent;

    /** Asks for messages in one of some states; those of an earlier call, too, have to hold. */
    public Filter states(Set<State> wanted) {
        boolean first = states.isEmpty();
        states = Set.copyOf(
                wanted.stream().filter(each -> first || states.contains(each)).toList());
        nothing |= !first && states.isEmpty();
        return this;
    }

    public Filter vendor(String name) {
        vendor = name;
        return this;
    }

    public Filter account(String name) {
        account = name;
        return this;
    }

    /** Asks for messages of some lanes and vendors; none: of all. */
    public Filter within(List<String> lanes) {
        within = lanes;
        return this;
    }

    public Filter failureClass(String name) {
        failureClass = name;
        return this;
    }

    /** Asks for messages that failed with a vendor's code, or with {@link #NO_CODE}. */
    public Filter code(String value) {
        code = value;
        return this;
    }

    /** Asks for messages that went to a dead-letter route. */
    public Filter deadLetter(String route) {
        deadLetter = route;
        return this;
    }

    public Filter conversation(String id) {
        conversation = id;
        return this;
    }

    /** Asks for messages of a batch, by its id, or of all batches of a name. */
    public Filter batch(String idOrName) {
        batch = idOrName;
        return this;
    }

    /** Asks for messages that have a label; all that are asked for. */
    public Filter label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    /** Asks for messages with some words in the id, conversation, customer or a label. */
    public Filter words(String part) {
        words = part;
        return this;
    }

    /** Looks for words in the texts of messages, too. */
    public Filter texts(boolean wanted) {
        texts = wanted;
        return this;
    }

    /** Looks for words where no customer is named, and in no text. */
    public Filter withoutCustomers() {
        withoutCustomers = true;
        return this;
    }

    /** Asks for messages that someone handed in. */
    public Filter sender(String name) {
        sender = name;
        return this;
    }

    public Filter ids(List<String> wanted) {
        ids = List.copyOf(wanted);
        return this;
    }

    /** Asks for messages accepted at or after a time, in milliseconds since 1970. */
    public Filter from(long millis) {
        from = millis;
        return this;
    }

    /** Asks for messages accepted before a time, in milliseconds since 1970. */
    public Filter to(long millis) {
        to = millis;
        return this;
    }

    /** Asks for messages that wait for something. */
    public Filter waiting(Waiting.Wanted wanted) {
        waiting = wanted;
        return this;
    }

    /** Asks for messages that had failed by a time, in milliseconds since 1970. */
    Filter failedBy(long millis) {
        failedBy = millis;
        return this;
    }

    /** Asks for messages accepted by a time, in milliseconds since 1970. */
    Filter acceptedBy(long millis) {
        to = Math.min(to, millis + 1);
        return this;
    }

    /** Asks for messages that failed and may have reached their goal anyway, or for the others; null: for both. */
    Filter maybeSent(@Nullable Boolean may) {
        maybeSent = may;
        return this;
    }

    boolean hasLane() {
        return vendor != null || account != null || !within.isEmpty();
    }

    /** Returns whether the index of failures answers it. */
    boolean isOfFailures() {
        boolean failed = !states.isEmpty() && FAILED.containsAll(states);
        return failureClass != null
                || code != null
                || deadLetter != null
                || (failed && (batch != null || failedBy != null));
    }

    /** Returns the states that are asked for, of messages that are finished or of the others. */
    List<State> states(boolean finished) {
        return Arrays.stream(State.values())
                .filter(state -> state.finished() == finished && !(finished && waiting != null))
                .filter(state -> states.isEmpty() || states.contains(state))
                .toList();
    }

    boolean hasTimes() {
        return from > 0 || to < Long.MAX_VALUE;
    }

    /** Returns whether it asks for how messages have ended, or where they stand. */
    boolean hasEnds() {
        return !states.isEmpty()
                || waiting != null
                || failureClass != null
                || code != null
                || deadLetter != null
                || failedBy != null
                || maybeSent != null;
    }

    /** Returns whether it asks for messages of a lane. */
    public boolean matches(String lane) {
        int slash = lane.indexOf('/');
        return (vendor == null || lane.substring(0, slash).equals(vendor))
                && (account == null || lane.substring(slash + 1).equals(account))
                && ApiKey.covers(within, lane);
    }
}
