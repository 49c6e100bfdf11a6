package dev.switchboard.store;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Words;
import dev.switchboard.message.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds messages by a filter. Every search goes along an index, by one statement for each lane and state or each place of words. */
final class Search {

    private static final int IDS = 500;
    /** A message's number may be off the time of its acceptance by as much as the clocks of two processes differ. */
    private static final long TOLERANCE = TimeUnit.MINUTES.toMillis(10);

    private static final String MESSAGE = "select message.seq from message";
    private static final String BY_NAME =
            "select cast(? as text) as id union select id from (select id from batch where name = ?";
    private static final String NEWEST = " order by message.seq desc limit ?";

    private final Sql sql;
    private final Filter filter;
    private final List<String> batches;

    Search(Sql sql, Filter filter) {
        this.sql = sql;
        this.filter = filter;
        this.batches = filter.batch == null
                ? List.of()
                : sql.list(BY_NAME + " order by seq desc limit 100) as named", Row::text, filter.batch, filter.batch);
    }

    /**
     * Returns the newest that match, newest first.
     *
     * @param after the number of the message to go on after
     */
    List<Found> newest(long after, int limit) {
        var newest = new TreeSet<Long>(Comparator.reverseOrder());
        for (Query each : queries(after, limit)) {
            newest.addAll(each.list(sql, Row::number));
        }
        return View.list(sql, newest.stream().limit(limit).toList());
    }

    /** Returns the queries whose results together hold the numbers of the newest that match. */
    List<Query> queries(long after, int limit) {
        if (filter.nothing) {
            return List.of();
        }
        if (!filter.ids.isEmpty()) {
            return byIds(after, limit);
        }
        if (filter.words != null) {
            return byWords(filter.words, after, limit);
        }
        if (filter.conversation != null || filter.sender != null) {
            return List.of(newestMessages(after, limit));
        }
        if (!filter.labels.isEmpty()) {
            return List.of(byLabel(after, limit));
        }
        if (filter.isOfFailures()) {
            return byFailure(after, limit);
        }
        if (filter.batch != null) {
            return batches.stream().map(batch -> byBatch(batch, after, limit)).toList();
        }
        boolean listed = filter.hasLane() || !filter.states.isEmpty() || filter.waiting != null;
        return listed ? byList(after, limit) : List.of(newestMessages(after, limit));
    }

    private static List<String> names(List<State> states) {
        return states.stream().map(State::toString).toList();
    }

    /** Adds the times of acceptance. */
    private Query times(Query query) {
        if (filter.from > 0) {
            query.and(
                    "message.accepted_at >= ? and message.seq >= ?",
                    filter.from,
                    Clock.number(filter.from - TOLERANCE));
        }
        if (filter.to < Long.MAX_VALUE) {
            query.and("message.accepted_at < ? and message.seq < ?", filter.to, Clock.number(filter.to + TOLERANCE));
        }
        return query;
    }

    private Query failure(Query query, String failureClass, String code) {
        query.is(failureClass, filter.failureClass);
        return Filter.NO_CODE.equals(filter.code)
                ? query.and(failureClass + " is not null and " + code + " is null")
                : query.is(code, filter.code);
    }

    /** Adds all that is asked for, whatever it is. */
    private Query everything(String select, long after) {
        var query = new Query(select + (filter.hasEnds() ? Work.OR_OUTCOME : "") + " where message.seq < ?", after);
        times(query)
                .is("message.conversation", filter.conversation)
                .among("message.batch", batches)
                .is("message.sender", filter.sender);
        if (filter.hasLane()) {
            query.in("message.lane", lanes());
        }
        filter.labels.forEach((name, value) -> query.and(
                "exists (select 1 from label as other where other.value = ? and other.name = ?"
                        + " and other.seq = message.seq)",
                value,
                name));
        if (!filter.states.isEmpty()) {
            query.in(Work.STATE_OF_ANY, names(List.copyOf(filter.states)));
        }
        if (filter.failedBy != null) {
            query.and("outcome.finished_at <= ?", filter.failedBy);
        }
        if (filter.maybeSent != null) {
            query.and(Fallback.MAYBE + " = ?", filter.maybeSent ? 1 : 0);
        }
        query.is("dead_letter", filter.deadLetter);
        return failure(waiting(query), "coalesce(outcome.class, work.class)", "coalesce(outcome.code, work.code)");
    }

    private Query waiting(Query query) {
        return filter.waiting == null ? query : filter.waiting.add(query);
    }

    /** Conversations, senders and all messages have an index that is in the order of their numbers. */
    private Query newestMessages(long after, int limit) {
        return everything(MESSAGE, after).add(NEWEST, limit);
    }

    private List<Query> byIds(long after, int limit) {
        var parts = new ArrayList<Query>();
        for (int from = 0; from < filter.ids.size(); from += IDS) {
            List<String> part = filter.ids.subList(from, Math.min(filter.ids.size(), from + IDS));
            var seqs = new Query("select seq from identity where 1 = 1").in("id", part);
            parts.add(everything(MESSAGE, after)
                    .add(" and message.seq in (")
                    .add(seqs)
                    .add(") limit ?", limit));
        }
        return parts;
    }

