package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Message;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The work queue within the table of messages. Of each conversation one message is the head; only heads are claimed, so
 * that a claim is an index range however long the queue is.
 */
final class Queue {

    /** Not yet looked at by the owner of the lane. */
    static final int NEW = 0;
    /** May be claimed when it is due. */
    static final int HEAD = 1;
    /** Behind another message of its conversation. */
    static final int BEHIND = 2;
    /** Joins its conversation when it is due. */
    static final int NOT_BEFORE = 3;
    /** An attempt is being made. */
    static final int SENDING = 4;
    /** A head whose batch is paused. */
    static final int ASIDE = 5;
    /** Waits for the message that begins its conversation. */
    static final int AWAITS = 6;

    /** The band of single messages. */
    static final int SINGLE = 0;
    /** The band of messages of a batch. */
    static final int OF_A_BATCH = 1;

    private static final int PLACED_AT_ONCE = 1000;
    private static final int PROBES_LOOKED_AT = 5_000;
    private static final String CLAIMED =
            "seq, body, attempts, tries, ambiguous, trace, batch, reply_to, correlation, run";
    private static final String DUE =
            " from message where lane = ? and api = ? and band = ? and place = 1 and due <= ?";
    private static final String HELD = "in (select id from batch where paused = 1)";
    private static final String FIRST = " order by due, position limit ?";
    private static final String HEADS = DUE + " and (batch is null or batch not " + HELD + ")" + FIRST;

    private Queue() {}

    /** Puts into the queue some of what has come in, or has become due, since the owner last looked; returns how many. */
    static int place(Transaction transaction, String lane) {
        List<Unplaced> unplaced = new ArrayList<>(unplaced(transaction, lane, NEW, Long.MAX_VALUE));
        unplaced.addAll(unplaced(transaction, lane, NOT_BEFORE, Clock.now()));
        for (Unplaced each : unplaced) {
            transaction
                    .sql()
                    .update(
                            "update message set place = ?, position = ?, due = ? where seq = ?",
                            each.conversation == null ? HEAD : BEHIND,
                            each.place == NEW ? each.position : transaction.nextSeq(),
                            Clock.steady(),
                            each.seq);
            advance(transaction, lane, each.api, each.conversation);
        }
        return unplaced.size();
    }

    private record Unplaced(long seq, String api, @Nullable String conversation, int place, long position) {}

    private static List<Unplaced> unplaced(Transaction transaction, String lane, int place, long due) {
        return transaction
                .sql()
                .list(
                        "select seq, api, conversation, position from message"
                                + " where lane = ? and place in (0, 3, 5) and place = ? and due <= ?"
                                + (place == NEW ? " order by position" : " order by due, seq") + " limit ?",
                        row -> new Unplaced(row.getLong(1), row.getString(2), row.getString(3), place, row.getLong(4)),
                        lane,
                        place,
                        due,
                        PLACED_AT_ONCE);
    }

    /** Returns those of some conversations that have a head, or a message without a place yet: what comes now stands behind it. */
    static List<String> held(Transaction transaction, String lane, String api, List<String> conversations) {
        return transaction
                .sql()
                .listIn(
                        // one look into the index for each, whatever a database without statistics thinks of it
                        "with asked (id) as (values (?)*) select id from asked where (select 1 from message"
                                + " where lane = ? and api = ? and conversation = asked.id and place in (0, 1, 4, 5)"
                                + " limit 1) = 1",
                        row -> row.getString(1),
                        conversations,
                        lane,
                        api);
    }

    /**
     * Makes the next message of a conversation its head, unless it has one: what ended may have stood behind it.
     *
     * @return whether there is a new head
     */
    static boolean advance(Transaction transaction, String lane, String api, @Nullable String conversation) {
        if (conversation == null) {
            return false;
        }
        long now = Clock.steady();
        int moved = transaction
                .sql()
                .update(
                        "update message set place = 1, due = case when due > ? then ? else due end where seq = (select seq from message where lane = ?"
                                + " and api = ? and conversation = ? and place = 2 order by position limit 1)"
                                + " and not exists (select 1 from message where lane = ? and api = ?"
                                + " and conversation = ? and place in (1, 4, 5))",
                        now,
                        now,
                        lane,
                        api,
                        conversation,
                        lane,
                        api,
                        conversation);
        return moved > 0;
    }

