package dev.switchboard.store;

import dev.switchboard.message.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages, newest first. Each filter has an index that it is found by; what else is asked for is held against what
 * that index gives. Values never become part of the SQL.
 */
final class Search {

    /** So many that begin with a text are looked up one by one; where there are more, the newest messages are looked through. */
    private static final int FEW = 20_000;

    /** A number says when its message was accepted; clocks may have been set by as much since. */
    private static final long TOLERANCE = 60_000;

    private static final String END_OF_PREFIX = "\uDBFF\uDFFF";
    private static final List<String> BY_WORDS = List.of("id", "conversation", "customer", "value");
    private static final String NEWEST = " order by message.seq desc limit :limit";

    private static final int IDS = 500;

    private final Handle handle;
    private final Filter filter;

    Search(Handle handle, Filter filter) {
        this.handle = handle;
        this.filter = filter;
    }

    /** A query for numbers of messages. */
    record Numbers(String sql, Conditions conditions) {
        Query query(Handle handle, String before) {
            return conditions.bind(handle.createQuery(before + sql));
        }
    }

    /** Returns the newest that match and were accepted before one. */
    List<Found> newest(long after, int limit) {
        var newest = new TreeSet<Long>(Comparator.reverseOrder());
        for (Numbers each : queries(after, limit)) {
            newest.addAll(each.query(handle, "").mapTo(Long.class).list());
        }
        List<Long> numbers = newest.stream().limit(limit).toList();
        return numbers.isEmpty()
                ? List.of()
                : handle.createQuery("select * from message where seq in (<numbers>) order by seq desc")
                        .bindList("numbers", numbers)
                        .map((row, context) -> new Found(row.getLong("seq"), View.withoutAttempts(row)))
                        .list();
    }

    /** Returns the queries whose results together hold the newest that match. */
    List<Numbers> queries(long after, int limit) {
        if (filter.isNothing()) {
            return List.of();
        }
        if (!filter.ids().isEmpty()) {
            return byIds(after, limit);
        }
        if (filter.words() != null) {
            return byWords(after, limit);
        }
        if (filter.conversation() != null || filter.sender() != null) {
            return List.of(byOneIndex(after, limit));
        }
        if (!filter.labels().isEmpty()) {
            return List.of(byLabel(after, limit));
        }
        if (isOfFailures()) {
            return List.of(byFailure(after, limit));
        }
        if (filter.batch() != null) {
            return List.of(byBatch(after, limit));
        }
        boolean listed = filter.hasLane() || !filter.states().isEmpty();
        return listed ? byList(after, limit) : List.of(byOneIndex(after, limit));
    }

    private boolean isOfFailures() {
        boolean failed = !filter.states().isEmpty() && Filter.FAILED.containsAll(filter.states());
        return filter.failureClass() != null
                || filter.code() != null
                || (failed && (filter.batch() != null || filter.failedBy() != null));
    }

    private static Conditions page(long after, int limit) {
        return new Conditions().value("after", after).value("limit", limit);
    }

    /**
     * Adds the times.
     *
     * @param seq the number, written so that its index is of use or not
     */
    private Conditions times(Conditions conditions, String seq) {
        if (filter.from() > 0) {
            conditions.and("accepted_at >= :from").value("from", filter.from());
            conditions.and(seq + " >= :least").value("least", number(filter.from() - TOLERANCE));
        }
        if (filter.to() < Long.MAX_VALUE) {
            conditions.and("accepted_at < :to").value("to", filter.to());
            conditions.and(seq + " < :most").value("most", number(filter.to() + TOLERANCE));
        }
        return conditions;
    }

    private static long number(long millis) {
        return Math.min(Math.max(0, millis), Clock.MOST_MILLIS) << Clock.BELOW_MILLIS;
    }

    /** Adds all that is asked for of the message itself. */
    private Conditions columns(Conditions conditions) {
        if (!filter.states().isEmpty()) {
            conditions.in("state", names(filter.states()));
        }
        if (filter.hasLane()) {
            conditions.in("lane", lanes());
        }
        conditions.is("sender", filter.sender()).is("class", filter.failureClass());
        if (filter.failedBy() != null) {
            conditions.and("finished_at <= :failed").value("failed", filter.failedBy());
        }
        Boolean maybeSent = filter.maybeSent();
        if (maybeSent != null) {
            conditions.and(maybeSent ? "maybe = 1" : "maybe = 0");
        }
        return Filter.NO_CODE.equals(filter.code())
                ? conditions.and("class is not null and code is null")
                : conditions.is("code", filter.code());
    }

    /** The index of failures holds all that is asked for; it has no order that helps, which the plus signs say. */
    private Numbers byFailure(long after, int limit) {
        Conditions conditions = ofFailures(times(page(after, limit), "+seq"));
        return new Numbers(
                "select seq from message where class is not null and +seq < :after" + conditions.sql()
                        + " order by +seq desc limit :limit",
                conditions);
    }

