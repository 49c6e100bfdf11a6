package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.outbox.Outbox;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Share;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One of everything that a store can hold of what messages, vendors and files say, each text marked as such. */
final class Contents {

    /** Is in every text. */
    static final String MARK = "SECRET-CONTENT";

    private final Store store;

    Contents(Store store) {
        this.store = store;
        store.lanes()
                .own(StoreTest.LANE, operation -> false, failure(), Set.of())
                .join();
    }

    private static String marked(String text) {
        return MARK + " of " + text;
    }

    private static Outcome.Failure failure() {
        return new Outcome.Failure(
                FailureClass.INVALID, "-1", marked("the vendor"), marked("a meaning"), false, "invalid");
    }

    private static Outcome outcome(State state, Disposition disposition, Outcome.@Nullable Failure failure) {
        var tried = new Outcome.Tried(
                Instant.now(),
                disposition,
                200,
                "0",
                marked("the vendor"),
                "{\"body\":\"" + marked("a request") + "\"}",
                marked("an answer"));
        ObjectNode result = JsonNodeFactory.instance.objectNode().put("transcript", marked("a result"));
        return new Outcome(state, 0, true, false, tried, failure, state == State.DELIVERED ? result : null);
    }

    /** Writes messages that wait, are delivered, failed, were tried again, and a file with rows that are no messages. */
    void write() {
        accept("delivered");
        finish(outcome(State.DELIVERED, Disposition.DELIVERED, null));
        accept("dead");
        finish(outcome(State.DEAD, Disposition.DEAD_LETTER, failure()));
        Outbox.Entry entry = store.outbox().due("dead-letters:invalid", 1).get(0);
        store.outbox().failed(entry.seq(), marked("an error"), 0, false).join();
        accept("replayed");
        finish(outcome(State.DEAD, Disposition.DEAD_LETTER, failure()));
        accept("waiting");
        finish(outcome(State.WAITING, Disposition.RETRY, failure()));
        store.messages().replay("replayed", 60_000).join();
        Batch batch = store.batches()
                .begin(new Batch.Origin("a.csv", "a.csv", "files", "", null))
                .join();
        store.batches().describe(batch.id(), marked("a header")).join();
        store.batches()
                .accept(new BatchChunk(
                        batch.id(),
                        2,
                        List.of(incoming("delivered", "another text")),
                        i -> marked("a repeated row"),
                        List.of(new Batch.Row(1, "invalid", null, marked("a fault"), marked("a row"))),
                        further -> {}))
                .join();
        store.batches().end(batch.id(), marked("a reason")).join();
        store.lanes()
                .stopCircuit(
                        StoreTest.LANE, "chat", marked("why"), Map.of("a", "b"), Outbox.headers("why", marked("why")))
                .join();
    }

    static void assertUnreadable(Path file) throws IOException {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).contains(MARK))
                .as(file.toString())
                .isFalse();
    }

    /** Does what the background does. */
    static void encryptAll(Store store) {
        while (store.retention().encrypt().join()) {
            // there is more
        }
    }

    private void accept(String id) {
        store.messages().accept(List.of(incoming(id, "a message"))).join();
    }

    private static Incoming incoming(String id, String text) {
        ObjectNode json =
                StoreTest.json(id, "c-" + id).put("text", marked(text)).put("customerId", "customer");
        var source = new Incoming.Source("queue", null, 2L, "replies", "correlation", null, null);
        return new Incoming(new Message(json), "chat", System.currentTimeMillis() + 60_000, source);
    }

    private void finish(Outcome outcome) {
        Claimed claimed = store.lanes()
                .claim(StoreTest.LANE, List.of(new Share("chat", 1, null)))
                .join()
                .get(0);
        store.lanes().finish(claimed, outcome).join();
    }

    /** Reads everything back. */
    void read() {
        assertThat(view("delivered"))
                .contains(marked("a message"), marked("a result"), marked("a request"), marked("an answer"));
        assertThat(view("dead")).contains(marked("a message"), marked("the vendor"), marked("a meaning"));
        assertThat(view("replayed")).contains(marked("a message"), marked("the vendor"), marked("an answer"));
        assertThat(view("waiting")).contains(marked("a message"), marked("a meaning"), marked("a request"));
        assertThat(Stream.of("dead-letters:invalid", "outbox:replies", "outbox:events")
                        .flatMap(topic -> store.outbox().due(topic, 100).stream()))
                .isNotEmpty()
                .allMatch(entry -> entry.body().contains(MARK));
        Batch batch = store.batches().list(null, null, 1).get(0);
        assertThat(batch.toString()).contains(marked("a header"), marked("a reason"));
        store.batches()
                .eachRejected(
                        batch.id(),
                        row -> assertThat(row.toString()).containsAnyOf(marked("a row"), marked("a repeated row")));
        assertThat(store.lanes().stoppedCircuit(StoreTest.LANE, "chat", Map.of("a", "b")))
                .contains(marked("why"));
        assertThat(store.messages()
                        .accept(List.of(incoming("dead", "a message"), incoming("dead", "another")))
                        .join())
                .extracting(Accepted::kind)
                .containsExactly(Accepted.Kind.DUPLICATE, Accepted.Kind.CONFLICT);
    }

    private String view(String id) {
        return store.messages().find(id).orElseThrow().toString();
    }
}