    /** A cross join is made in the order in which it is written. */
    private Query byLabel(long after, int limit) {
        Map.Entry<String, String> first = filter.labels.entrySet().iterator().next();
        return everything("select label.seq from label cross join message", after)
                .and("label.value = ? and label.name = ?", first.getValue(), first.getKey())
                .and("label.seq < ? and message.seq = label.seq", after)
                .add(" order by label.seq desc limit ?", limit);
    }

    /** Lines of a batch are in the order of their numbers. */
    private Query byBatch(String batch, long after, int limit) {
        return everything(MESSAGE, after).is("message.batch", batch).add(" order by message.line desc limit ?", limit);
    }

    /** The index of failures holds all that is asked for; it has no order that helps, which the plus signs say. */
    private List<Query> byFailure(long after, int limit) {
        var queries = new ArrayList<Query>();
        queries.add(ofFailures("select outcome.seq from outcome")
                .and("+outcome.seq < ?", after)
                .add(" order by +outcome.seq desc limit ?", limit));
        if (filter.failedBy == null
                && filter.deadLetter == null
                && filter.maybeSent == null
                && !filter.states(false).isEmpty()) {
            queries.add(waitingForFailure(after, limit));
        }
        return queries;
    }

    /** Those that wait after a failure are few: they are looked through. */
    private Query waitingForFailure(long after, int limit) {
        var query = new Query(
                "select work.seq from work join message on message.seq = work.seq"
                        + " where work.class is not null and work.seq < ?",
                after);
        if (filter.hasLane()) {
            query.in("work.lane", lanes());
        }
        query.in(Work.STATE, names(filter.states(false))).among("work.batch", batches);
        return times(failure(waiting(query), "work.class", "work.code")).add(" order by work.seq desc limit ?", limit);
    }

    /** Adds what is asked for, so that the index of failures answers it. */
    Query ofFailures(String select) {
        var query = new Query(select + (filter.hasTimes() ? " join message on message.seq = outcome.seq" : "")
                + " where outcome.class is not null");
        if (filter.nothing) {
            query.and("1 = 0");
        }
        query.in("outcome.state", names(filter.states(true)));
        if (filter.hasLane()) {
            query.in("outcome.lane", lanes());
        }
        if (filter.failedBy != null) {
            query.and("finished_at <= ?", filter.failedBy);
        }
        if (filter.maybeSent != null) {
            query.and(Fallback.MAYBE + " = ?", filter.maybeSent ? 1 : 0);
        }
        failure(query, "outcome.class", "outcome.code")
                .is("dead_letter", filter.deadLetter)
                .among("outcome.batch", batches);
        return times(query);
    }

    /** Takes the newest of each state and lane. */
    private List<Query> byList(long after, int limit) {
        var queries = new ArrayList<Query>();
        for (String state : names(filter.states(true))) {
            lanes("outcome where state = ? and", state)
                    .forEach(lane -> queries.add(listed("outcome", "state", state, lane, after, limit)));
        }
        for (String state : names(filter.states(false))) {
            lanes("work where").forEach(lane -> queries.add(listed("work", Work.STATE, state, lane, after, limit)));
        }
        return queries;
    }

    private Query listed(String table, String column, String state, String lane, long after, int limit) {
        String seq = table + ".seq";
        var query = new Query(
                        "select " + seq + " from " + table
                                + (filter.hasTimes() ? " join message on message.seq = " + seq : "") + " where " + seq
                                + " < ?",
                        after)
                .is(column, state)
                .is(table + ".lane", lane);
        return times(waiting(query)).add(" order by " + seq + " desc limit ?", limit);
    }

    /** Takes the newest that have words somewhere. */
    private List<Query> byWords(String words, long after, int limit) {
        boolean customers = !filter.withoutCustomers;
        return new Words(sql, filter.from, filter.to, customers, filter.texts && customers)
                .conditions(words, after).stream()
                        .map(each -> everything(MESSAGE, after)
                                .add(" and ")
                                .add(each)
                                .add(NEWEST, limit))
                        .toList();
    }

    private List<String> lanes() {
        return Stream.concat(
                        names(filter.states(true)).stream()
                                .flatMap(state -> lanes("outcome where state = ? and", state)),
                        lanes("work where"))
                .distinct()
                .toList();
    }

    /** Goes from one lane to the next by the index, so that it costs little to know them all. */
    private Stream<String> lanes(String where, String... values) {
        UnaryOperator<@Nullable String> next = last -> new Query("select min(lane) from " + where + " lane > ?")
                .bind((Object[]) values)
                .bind(last)
                .first(sql, Row::textOrNull);
        return Stream.iterate(next.apply(""), Objects::nonNull, next).filter(filter::matches);
    }
}
