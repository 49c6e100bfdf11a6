package dev.switchboard.store;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Row;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Outcome;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What a message of a file leaves in a store when it is delivered: bytes, and on PostgreSQL what its server had to do for it. */
public final class StoredMessages {

    private static final int CHUNK = 100;
    private static final int SLOTS = 32;
    private static final String TEXT = "Dear customer, your order has left our house and is on its way. ".repeat(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final String lane;
    private final boolean server;
    private final Function<Claimed, Outcome> outcome;

    public StoredMessages(Store store, String lane, boolean server, Function<Claimed, Outcome> outcome) {
        this.store = store;
        this.lane = lane;
        this.server = server;
        this.outcome = outcome;
    }

    /**
     * What a message leaves.
     *
     * @param bytes in the tables and indexes
     * @param log bytes of PostgreSQL's log
     */
    public record Left(long bytes, long log) {}

    /** Takes messages in by a file, and delivers each; returns what one of them leaves. */
    public Left deliver(int count) {
        long bytes = bytes();
        long log = log();
        Batch batch = store.batches()
                .begin(new Batch.Origin("stored.jsonl", "stored.jsonl", "", "", null))
                .join();
        for (int from = 0; from < count; from += CHUNK) {
            accept(batch, from);
            deliver();
        }
        return new Left((bytes() - bytes) / count, (log() - log) / count);
    }

    public void print(int count) throws InterruptedException {
        Left left = deliver(count);
        System.out.printf(
                Locale.ROOT,
                "%n%,d messages of 350 bytes with a label, by file, delivered: %,d bytes a message in the store",
                count,
                left.bytes);
        if (server) {
            System.out.printf(Locale.ROOT, ", %,d of the log", left.log);
            Thread.sleep(3_000); // until the server's figures are what they should be
            System.out.println("""


                    | table | inserted | updated | of these HOT | deleted | dead now |
                    |---|---|---|---|---|---|""");
            store.read(sql -> sql.list(
                            "select relname, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del, n_dead_tup from"
                                    + " pg_stat_user_tables where n_tup_ins > 10 order by relname",
                            StoredMessages::line))
                    .forEach(System.out::println);
        }
        System.out.println();
    }

    private static String line(Row row) throws java.sql.SQLException {
        return String.format(
                Locale.ROOT,
                "| `%s` | %,d | %,d | %,d | %,d | %,d |",
                row.text(),
                row.number(),
                row.number(),
                row.number(),
                row.number(),
                row.number());
    }

    private void accept(Batch batch, int from) {
        var chunk = new ArrayList<Incoming>();
        for (int i = from; i < from + CHUNK; i++) {
            chunk.add(incoming(batch, i));
        }
        store.batches()
                .accept(new BatchChunk(batch.id(), from + (long) CHUNK, chunk, i -> "", List.of(), further -> {}))
                .join();
    }

    private Incoming incoming(Batch batch, int i) {
        ObjectNode json = JSON.createObjectNode();
        json.put("id", MessageId.next())
                .put("vendor", lane.substring(0, lane.indexOf('/')))
                .put("account", lane.substring(lane.indexOf('/') + 1))
                .put("operation", "send")
                .put("conversationId", "room-" + (1_000_000 + i))
                .put("customerId", "user-" + (1_000_000 + i))
                .put("type", "text")
                .put("text", TEXT)
                .putObject("labels")
                .put("campaign", "autumn");
        var source = new Incoming.Source("file", batch.id(), (long) i + 1, null, null, null, null);
        return new Incoming(new Message(json), "biz", System.currentTimeMillis() + 259_200_000L, source);
    }

    private void deliver() {
        int left = CHUNK;
        while (left > 0) {
            List<Claimed> claimed = store.lanes()
                    .claim(lane, List.of(new Share("biz", SLOTS, null)))
                    .join();
            CompletableFuture.allOf(claimed.stream()
                            .map(each -> store.lanes().finish(each, outcome.apply(each)))
                            .toArray(CompletableFuture[]::new))
                    .join();
            left -= claimed.size();
        }
    }

    private long bytes() {
        return store.read(sql -> sql.number(
                server
                        ? "select pg_database_size(current_database())"
                        : "select (c.page_count - f.freelist_count) * s.page_size"
                                + " from pragma_page_count() c, pragma_freelist_count() f, pragma_page_size() s"));
    }

    private long log() {
        return server ? store.read(sql -> sql.number("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) : 0;
    }
}