    /**
     * Claims due heads: of each api its share, singles and batches by halves.
     *
     * @param epoch of the owner
     * @param turn who gets the odd one: where there is one slot, neither may always be the first
     */
    static List<Claimed> claim(Transaction transaction, String lane, List<Share> shares, long epoch, int turn) {
        var claimed = new ArrayList<Claimed>();
        long now = Clock.steady();
        for (Share share : shares) {
            List<Claimed> heads =
                    share.probe() == null ? due(transaction, lane, share, turn, now) : probe(transaction, lane, share);
            heads.forEach(head -> claimed.add(head.in(epoch)));
        }
        mark(transaction, claimed, epoch);
        return List.copyOf(claimed);
    }

    private static List<Claimed> due(Transaction transaction, String lane, Share share, int turn, long now) {
        List<Claimed> singles = heads(transaction, lane, share.api(), SINGLE, now, share.most());
        List<Claimed> batches = heads(transaction, lane, share.api(), OF_A_BATCH, now, share.most());
        int ofBatches =
                Math.min(batches.size(), Math.max(share.most() - singles.size(), (share.most() + (turn & 1)) / 2));
        var claimed = new ArrayList<>(singles.subList(0, Math.min(singles.size(), share.most() - ofBatches)));
        claimed.addAll(batches.subList(0, ofBatches));
        return claimed;
    }

    /**
     * Looks among many heads for one to probe with, whenever it is due: rather one that does no harm, then one that was not
     * attempted before, as another may fail by itself.
     */
    private static List<Claimed> probe(Transaction transaction, String lane, Share share) {
        Predicate<String> harmless = Objects.requireNonNull(share.probe());
        return Stream.of(SINGLE, OF_A_BATCH)
                .flatMap(band -> probes(transaction, lane, share.api(), band).stream())
                .min(Comparator.comparing((Probe head) -> !harmless.test(head.operation))
                        .thenComparing(Probe::attempted))
                .map(head -> claimable(transaction, head.seq, share.api()))
                .map(List::of)
                .orElse(List.of());
    }

    private record Probe(long seq, String operation, boolean attempted) {}

    private static List<Probe> probes(Transaction transaction, String lane, String api, int band) {
        return transaction
                .sql()
                .list(
                        "select seq, operation, attempts" + HEADS,
                        row -> new Probe(row.getLong(1), row.getString(2), row.getInt(3) > 0),
                        lane,
                        api,
                        band,
                        Long.MAX_VALUE,
                        PROBES_LOOKED_AT);
    }

    private static Claimed claimable(Transaction transaction, long seq, String api) {
        return transaction
                .sql()
                .first("select " + CLAIMED + " from message where seq = ?", row -> claimed(row, api), seq)
                .orElseThrow();
    }

    private static List<Claimed> heads(Transaction transaction, String lane, String api, int band, long now, int most) {
        return transaction
                .sql()
                .list("select " + CLAIMED + HEADS, row -> claimed(row, api), lane, api, band, now, most);
    }

    private static Claimed claimed(ResultSet row, String api) throws SQLException {
        return new Claimed(
                row.getLong(1),
                new Message((ObjectNode) View.json(row.getString(2))),
                api,
                row.getInt(3) + 1,
                row.getInt(4),
                row.getInt(5) == 1,
                row.getString(6),
                0,
                new Claimed.Rest(row.getString(7), row.getString(8), row.getString(9), Statements.number(row, 10)));
    }

    private static void mark(Transaction transaction, List<Claimed> claimed, long epoch) {
        transaction
                .sql()
                .updateIn(
                        "update message set state = 'sending', place = 4, attempts = attempts + 1, epoch = ? where seq in (?*)",
                        claimed.stream().map(Claimed::seq).toList(),
                        epoch);
    }