    /** Adds what is asked for, so that the index of failures answers it. */
    Conditions ofFailures(Conditions conditions) {
        if (filter.isNothing()) {
            conditions.and("1 = 0");
        }
        if (filter.states().isEmpty()) {
            conditions.in("state", names(Set.of()));
        }
        columns(conditions);
        return filter.batch() == null
                ? conditions
                : conditions.and("batch || '' = :batch").value("batch", filter.batch());
    }

    /** Lines of a batch are in the order of their numbers. */
    private Numbers byBatch(long after, int limit) {
        Conditions conditions = columns(times(page(after, limit), "+seq")).is("batch", filter.batch());
        return new Numbers(
                "select seq from message where +seq < :after" + conditions.sql() + " order by line desc limit :limit",
                conditions);
    }

    /** Takes the newest of each state and lane. */
    private List<Numbers> byList(long after, int limit) {
        return names(filter.states()).stream()
                .flatMap(state -> lanes(state).map(lane -> {
                    Conditions conditions = times(page(after, limit), "seq")
                            .value("state", state)
                            .value("lane", lane);
                    return new Numbers(
                            "select seq from message where state = :state and lane = :lane and seq < :after"
                                    + conditions.sql() + NEWEST,
                            conditions);
                }))
                .toList();
    }

    private Conditions others(Conditions conditions) {
        columns(times(conditions, "message.seq"))
                .is("conversation", filter.conversation())
                .is("batch", filter.batch());
        filter.labels().forEach(conditions::label);
        return conditions;
    }

    private List<Numbers> byIds(long after, int limit) {
        var parts = new ArrayList<Numbers>();
        for (int from = 0; from < filter.ids().size(); from += IDS) {
            List<String> part = filter.ids().subList(from, Math.min(filter.ids().size(), from + IDS));
            Conditions conditions = others(page(after, limit)).in("id", part);
            parts.add(new Numbers(
                    "select seq from message where +seq < :after" + conditions.sql() + " limit :limit", conditions));
        }
        return parts;
    }

    /** Conversations, senders and all messages have an index that is in the order of their numbers. */
    private Numbers byOneIndex(long after, int limit) {
        Conditions conditions = others(page(after, limit));
        return new Numbers("select seq from message where seq < :after" + conditions.sql() + NEWEST, conditions);
    }

    /** A cross join is made in the order in which it is written. */
    private Numbers byLabel(long after, int limit) {
        Map.Entry<String, String> first = filter.labels().entrySet().iterator().next();
        Conditions conditions =
                others(page(after, limit)).value("name", first.getKey()).value("value", first.getValue());
        return new Numbers(
                "select label.seq from label cross join message where label.value = :value and label.name = :name"
                        + " and label.seq < :after and message.seq = label.seq" + conditions.sql()
                        + " order by label.seq desc limit :limit",
                conditions);
    }

    /** Takes the newest whose id begins so, or conversation, or customer, or a label. */
    private List<Numbers> byWords(long after, int limit) {
        String words = Objects.requireNonNull(filter.words());
        return BY_WORDS.stream()
                .filter(column -> !(filter.isWithoutCustomers() && column.equals("customer")))
                .map(column -> {
                    Conditions conditions = others(page(after, limit))
                            .and(beginning(column, words))
                            .value("low", words)
                            .value("high", words + END_OF_PREFIX);
                    return new Numbers(
                            "select seq from message where seq < :after" + conditions.sql() + NEWEST, conditions);
                })
                .toList();
    }

    private String beginning(String column, String words) {
        String begin = "select seq from " + (column.equals("value") ? "label" : "message") + " where " + column
                + " >= :low and " + column + " < :high";
        return column.equals("value") || areFew(begin, words)
                ? "seq in (" + begin + ")"
                : column + " || '' >= :low and " + column + " || '' < :high";
    }

    private boolean areFew(String begin, String words) {
        return handle.createQuery("select count(*) from (" + begin + " limit :few) as begin")
                        .bind("low", words)
                        .bind("high", words + END_OF_PREFIX)
                        .bind("few", FEW + 1)
                        .mapTo(Integer.class)
                        .one()
                <= FEW;
    }

    private static List<String> names(Set<State> states) {
        return (states.isEmpty() ? Arrays.stream(State.values()) : states.stream())
                .map(State::toString)
                .sorted()
                .toList();
    }

    private List<String> lanes() {
        return names(filter.states()).stream().flatMap(this::lanes).distinct().toList();
    }

    /** Goes from one lane to the next by the index, so that it costs little to know them all. */
    private Stream<String> lanes(String state) {
        var lanes = new ArrayList<String>();
        for (String lane = lane(state, ""); lane != null; lane = lane(state, lane)) {
            lanes.add(lane);
        }
        return lanes.stream().filter(filter::matches);
    }

    private @Nullable String lane(String state, String after) {
        return handle.createQuery("select min(lane) from message where state = :state and lane > :after")
                .bind("state", state)
                .bind("after", after)
                .mapTo(String.class)
                .findFirst()
                .orElse(null);
    }
}
