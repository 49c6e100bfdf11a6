package dev.switchboard.queue;

import dev.switchboard.database.Clock;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.database.Transaction;
import dev.switchboard.message.Message;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The order of the work of a lane. Of each conversation one message is the head; only heads are claimed, so that a claim is an
 * index range however long the queue is.
 */
public final class Queue {

    /** The band of single messages. */
    public static final int SINGLE = 0;
    /** The band of messages of a batch. */
    public static final int OF_A_BATCH = 1;

    private static final int PLACED_AT_ONCE = 1000;
    private static final int PROBES_LOOKED_AT = 5_000;

    /** SQLite uses an index of some rows where its condition is repeated, behind what is looked for in it. */
    static final String UNPLACED = " and " + Stage.in(Stage.NEW, Stage.NOT_BEFORE, Stage.HELD);

    private static final String OF_UNPLACED = "select seq, api, conversation, position from work where lane = ? and ";
    private static final String ALL_NEW = OF_UNPLACED + Stage.NEW.is() + UNPLACED + " order by position limit ?";
    private static final String ALL_DUE =
            OF_UNPLACED + Stage.NOT_BEFORE.is() + UNPLACED + " and due <= ? order by due, seq limit ?";
    private static final String PLACE_READY =
            "update work set " + Stage.READY.set() + ", position = ?, due = ? where lane = ? and seq = ?";
    private static final String PLACE_BEHIND =
            "update work set " + Stage.BEHIND.set() + ", position = ?, due = ? where lane = ? and seq = ?";
    private static final String ADVANCE =
            "update work set " + Stage.READY.set() + ", due = case when due > ? then ? else due end where lane = ? and"
                    + " seq = (select seq from work where lane = ? and api = ? and"
                    + " conversation = ? and front = 0 order by position limit 1) and"
                    + " not exists (select 1 from work where lane = ? and api = ? and"
                    + " conversation = ? and front = 1)";
    /** Heads of a band that are due, and first those that have been for longest. */
    static final String DUE =
            " where work.lane = ? and work.api = ? and band = ? and " + Stage.READY.is() + " and due <= ?";

    static final String PAUSED = "in (select id from batch where paused = 1)";
    static final String FIRST = " order by due, position limit ?";
    private static final String HEADS = DUE + " and (work.batch is null or work.batch not " + PAUSED + ")" + FIRST;
    private static final String CLAIMED =
            "select work.seq, body, attempts, tries, uncertain, trace, work.batch, reply_to,"
                    + " correlation, run from work cross join message";
    private static final String OF_WORK = " and message.seq = work.seq";
    private static final String CLAIM = CLAIMED + HEADS.replace(FIRST, OF_WORK + FIRST);
    private static final String CLAIM_ONE = CLAIMED + " where work.lane = ? and work.seq = ?" + OF_WORK;
    private static final String PROBES = "select seq, operation, attempts > 0 from (select work.seq, attempts from work"
            + HEADS + ") as heads join message using (seq)";
    private static final String MARK = "update work set " + Stage.SENDING.set()
            + ", attempts = attempts + 1, epoch = ? where lane = ? and seq in (?*)";

    private Queue() {}

    private record Unplaced(long seq, String api, @Nullable String conversation, long position) {}

    /** Puts into the queue some of what has come in, or has become due, since the owner last looked; returns how many. */
    public static int place(Transaction transaction, String lane) {
        Sql sql = transaction.sql();
        List<Unplaced> fresh = sql.list(ALL_NEW, Row.as(Unplaced.class), lane, PLACED_AT_ONCE);
        List<Unplaced> due = sql.list(ALL_DUE, Row.as(Unplaced.class), lane, Clock.now(), PLACED_AT_ONCE);
        fresh.forEach(each -> place(transaction, lane, each, each.position));
        due.forEach(each -> place(transaction, lane, each, transaction.nextSeq()));
        return fresh.size() + due.size();
    }

    private static void place(Transaction transaction, String lane, Unplaced each, long position) {
        String place = each.conversation == null ? PLACE_READY : PLACE_BEHIND;
        transaction.update(place, position, Clock.steady(), lane, each.seq);
        advance(transaction, lane, each.api, each.conversation);
    }

    /** Returns those of some conversations that have a head, or a message without a place yet: what comes now stands behind it. */
    public static List<String> withFront(Transaction transaction, String lane, String api, List<String> conversations) {
        return with(transaction, 1, lane, api, conversations);
    }

    private static List<String> with(
            Transaction transaction, int front, String lane, String api, List<String> conversations) {
        // one look into the index for each, whatever a database without statistics thinks of it
        return transaction
                .sql()
                .listIn(
                        "with asked (id) as (values (?)*) select id from asked where (select 1 from work"
                                + " where lane = ? and api = ? and conversation = asked.id and front = ? limit 1) = 1",
                        Row::text,
                        conversations,
                        lane,
                        api,
                        front);
    }