    /** Returns due heads of batches that are paused. */
    static List<Long> ofPaused(Transaction transaction, String lane, String api, int most) {
        return transaction
                .sql()
                .list(
                        "select seq" + DUE + " and batch " + HELD + FIRST,
                        row -> row.getLong(1),
                        lane,
                        api,
                        OF_A_BATCH,
                        Clock.steady(),
                        most);
    }

    /** Returns which batches have messages that were put aside. */
    static Set<String> batchesAside(Handle handle, String lane) {
        return handle.createQuery(
                        "select distinct batch from message where lane = :lane and place = 5 and place in (0, 3, 5)")
                .bind("lane", lane)
                .mapTo(String.class)
                .set();
    }

    /** Returns messages of a batch that were put aside. */
    static List<Long> aside(Handle handle, String lane, String batch, int most) {
        return handle.createQuery("select seq from message where lane = :lane and place = 5 and place in (0, 3, 5)"
                        + " and batch = :batch limit :most")
                .bind("lane", lane)
                .bind("batch", batch)
                .bind("most", most)
                .mapTo(Long.class)
                .list();
    }

    /** Puts back what was claimed in an epoch that still lasts, and is not being attempted: nobody heard of that claim. */
    static void release(Handle handle, String lane, long epoch, Set<Long> inFlight) {
        handle
                .createQuery("select seq from message where lane = :lane and epoch = :epoch and state = 'sending'"
                        + " and place is not null")
                .bind("lane", lane)
                .bind("epoch", epoch)
                .mapTo(Long.class)
                .list()
                .stream()
                .filter(seq -> !inFlight.contains(seq))
                .forEach(seq -> handle.createUpdate("update message set place = 1, attempts = attempts - 1,"
                                + " state = case when attempts = 1 then 'accepted' else 'waiting' end where seq = :seq")
                        .bind("seq", seq)
                        .execute());
    }

    /**
     * Makes heads due that would be due later only because the clock has been set back since: it was a wrong one that ran ahead.
     * Those behind them are due by now when they become heads. However many there are, the index of claims finds these.
     */
    static void dueByNow(Transaction transaction, String lane) {
        for (String api = api(transaction, lane, ""); api != null; api = api(transaction, lane, api)) {
            for (int band = SINGLE; band <= OF_A_BATCH; band++) {
                transaction
                        .sql()
                        .update(
                                "update message set due = ? where lane = ? and api = ? and band = ? and place = 1 and due > ?"
                                        + " and (state = 'accepted' or exists (select 1 from attempt"
                                        + " where attempt.seq = message.seq and number = attempts and ended_at > ?))",
                                Clock.steady(),
                                lane,
                                api,
                                band,
                                Clock.steady(),
                                Clock.now());
            }
        }
    }

    /** Goes from one api of a lane to the next by an index. */
    private static @Nullable String api(Transaction transaction, String lane, String after) {
        return transaction
                .sql()
                .first(
                        "select api from message where lane = ? and api > ? and place is not null order by api limit 1",
                        row -> row.getString(1),
                        lane,
                        after)
                .orElse(null);
    }

    /** Returns how many milliseconds it is until the next head of a lane is due; the greatest number where there is none. */
    static long untilDue(Handle handle, String lane, Collection<String> apis) {
        long notBefore = handle.createQuery(
                        "select min(due) from message where lane = :lane and place = 3 and place in (0, 3, 5)")
                .bind("lane", lane)
                .mapTo(Long.class)
                .findFirst()
                .map(due -> due - Clock.now())
                .orElse(Long.MAX_VALUE);
        return apis.stream()
                .flatMap(api -> Stream.of(SINGLE, OF_A_BATCH).map(band -> nextDue(handle, lane, api, band)))
                .filter(due -> due < Long.MAX_VALUE)
                .map(due -> due - Clock.steady())
                .reduce(notBefore, Math::min);
    }

    private static long nextDue(Handle handle, String lane, String api, int band) {
        return handle.createQuery(
                        "select due from message where lane = :lane and api = :api and band = :band and place = 1"
                                + " order by due limit 1")
                .bind("lane", lane)
                .bind("api", api)
                .bind("band", band)
                .mapTo(Long.class)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