    /** Makes the next messages of some conversations their heads, each unless there is one; wakes the lane where there is a new one. */
    public static void advance(Transaction transaction, String lane, String api, List<String> conversations) {
        List<String> more = conversations.size() == 1 ? conversations : with(transaction, 0, lane, api, conversations);
        if (more.stream().filter(each -> advance(transaction, lane, api, each)).count() > 0) {
            transaction.wake(lane);
        }
    }

    /**
     * Makes the next message of a conversation its head, unless there is one or one without a place yet: what ended may have stood
     * behind it.
     *
     * @return whether there is a new head
     */
    static boolean advance(Transaction transaction, String lane, String api, @Nullable String conversation) {
        if (conversation == null) {
            return false;
        }
        long now = Clock.steady();
        int moved = transaction.update(ADVANCE, now, now, lane, lane, api, conversation, lane, api, conversation);
        return moved > 0;
    }

    /**
     * Claims due heads: of each api its share, singles and batches by halves.
     *
     * @param epoch of the owner
     * @param turn who gets the odd one: where there is one slot, neither may always be the first
     */
    public static List<Claimed> claim(Transaction transaction, String lane, List<Share> shares, long epoch, int turn) {
        var claimed = new ArrayList<Claimed>();
        long now = Clock.steady();
        for (Share share : shares) {
            List<Claimed> heads = share.probe() == null
                    ? due(transaction.sql(), lane, share, turn, now)
                    : probe(transaction.sql(), lane, share);
            heads.forEach(head -> claimed.add(head.in(epoch)));
        }
        transaction.sql().updateIn(MARK, claimed.stream().map(Claimed::seq).toList(), epoch, lane);
        return List.copyOf(claimed);
    }

    private static List<Claimed> due(Sql sql, String lane, Share share, int turn, long now) {
        int most = share.most();
        List<Claimed> singles = heads(sql, lane, share.api(), SINGLE, now, most);
        List<Claimed> batches = heads(sql, lane, share.api(), OF_A_BATCH, now, most);
        int ofBatches = Math.min(batches.size(), Math.max(most - singles.size(), (most + (turn & 1)) / 2));
        var claimed = new ArrayList<>(singles.subList(0, Math.min(singles.size(), most - ofBatches)));
        claimed.addAll(batches.subList(0, ofBatches));
        return claimed;
    }

    private static List<Claimed> heads(Sql sql, String lane, String api, int band, long now, int most) {
        return sql.list(CLAIM, row -> claimed(row, api), lane, api, band, now, most);
    }

    private record Probe(long seq, String operation, boolean attempted) {}

    /**
     * Looks among many heads for one to probe with, whenever it is due: rather one that does no harm, then one that was not
     * attempted before, as another may fail by itself.
     */
    private static List<Claimed> probe(Sql sql, String lane, Share share) {
        Predicate<String> harmless = Objects.requireNonNull(share.probe());
        return Stream.of(SINGLE, OF_A_BATCH)
                .flatMap(
                        band -> sql
                                .list(
                                        PROBES,
                                        Row.as(Probe.class),
                                        lane,
                                        share.api(),
                                        band,
                                        Long.MAX_VALUE,
                                        PROBES_LOOKED_AT)
                                .stream())
                .min(Comparator.comparing((Probe head) -> !harmless.test(head.operation))
                        .thenComparing(Probe::attempted))
                .flatMap(head -> sql.first(CLAIM_ONE, row -> claimed(row, share.api()), lane, head.seq))
                .map(List::of)
                .orElse(List.of());
    }

    private static Claimed claimed(Row row, String api) throws SQLException {
        return new Claimed(
                row.number(),
                Message.kept(row.text()),
                api,
                row.count() + 1,
                row.count(),
                row.flag(),
                row.textOrNull(),
                0,
                new Claimed.Rest(row.textOrNull(), row.textOrNull(), row.textOrNull(), row.numberOrNull()));
    }

    /** Returns how many milliseconds it is until the next message of a lane is due; the greatest number where there is not one. */
    public static long untilDue(Sql sql, String lane, Collection<String> apis) {
        long notBefore = sql.first(
                        "select due from work where lane = ? and " + Stage.NOT_BEFORE.is() + UNPLACED
                                + " order by due limit 1",
                        row -> row.number() - Clock.now(),
                        lane)
                .orElse(Long.MAX_VALUE);
        return apis.stream()
                .flatMap(api -> Stream.of(SINGLE, OF_A_BATCH)
                        .flatMap(band -> sql
                                .first(
                                        "select due from work where lane = ? and api = ? and band = ? and "
                                                + Stage.READY.is() + " order by due limit 1",
                                        row -> row.number() - Clock.steady(),
                                        lane,
                                        api,
                                        band)
                                .stream()))
                .reduce(notBefore, Math::min);
    }
}
