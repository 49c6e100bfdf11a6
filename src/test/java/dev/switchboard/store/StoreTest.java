package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.access.AccessStore;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.database.Query;
import dev.switchboard.database.Row;
import dev.switchboard.database.Sql;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Group;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.Refused;
import dev.switchboard.message.State;
import dev.switchboard.message.WaitReason;
import dev.switchboard.outbox.Outbox;
import dev.switchboard.ownership.Ownership;
import dev.switchboard.queue.ArrivalClaimer;
import dev.switchboard.queue.Claimed;
import dev.switchboard.queue.Pause;
import dev.switchboard.queue.Share;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store promises, on whichever database. */
@Timeout(30)
abstract class StoreTest {

    static final String LANE = "acme/default";

    private final List<Batch.Row> beyond = new CopyOnWriteArrayList<>();
    private static final List<String> APIS = List.of("chat", "other");
    private static final Outcome.Failure CUT_OFF = failure(FailureClass.UNCERTAIN, true);

    /** Returns the address of a database that is this test's own. */
    abstract String url();

    private Store store;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(url(), "postgres", "");
        own();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void own() {
        assertThat(own(store)).isTrue();
    }

    boolean own(Store process, Long... inFlight) {
        return ownership(process, inFlight) != Ownership.ELSEWHERE;
    }

    Ownership ownership(Store process, Long... inFlight) {
        return process.lanes()
                .own(LANE, operation -> operation.equals("end"), CUT_OFF, Set.of(inFlight))
                .join();
    }

    Store store() {
        return store;
    }

    Store anotherProcess() {
        return Store.open(url(), "postgres", "");
    }

    private void restart() {
        store.close();
        store = Store.open(url(), "postgres", "");
    }

    static ObjectNode json(String id, String conversation) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("vendor", "acme")
                .put("account", "default")
                .put("operation", "send");
        return conversation.isEmpty() ? json : json.put("conversationId", conversation);
    }

    static Incoming incoming(ObjectNode json) {
        return incoming(json, "chat", Incoming.Source.of("rest", null));
    }

    private static Incoming incoming(ObjectNode json, String api, Incoming.Source source) {
        return new Incoming(new Message(json), api, System.currentTimeMillis() + 60_000, source);
    }

    static Incoming ofBatch(ObjectNode json, String batch, long line) {
        return ofBatch(json, batch, line, null);
    }

    private static Incoming ofBatch(ObjectNode json, String batch, long line, @Nullable String sender) {
        return incoming(json, "chat", new Incoming.Source("file", batch, line, null, null, null, sender));
    }

    private BatchChunk chunk(Batch batch, long records, List<Incoming> incoming, Batch.Row... invalid) {
        return new BatchChunk(batch.id(), records, incoming, i -> "raw " + i, List.of(invalid), beyond::addAll);
    }

    Accepted.Kind accept(ObjectNode json) {
        return accept(incoming(json));
    }

    private Accepted.Kind accept(Incoming incoming) {
        return store.messages().accept(List.of(incoming)).join().get(0).kind();
    }

    List<Claimed> claim(int most) {
        return store.lanes()
                .claim(
                        LANE,
                        APIS.stream().map(api -> new Share(api, most, null)).toList())
                .join();
    }

    List<String> claimedIds() {
        return claim(100).stream().map(each -> each.message().id()).toList();
    }

    private static Outcome.Failure failure(FailureClass failureClass, boolean maybe) {
        return new Outcome.Failure(failureClass, "-1", "words", "A meaning.", maybe, failureClass.toString());
    }

    private static Outcome.Tried tried(Disposition disposition) {
        return new Outcome.Tried(Instant.now(), disposition, 200, "0", null, "{\"method\":\"POST\"}", null);
    }

    static Outcome delivered() {
        return new Outcome(
                State.DELIVERED,
                0,
                true,
                false,
                tried(Disposition.DELIVERED),
                null,
                JsonNodeFactory.instance.objectNode().put("roomId", "r"));
    }

    private static Outcome waiting(long delay, boolean uncertain) {
        return new Outcome(State.WAITING, delay, true, uncertain, tried(Disposition.RETRY), null, null);
    }

    static Outcome dead(FailureClass failureClass) {
        return new Outcome(
                State.DEAD, 0, true, false, tried(Disposition.DEAD_LETTER), failure(failureClass, false), null);
    }

    void finish(Claimed claimed, Outcome outcome) {
        store.lanes().finish(claimed, outcome).join();
    }

    String state(String id) {
        return store.messages().state(id).orElseThrow().toString();
    }

    private List<String> topics() {
        return store.read(sql -> sql.list("select topic || ' ' || subject from outbox order by seq", Row::text));
    }

    // accepting

    @Test
    void aListenerThatFailsKeepsNoLaneFromWhatItHasClaimed() {
        List<String> attempted = new CopyOnWriteArrayList<>();
        store.listen(new StoreListener() {
            @Override
            public void committed(int changes, long nanos) {
                throw new IllegalStateException("a listener");
            }
        });
        store.lanes().onArrival(LANE, new ArrivalClaimer() {
            @Override
            public Collection<String> apis() {
                return APIS;
            }

            @Override
            public Place take(String api) {
                return new Place() {
                    @Override
                    public void attempt(Claimed claimed) {
                        attempted.add(claimed.message().id());
                    }

                    @Override
                    public void giveBack() {
                        attempted.add("given back");
                    }
                };
            }

            @Override
            public void caughtUp() {
                // it has
            }
        });
        accept(json("m", "c"));
        assertThat(attempted).containsExactly("m");
    }

    @Test
    void whatIsShownOfANewMessageIsWhatIsFoundOfIt() {
        ObjectNode later = json("later", "c").put("notBefore", "2099-01-02T03:04:05.678901+01:00");
        later.putObject("labels").put("campaign", "spring");
        for (Incoming each : List.of(
                incoming(json("plain", "")),
                incoming(later),
                incoming(json("line", "c"), "chat", new Incoming.Source("file", "b", 7L, null, null, null, "key")))) {
            ObjectNode shown =
                    store.messages().accept(List.of(each)).join().get(0).view(each);
            ObjectNode found = store.messages().find(each.message().id()).orElseThrow();
            assertThat(Duration.between(due(shown), due(found)))
                    .isBetween(Duration.ofMillis(-50), Duration.ofMillis(50));
            shown.put("dueAt", found.path("dueAt").asText());
            assertThat(shown.toString()).isEqualTo(found.toString());
        }
    }

    private static Instant due(JsonNode view) {
        return Instant.parse(view.path("dueAt").asText());
    }

    @Test
    void theSameMessageIsKeptOnceAndAnotherOfItsIdIsAConflict() {
        assertThat(accept(json("m", "c"))).isEqualTo(Accepted.Kind.NEW);
        assertThat(accept(json("m", "c"))).isEqualTo(Accepted.Kind.DUPLICATE);
        assertThat(accept(json("m", "d"))).isEqualTo(Accepted.Kind.CONFLICT);
        assertThat(claimedIds()).containsExactly("m");
    }

    @Test
    void ofManyInOneChunkEachIsKeptAsItIs() {
        var messages = new ArrayList<ObjectNode>();
        for (int i = 0; i < 100; i++) {
            ObjectNode json = json("m" + i, i % 2 == 0 ? "c" + i % 3 : "").put("text", "text " + i);
            if (i % 5 == 0) {
                json.put("customerId", "k" + i).putObject("labels").put("campaign", "spring-" + i);
            }
            if (i % 7 == 0) {
                json.put("notBefore", "2099-01-01T00:00:00Z");
            }
            messages.add(json);
        }
        List<Accepted> accepted = store.messages()
                .accept(messages.stream().map(StoreTest::incoming).toList())
                .join();
        assertThat(accepted).hasSize(100).allMatch(each -> each.kind() == Accepted.Kind.NEW);
        messages.forEach(json -> {
            String id = json.path("id").asText();
            JsonNode view = store.messages().find(id).orElseThrow();
            json.properties()
                    .forEach(field -> assertThat(view.get(field.getKey()))
                            .as(id + " " + field.getKey())
                            .isEqualTo(field.getValue()));
            assertThat(view.size() - json.size()).isEqualTo(5); // state, attempts, source, acceptedAt, dueAt
            assertThat(view.path("source").path("intake").asText()).isEqualTo("rest");
        });
        List<String> labels = store.read(sql -> sql.list("select value from label order by seq", Row::text));
        assertThat(labels).hasSize(20).startsWith("spring-0", "spring-5").endsWith("spring-95");
    }

    @Test
    void theSameMessageTwiceInOneChunkIsKeptOnce() {
        List<Accepted> accepted = store.messages()
                .accept(List.of(incoming(json("m", "c")), incoming(json("m", "c")), incoming(json("m", "d"))))
                .join();
        assertThat(accepted)
                .extracting(Accepted::kind)
                .containsExactly(Accepted.Kind.NEW, Accepted.Kind.DUPLICATE, Accepted.Kind.CONFLICT);
        assertThat(claimedIds()).containsExactly("m");
    }

    @Test
    void theOrderOfFieldsAndLabelsIsNoDifference() {
        ObjectNode one = json("m", "c");
        one.putObject("labels").put("a", "1").put("b", "2");
        ObjectNode other = JsonNodeFactory.instance.objectNode();
        other.putObject("labels").put("b", "2").put("a", "1");
        other.setAll(json("m", "c"));
        other.set("labels", other.remove("labels"));
        accept(one);
        assertThat(accept(other)).isEqualTo(Accepted.Kind.DUPLICATE);
    }

    @Test
    void whatWasAcceptedIsThereAfterARestart() {
        accept(json("m", "c"));
        restart();
        assertThat(state("m")).isEqualTo("accepted");
        assertThat(accept(json("m", "c"))).isEqualTo(Accepted.Kind.DUPLICATE);
    }

    // the conversation that another message begins

    static ObjectNode start(String id) {
        return json(id, "").put("operation", "start");
    }

    static ObjectNode following(String id, String start) {
        return json(id, "").put("conversationOf", start);
    }

    static Outcome begun(String conversation) {
        return new Outcome(
                State.DELIVERED,
                0,
                true,
                false,
                tried(Disposition.DELIVERED),
                null,
                JsonNodeFactory.instance.objectNode().put("conversationId", conversation));
    }

    private static Outcome lost() {
        return new Outcome(
                State.UNCERTAIN, 0, true, true, tried(Disposition.PARK), failure(FailureClass.UNCERTAIN, true), null);
    }

    private Claimed claimStart() {
        List<Claimed> claimed = claim(100);
        assertThat(claimed).extracting(each -> each.message().id()).containsExactly("start");
        return claimed.get(0);
    }

    private String meaning(String id) {
        return store.messages().find(id).orElseThrow().at("/failure/meaning").asText();
    }

    @Test
    void whatIsForAConversationThatIsBegunWaitsForItAndGoesInOrder() {
        accept(start("start"));
        List.of("1", "2").forEach(id -> accept(following(id, "start")));
        restart();
        own();
        Claimed start = claimStart();
        assertThat(state("1")).isEqualTo("accepted");
        finish(start, begun("room"));
        accept(json("3", "room"));
        for (String id : List.of("1", "2", "3")) {
            List<Claimed> next = claim(100);
            assertThat(next).extracting(each -> each.message().id()).containsExactly(id);
            assertThat(next.get(0).message().conversationId()).isEqualTo("room");
            finish(next.get(0), delivered());
        }
        assertThat(found(new Filter().conversation("room"))).containsExactly("3", "2", "1", "start");
        assertThat(accept(following("1", "start"))).isEqualTo(Accepted.Kind.DUPLICATE);
        assertThat(accept(json("1", "room"))).isEqualTo(Accepted.Kind.CONFLICT);
    }

    @Test
    void startAndWhatFollowsMayComeInOneCommitAndTheStartMayBeOverAlready() {
        store.messages()
                .accept(List.of(
                        incoming(following("1", "start")), incoming(start("start")), incoming(following("2", "start"))))
                .join();
        finish(claimStart(), begun("room"));
        accept(following("3", "start"));
        for (String id : List.of("1", "2", "3")) {
            List<Claimed> next = claim(100);
            assertThat(next).extracting(each -> each.message().id()).containsExactly(id);
            finish(next.get(0), delivered());
        }
    }

    @Test
    void whatFollowsIsDeadWhereNothingWasBegun() {
        accept(start("start"));
        accept(following("early", "start"));
        finish(claimStart(), dead(FailureClass.REFUSED));
        accept(following("late", "start"));
        accept(following("lost", "missing"));
        accept(start("other"));
        accept(following("of another lane", "other").put("account", "second"));
        finish(claim(1).get(0), delivered());
        accept(following("unknown", "other"));
        for (String id : List.of("early", "late", "lost", "of another lane", "unknown")) {
            assertThat(state(id)).as(id).isEqualTo("dead");
            assertThat(topics()).contains("outbox:failures " + id);
        }
        assertThat(meaning("early")).isEqualTo("The message start, whose conversation it is for, was not delivered.");
        assertThat(meaning("lost")).isEqualTo("There is no message missing, whose conversation it is for.");
        assertThat(meaning("unknown")).isEqualTo("The message other was delivered, but its conversation is not known.");
        assertThat(claimedIds()).isEmpty();
    }

    @Test
    void whatIsOfAnotherLaneTakesNoConversation() {
        accept(start("start"));
        accept(following("other", "start").put("account", "second"));
        finish(claimStart(), begun("room"));
        assertThat(state("other")).isEqualTo("dead");
        assertThat(meaning("other")).isEqualTo("The message start is of another lane, acme/default.");
    }

    @Test
    void anUncertainStartHoldsWhatFollowsUntilSomebodyClosesIt() {
        for (String closed : List.of("known", "unknown", "discarded", "replayed")) {
            accept(start(closed));
            accept(following("after " + closed, closed));
            finish(claim(1).get(0), lost());
            assertThat(state("after " + closed)).isEqualTo("accepted");
            assertThat(claimedIds()).isEmpty();
        }
        store.messages().resolve("known", "room").join();
        store.messages().resolve("unknown", null).join();
        store.messages().discard("discarded", "no one was there").join();
        store.messages().replay("replayed", 60_000).join();
        assertThat(state("after unknown")).isEqualTo("dead");
        assertThat(state("after discarded")).isEqualTo("dead");
        List<Claimed> next = claim(100);
        assertThat(next).extracting(each -> each.message().id()).containsExactlyInAnyOrder("replayed", "after known");
        assertThat(store.messages()
                        .find("known")
                        .orElseThrow()
                        .at("/result/conversationId")
                        .asText())
                .isEqualTo("room");
        next.stream()
                .filter(each -> each.message().id().equals("replayed"))
                .forEach(each -> finish(each, begun("late room")));
        assertThat(claim(100))
                .extracting(each -> each.message().conversationId())
                .containsExactly("late room");
    }

    @Test
    void whatWaitsForAStartExpiresIsDiscardedAndErasedAsAnyOther() {
        accept(start("start"));
        finish(claimStart(), lost());
        accept(following("expires", "start")
                .put("expiresAt", Instant.now().minusMillis(1).toString()));
        claim(100);
        assertThat(state("expires")).isEqualTo("dead");
        assertThat(store.messages()
                        .find("expires")
                        .orElseThrow()
                        .at("/failure/class")
                        .asText())
                .isEqualTo("expired");
        Batch batch =
                store.batches().begin(new Batch.Origin("b", "b", "files", "")).join();
        store.batches()
                .accept(chunk(batch, 1, List.of(ofBatch(following("cancelled", "start"), batch.id(), 1))))
                .join();
        store.batches().cancel(batch.id()).join();
        claim(100);
        assertThat(state("cancelled")).isEqualTo("discarded");
    }

    @Test
    void whatFollowsGoesWithTheMessageThatReplacesItsStart() {
        accept(start("start"));
        accept(following("waiting", "start"));
        finish(claimStart(), lost());
        store.messages().edit("start", incoming(start("edited"))).join();
        accept(following("later", "start"));
        finish(claim(1).get(0), begun("room"));
        assertThat(claim(100)).extracting(each -> each.message().id()).containsExactly("waiting");
        assertThat(state("later")).isEqualTo("accepted");
    }

    @Test
    void aDeadMessageIsReplayedIntoTheConversationThatHasBegunMeanwhile() {
        accept(start("start"));
        accept(following("follows", "start"));
        finish(claimStart(), dead(FailureClass.REFUSED));
        store.messages().replay("follows", 60_000).join();
        assertThat(state("follows")).as("nothing has begun yet").isEqualTo("dead");
        store.messages().replay("start", 60_000).join();
        store.messages().replay("follows", 60_000).join();
        assertThat(state("follows")).isEqualTo("accepted");
        finish(claimStart(), begun("room"));
        assertThat(claimedIds()).containsExactly("follows");
    }

    @Test
    void aTimeBeforeWhichItIsNotWantedIsKeptByWhatFollows() {
        accept(start("start"));
        accept(following("later", "start")
                .put("notBefore", Instant.now().plusMillis(600).toString()));
        finish(claimStart(), begun("room"));
        assertThat(claimedIds()).isEmpty();
        await().until(() -> claimedIds().contains("later"));
    }

    @Test
    void whatExpiresWithItsStartHasOneOutcome() {
        long soon = System.currentTimeMillis() + 300;
        for (ObjectNode each : List.of(start("start"), following("follows", "start"))) {
            accept(new Incoming(new Message(each), "chat", soon, Incoming.Source.of("rest", null)));
        }
        await().until(() -> System.currentTimeMillis() > soon);
        claim(100);
        assertThat(state("follows")).isEqualTo("dead");
        assertThat(topics()).filteredOn(topic -> topic.endsWith(" follows")).hasSize(1);
    }

    @Test
    void oneThatWaitsForOneThatWaitsGoesOnAndALongChainEndsWithItsStart() {
        accept(start("start"));
        List<Incoming> chain = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            chain.add(incoming(following("link-" + i, i == 0 ? "start" : "link-" + (i - 1))));
        }
        store.messages().accept(chain).join();
        finish(claimStart(), dead(FailureClass.REFUSED));
        assertThat(state("link-0")).isEqualTo("dead");
        assertThat(state("link-2999")).isEqualTo("dead");
    }

    @Test
    void whatFollowsIsNotSentBeforeItsTimeAlsoWhenItIsReplayed() {
        accept(start("start"));
        accept(following("later", "start").put("notBefore", "2099-01-01T00:00:00Z"));
        finish(claimStart(), dead(FailureClass.REFUSED));
        store.messages().replay("start", 60_000).join();
        store.messages().replay("later", 60_000).join();
        finish(claimStart(), begun("room"));
        assertThat(claimedIds()).isEmpty();
        assertThat(store.messages().find("later").orElseThrow().path("dueAt").asText())
                .isEqualTo("2099-01-01T00:00:00Z");
    }

    @Test
    void whatFollowsLivesAsLongAsItsStart() {
        long late = System.currentTimeMillis() + 60_000;
        long soon = System.currentTimeMillis() + 300;
        accept(new Incoming(new Message(start("start")), "chat", late, Incoming.Source.of("rest", null)));
        accept(new Incoming(
                new Message(following("follows", "start")), "chat", soon, Incoming.Source.of("rest", null)));
        await().until(() -> System.currentTimeMillis() > soon);
        finish(claimStart(), begun("room"));
        assertThat(claimedIds()).containsExactly("follows");
    }

    @Test
    void aReplayDoesNotNameACustomerWhoWasErased() {
        String request = "{\"filter\":{\"customerId\":\"anna \\\"8\\\"\",\"q\":\"anna\"}}";
        var wanted = new Replay.Wanted(
                RunAction.REPLAY, request, System.currentTimeMillis(), null, false, null, false, null);
        String id = store.replays().begin(new Filter(), wanted).join().id();
        store.retention().eraseCustomer("anna", null);
        store.retention().eraseCustomer("anna \"8\"", null);
        assertThat(store.replays().find(id).orElseThrow().wanted().request())
                .isEqualTo("{\"filter\":{\"customerId\":\"***\",\"q\":\"***\"}}");
    }

    @Test
    void whatFollowsACustomersStartIsErasedWithIt() {
        accept(start("start").put("customerId", "k7"));
        accept(following("follows", "start").put("text", "a secret"));
        store.retention().eraseCustomer("k7", null);
        assertThat(state("follows")).isEqualTo("discarded");
        assertThat(store.messages().find("follows").orElseThrow().has("text")).isFalse();
        assertThat(topics()).noneMatch(topic -> topic.endsWith(" follows"));
    }

    @Test
    void whatFollowsInACancelledBatchIsDiscardedWithItsStart() {
        Batch batch =
                store.batches().begin(new Batch.Origin("b", "b", "files", "")).join();
        List<Incoming> lines =
                List.of(ofBatch(start("start"), batch.id(), 1), ofBatch(following("follows", "start"), batch.id(), 2));
        store.batches().accept(chunk(batch, 2, lines)).join();
        store.batches().cancel(batch.id()).join();
        claim(100);
        assertThat(state("start")).isEqualTo("discarded");
        assertThat(state("follows")).isEqualTo("discarded");
        assertThat(batch(batch).unfinished()).isZero();
    }

    @Test
    void aLineOfAnUploadIsForNoConversationOfOthers() {
        accept(start("start"));
        Batch batch = store.batches()
                .begin(new Batch.Origin("b", "b", "files", "", "crm"))
                .join();
        store.batches()
                .accept(chunk(batch, 1, List.of(ofBatch(following("follows", "start"), batch.id(), 1, "crm"))))
                .join();
        finish(claimStart(), begun("room"));
        assertThat(state("follows")).isEqualTo("dead");
        assertThat(meaning("follows")).startsWith("There is no message start");
    }

    // the order

    @Test
    void ofAConversationOneMessageIsClaimedAtATime() {
        List.of("1", "2", "3").forEach(id -> accept(json(id, "c")));
        accept(json("x", "d"));
        List<Claimed> first = claim(100);
        assertThat(first).extracting(each -> each.message().id()).containsExactly("1", "x");
        assertThat(claimedIds()).isEmpty();
        finish(first.get(0), delivered());
        assertThat(claimedIds()).containsExactly("2");
    }

    @Test
    void aWaitingMessageHoldsBackItsConversationAndNoOther() {
        List.of("1", "2").forEach(id -> accept(json(id, "c")));
        Claimed first = claim(1).get(0);
        finish(first, waiting(60_000, false));
        accept(json("x", "d"));
        assertThat(claimedIds()).containsExactly("x");
        assertThat(state("1")).isEqualTo("waiting");
    }

    @Test
    void aDeadOrUncertainMessageHoldsNothingBack() {
        List.of("1", "2", "3").forEach(id -> accept(json(id, "c")));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        Claimed second = claim(1).get(0);
        finish(
                second,
                new Outcome(
                        State.UNCERTAIN,
                        0,
                        true,
                        true,
                        tried(Disposition.PARK),
                        failure(FailureClass.UNCERTAIN, true),
                        null));
        assertThat(claimedIds()).containsExactly("3");
    }

    @Test
    void anotherApiOfTheSameConversationIsNotHeldBack() {
        accept(json("1", "c"));
        accept(incoming(json("2", "c"), "other", Incoming.Source.of("rest", null)));
        assertThat(claimedIds()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void messagesWithoutAConversationHaveNoOrder() {
        List.of("1", "2", "3").forEach(id -> accept(json(id, "")));
        assertThat(claimedIds()).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void whatCameInBeforeTheLaneHadAnOwnerGoesFirst() {
        restart();
        accept(json("1", "c"));
        own();
        accept(json("2", "c"));
        assertThat(claimedIds()).containsExactly("1");
    }

    @Test
    void whatCameInBeforeTheLaneHadAnOwnerGoesFirstHoweverMuchItIs() {
        restart();
        store.messages()
                .accept(IntStream.range(0, 1_500)
                        .mapToObj(i -> incoming(json("early-" + i, "c" + i)))
                        .toList())
                .join();
        own();
        accept(json("late", "c1499"));
        var claimed = new ArrayList<String>();
        for (List<String> ids = claimedIds(); !ids.isEmpty(); ids = claimedIds()) {
            claimed.addAll(ids);
        }
        assertThat(claimed).hasSize(1_500).doesNotContain("late");
    }

    @Test
    void anApiThatIsNotAskedForIsNotClaimed() {
        accept(json("1", "c"));
        assertThat(store.lanes()
                        .claim(LANE, List.of(new Share("other", 10, null)))
                        .join())
                .isEmpty();
    }

    @Test
    void singlesAndBatchesAreClaimedInTurn() {
        for (int i = 0; i < 20; i++) {
            accept(ofBatch(json("b" + i, ""), "batch", i));
        }
        for (int i = 0; i < 20; i++) {
            accept(json("s" + i, ""));
        }
        List<String> ids = claim(8).stream().map(each -> each.message().id()).toList();
        assertThat(ids).filteredOn(id -> id.startsWith("s")).isNotEmpty();
        assertThat(ids).filteredOn(id -> id.startsWith("b")).isNotEmpty();
    }

    @Test
    void withOneSlotSinglesDoNotStarveABatch() {
        for (int i = 0; i < 20; i++) {
            accept(json("s" + i, ""));
        }
        accept(ofBatch(json("b", ""), "batch", 1));
        var claimed = new ArrayList<String>();
        for (int i = 0; i < 8; i++) {
            claimed.add(claim(1).get(0).message().id());
        }
        assertThat(claimed).contains("b");
    }

    // on arrival

    /** A lane with some free slots that takes what comes while it has caught up. */
    private static final class FewSlots implements ArrivalClaimer {
        private final AtomicInteger free;
        private final List<Claimed> attempted = new CopyOnWriteArrayList<>();
        private final AtomicBoolean behind = new AtomicBoolean(true);

        FewSlots(int free) {
            this.free = new AtomicInteger(free);
        }

        @Override
        public Collection<String> apis() {
            return APIS;
        }

        @Override
        public void caughtUp() {
            behind.set(false);
        }

        @Override
        public @Nullable Place take(String api) {
            if (behind.get() || free.get() == 0) {
                return null;
            }
            free.decrementAndGet();
            return new Place() {
                @Override
                public void attempt(Claimed claimed) {
                    attempted.add(claimed);
                }

                @Override
                public void giveBack() {
                    free.incrementAndGet();
                }
            };
        }

        List<String> ids() {
            return attempted.stream().map(each -> each.message().id()).toList();
        }
    }

    private FewSlots taker(int free) {
        var taker = new FewSlots(free);
        store.onWork(LANE, () -> taker.behind.set(true));
        store.lanes().onArrival(LANE, taker);
        claim(100);
        return taker;
    }

    @Test
    void whatComesWhileNothingIsDueIsClaimedInItsCommit() {
        FewSlots taker = taker(2);
        accept(json("1", "c"));
        accept(json("2", ""));
        assertThat(taker.ids()).containsExactly("1", "2");
        assertThat(state("1")).isEqualTo("sending");
        assertThat(claimedIds()).isEmpty();
        taker.attempted.forEach(each -> finish(each, delivered()));
        assertThat(state("1")).isEqualTo("delivered");
        assertThat(view("1").path("attempts")).hasSize(1);
    }

    @Test
    void ofManyThatComeInOneCommitAsManyAreClaimedAsThereAreSlots() {
        FewSlots taker = taker(2);
        store.messages()
                .accept(List.of(
                        incoming(json("1", "c")),
                        incoming(json("2", "c")),
                        incoming(json("3", "")),
                        incoming(json("4", ""))))
                .join();
        assertThat(taker.ids()).containsExactly("1", "3");
        assertThat(taker.behind).isTrue();
        assertThat(claimedIds()).containsExactly("4");
        finish(taker.attempted.get(0), delivered());
        assertThat(claimedIds()).containsExactly("2");
    }

    @Test
    void whatComesBehindSomethingDueWaitsForTheNextClaim() {
        FewSlots taker = taker(1);
        accept(json("1", ""));
        accept(json("2", ""));
        taker.free.set(5);
        accept(json("3", ""));
        assertThat(taker.ids()).containsExactly("1");
        assertThat(claimedIds()).containsExactly("2", "3");
        accept(json("4", ""));
        assertThat(taker.ids()).containsExactly("1", "4");
    }

    @Test
    void aClaimThatTookAllItMightMayHaveLeftSome() {
        FewSlots taker = taker(0);
        List.of("1", "2", "3").forEach(id -> accept(json(id, "")));
        taker.free.set(5);
        claim(1);
        accept(json("4", ""));
        assertThat(taker.attempted).isEmpty();
        store.lanes().claim(LANE, List.of(new Share("chat", 100, null))).join();
        accept(json("5", ""));
        assertThat(taker.attempted)
                .as("no one has looked for messages of the other api")
                .isEmpty();
    }

    @Test
    void whatIsNotForNowOrOfABatchIsNotTakenAsItComes() {
        FewSlots taker = taker(5);
        accept(json("later", "").put("notBefore", Instant.now().plusSeconds(60).toString()));
        accept(json("over", "").put("expiresAt", Instant.now().minusSeconds(1).toString()));
        claim(100);
        accept(ofBatch(json("line", ""), "b", 1));
        claim(100);
        accept(json("follows", "").put("conversationOf", "later"));
        store.lanes().pause(LANE, new Pause("work", null)).join();
        accept(json("paused", ""));
        assertThat(taker.attempted).isEmpty();
        assertThat(taker.free).hasValue(5);
    }

    @Test
    void whatIsThereAlreadyOrCannotBeKeptTakesNoSlot() {
        FewSlots taker = taker(5);
        accept(json("1", "c"));
        finish(taker.attempted.get(0), delivered());
        assertThat(accept(json("1", "c"))).isEqualTo(Accepted.Kind.DUPLICATE);
        assertThat(accept(json("1", "other"))).isEqualTo(Accepted.Kind.CONFLICT);
        assertThat(taker.free).hasValue(4);
        Incoming unwritable = new Incoming(
                new Message(json("2", "c")),
                LANE,
                "c",
                "{}",
                "\u0000",
                "chat",
                Long.MAX_VALUE,
                Incoming.Source.of("\u0000", null));
        store.messages()
                .accept(List.of(unwritable))
                .exceptionally(failed -> List.of())
                .join();
        boolean kept = store.messages().find("2").isPresent(); // SQLite takes it
        assertThat(taker.free).hasValue(kept ? 3 : 4);
        assertThat(taker.attempted).hasSize(kept ? 2 : 1);
    }

    @Test
    void whatEndsWakesTheLaneOnlyForWhatIsNext() {
        FewSlots taker = taker(5);
        accept(json("1", "c"));
        accept(json("2", "d"));
        finish(taker.attempted.get(0), delivered());
        assertThat(taker.behind).isFalse();
        accept(json("3", "d"));
        claim(100);
        assertThat(taker.behind).isFalse();
        finish(taker.attempted.get(1), delivered());
        assertThat(taker.behind).isTrue();
        assertThat(claimedIds()).containsExactly("3");
    }

    @Test
    void whatIsDoneInPartsWakesTheLaneForTheRest() {
        FewSlots taker = taker(0);
        String over = Instant.now().minusSeconds(1).toString();
        store.messages()
                .accept(IntStream.range(0, 600)
                        .mapToObj(i -> incoming(json("over-" + i, "").put("expiresAt", over)))
                        .toList())
                .join();
        taker.behind.set(false);
        assertThat(claim(100)).isEmpty();
        assertThat(taker.behind).isTrue();
        assertThat(claim(100)).isEmpty();
        assertThat(taker.behind).isFalse();
        assertThat(state("over-599")).isEqualTo("dead");
    }

    @Test
    void anotherProcessDoesNotTakeWhatComesForALaneThatIsNotItsOwn() {
        try (Store second = anotherProcess()) {
            var taker = new FewSlots(5);
            taker.behind.set(false);
            second.lanes().onArrival(LANE, taker);
            second.messages().accept(List.of(incoming(json("1", "")))).join();
            assertThat(taker.attempted).isEmpty();
        }
        assertThat(claimedIds()).containsExactly("1");
    }

    @Test
    void whatACrashLeavesOfThatIsTakenUpAsAnyOther() {
        FewSlots taker = taker(5);
        accept(json("1", "c"));
        accept(json("2", "d").put("operation", "end"));
        assertThat(taker.attempted).hasSize(2);
        restart();
        own();
        assertThat(state("1")).isEqualTo("uncertain");
        assertThat(claimedIds()).containsExactly("2");
    }

    // time

    @Test
    void aMessageThatIsNotDueYetHoldsNothingBack() {
        accept(json("1", "c").put("notBefore", Instant.now().plusSeconds(60).toString()));
        accept(json("2", "c"));
        assertThat(claimedIds()).containsExactly("2");
    }

    @Test
    void aProbeIsWhatMayBeRepeatedWhereSuchAOneWaitsElseTheFirst() {
        for (int i = 0; i < 200; i++) {
            accept(json("send-" + i, "c" + i));
        }
        List<Share> probe = List.of(new Share("chat", 1, operation -> operation.equals("end")));
        assertThat(store.lanes().claim(LANE, probe).join())
                .extracting(each -> each.message().id())
                .containsExactly("send-0");
        accept(json("end", "d").put("operation", "end"));
        assertThat(store.lanes().claim(LANE, probe).join())
                .extracting(each -> each.message().id())
                .containsExactly("end");
    }

    @Test
    void aMessageJoinsTheEndOfItsConversationWhenItIsDue() {
        accept(json("early", "c").put("notBefore", Instant.now().plusMillis(150).toString()));
        accept(json("1", "c"));
        accept(json("2", "c"));
        Claimed first = claim(1).get(0);
        assertThat(first.message().id()).isEqualTo("1");
        sleepUntilDue("early");
        claim(10);
        finish(first, delivered());
        Claimed second = claim(1).get(0);
        assertThat(second.message().id()).isEqualTo("2");
        finish(second, delivered());
        assertThat(claimedIds()).containsExactly("early");
    }

    private void sleepUntilDue(String id) {
        Instant due = Instant.parse(
                store.messages().find(id).orElseThrow().path("dueAt").asText());
        org.awaitility.Awaitility.await()
                .pollInterval(java.time.Duration.ofMillis(10))
                .until(() -> Instant.now().isAfter(due));
    }

    @Test
    void whatWasClaimedAndNobodyHeardOfGoesBackAndWhatIsBeingSentDoesNot() {
        accept(json("1", "a"));
        accept(json("2", "b"));
        List<Claimed> claimed = claim(2);
        assertThat(ownership(store, claimed.get(0).seq())).isEqualTo(Ownership.KEPT);
        assertThat(claim(2))
                .extracting(Claimed::seq)
                .containsExactly(claimed.get(1).seq());
    }

    @Test
    void theNextDueTimeIsKnown() {
        assertThat(store.lanes().untilDue(LANE, APIS)).isEqualTo(Long.MAX_VALUE);
        Instant later = Instant.ofEpochMilli(System.currentTimeMillis() + 60_000);
        accept(json("1", "c").put("notBefore", later.toString()));
        assertThat(store.lanes().untilDue(LANE, APIS)).isBetween(30_000L, 60_000L);
        accept(json("2", "d"));
        assertThat(store.lanes().untilDue(LANE, APIS)).isLessThanOrEqualTo(0);
    }

    @Test
    void aReplyWaitsForTheErrorHandlersChoiceWhichAKillDoesNotLose() {
        ObjectNode late =
                json("1", "c").put("expiresAt", Instant.now().minusSeconds(1).toString());
        accept(incoming(late, "chat", new Incoming.Source("queue", null, null, "answers", "7", null, null)));
        assertThat(claimedIds()).isEmpty();
        assertThat(topics()).containsExactly("outbox:failures 1");
        restart();
        own();
        assertThat(topics()).as("the handlers are still to be asked").containsExactly("outbox:failures 1");
        store.messages().deadLetter("1", "too-late", null).join();
        store.messages().deadLetter("1", "again", null).join();
        assertThat(topics()).containsExactly("outbox:failures 1", "dead-letters:too-late 1", "outbox:replies 1");
        List<String> replies =
                store.read(sql -> sql.list("select body from outbox where topic = 'outbox:replies'", Row::text));
        assertThat(replies.get(0)).contains("\"deadLetter\":\"too-late\"");
    }

    @Test
    void whatHasExpiredIsDeadWithoutAnAttempt() {
        accept(json("1", "c").put("expiresAt", Instant.now().minusSeconds(1).toString()));
        accept(json("2", "c"));
        assertThat(claimedIds()).containsExactly("2");
        ObjectNode view = store.messages().find("1").orElseThrow();
        assertThat(view.path("state").asText()).isEqualTo("dead");
        assertThat(view.path("failure").path("class").asText()).isEqualTo("expired");
        assertThat(view.path("attempts")).isEmpty();
        assertThat(topics()).containsExactly("outbox:failures 1");
        store.messages().deadLetter("1", "too-late", null).join();
        store.messages().deadLetter("1", "another", null).join();
        assertThat(topics()).containsExactly("outbox:failures 1", "dead-letters:too-late 1");
        assertThat(view("1").at("/failure/deadLetter").asText()).isEqualTo("too-late");
        assertThat(store.messages().search(new Filter().deadLetter("too-late"), Long.MAX_VALUE, 10))
                .hasSize(1);
        assertThat(store.messages().deadLetterGroups(new Filter().states(Filter.FAILED)))
                .singleElement()
                .satisfies(group -> assertThat(group.deadLetter()).isEqualTo("too-late"));
    }

    @Test
    void aMessageBehindTheHeadExpiresWithoutPuttingTheNextInFrontOfIt() {
        accept(json("1", "c"));
        Claimed first = claim(1).get(0);
        accept(json("2", "c").put("expiresAt", Instant.now().minusSeconds(1).toString()));
        accept(json("3", "c"));
        assertThat(claimedIds()).isEmpty();
        assertThat(state("2")).isEqualTo("dead");
        finish(first, delivered());
        assertThat(claimedIds()).containsExactly("3");
    }

    @Test
    void whatIsBeingSentDoesNotExpire() {
        Instant expires = Instant.now().plusSeconds(2);
        accept(json("1", "c").put("expiresAt", expires.toString()));
        claim(1);
        org.awaitility.Awaitility.await().until(() -> Instant.now().isAfter(expires));
        claim(1);
        assertThat(state("1")).isEqualTo("sending");
    }

    @Test
    void whatExpiresAfterAnAmbiguousAttemptSaysThatItMayHaveBeenSent() {
        Instant expires = Instant.now().plusSeconds(2);
        accept(json("1", "c").put("expiresAt", expires.toString()));
        Claimed first = claim(1).get(0);
        finish(first, waiting(60_000, true));
        org.awaitility.Awaitility.await().until(() -> Instant.now().isAfter(expires));
        claim(1);
        assertThat(store.messages()
                        .find("1")
                        .orElseThrow()
                        .path("failure")
                        .path("mayHaveBeenSent")
                        .asBoolean())
                .isTrue();
    }

    // outcomes

    @Test
    void aRetryIsTheNextAttempt() {
        accept(json("1", "c"));
        finish(claim(1).get(0), waiting(0, true));
        Claimed second = claim(1).get(0);
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.uncertain()).isTrue();
        finish(second, delivered());
        ObjectNode view = store.messages().find("1").orElseThrow();
        assertThat(view.path("attempts"))
                .extracting(each -> each.path("number").asInt())
                .containsExactly(1, 2);
        assertThat(view.path("result").path("roomId").asText()).isEqualTo("r");
        assertThat(view.path("state").asText()).isEqualTo("delivered");
        assertThat(view.has("dueAt")).isFalse();
        assertThat(view.has("finishedAt")).isTrue();
    }

    @Test
    void whoeverSeesTheEndSeesTheAttemptThatBroughtIt() throws Exception {
        for (int i = 0; i < 500; i++) {
            accept(json("m" + i, ""));
        }
        List<Claimed> claimed = claim(500);
        var reader = CompletableFuture.supplyAsync(() -> claimed.stream()
                .map(each -> Stream.generate(
                                () -> store.messages().find(each.message().id()).orElseThrow())
                        .filter(view -> view.has("finishedAt"))
                        .findFirst()
                        .orElseThrow())
                .toList());
        claimed.forEach(each -> finish(each, delivered()));
        assertThat(reader.get(1, TimeUnit.MINUTES))
                .hasSize(500)
                .allSatisfy(view -> assertThat(view.path("attempts")).hasSize(1));
    }

    @Test
    void anOutcomeOfAnEarlierAttemptChangesNothing() {
        accept(json("1", "c"));
        Claimed first = claim(1).get(0);
        finish(first, waiting(0, false));
        Claimed second = claim(1).get(0);
        finish(first, dead(FailureClass.GONE));
        assertThat(state("1")).isEqualTo("sending");
        finish(second, delivered());
        finish(second, dead(FailureClass.GONE));
        assertThat(state("1")).isEqualTo("delivered");
        assertThat(topics()).isEmpty();
    }

    @Test
    void aDeadLetterGoesOutWithItsOutcomeAsTheView() {
        accept(json("1", "c"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        Outbox.Entry row = store.outbox().due("dead-letters:gone", 10).get(0);
        assertThat(row.headers()).containsEntry("vendor", "acme").containsEntry("messageId", "1");
        assertThat(Json.parse(row.body())).isEqualTo(store.messages().find("1").orElseThrow());
    }

    @Test
    void whoeverAskedForAReplyGetsItAlsoForAFailure() {
        var source = new Incoming.Source("queue", null, null, "answers", "corr", null, null);
        accept(incoming(json("1", "c"), "chat", source));
        accept(incoming(json("2", "d"), "chat", source));
        List<Claimed> claimed = claim(10);
        finish(claimed.get(0), delivered());
        finish(claimed.get(1), dead(FailureClass.REFUSED));
        assertThat(topics()).containsExactly("outbox:replies 1", "dead-letters:refused 2", "outbox:replies 2");
        assertThat(store.outbox().due("outbox:replies", 10).get(0).headers())
                .containsEntry("replyTo", "answers")
                .containsEntry("correlationId", "corr");
    }

    @Test
    void whoWaitsForAMessageIsCalledWhenItIsFinishedByWhateverWay() {
        var woken = new ArrayList<String>();
        store.onWork("delivered", () -> woken.add("delivered"));
        store.onWork("expired", () -> woken.add("expired"));
        accept(json("delivered", "c"));
        finish(claim(1).get(0), delivered());
        accept(json("expired", "c")
                .put("expiresAt", Instant.now().minusSeconds(1).toString()));
        claim(1);
        assertThat(woken).containsExactly("delivered", "expired");
    }

    // what goes out

    @Test
    void whatFailedToGoOutHoldsUpNoOtherAndIsSetAsideInTheEnd() {
        List.of("1", "2").forEach(id -> accept(json(id, id)));
        claim(10).forEach(each -> finish(each, dead(FailureClass.GONE)));
        List<Outbox.Entry> rows = store.outbox().due("dead-letters:gone", 10);
        store.outbox()
                .failed(rows.get(0).seq(), "no queue", System.currentTimeMillis() + 60_000, false)
                .join();
        assertThat(store.outbox().due("dead-letters:gone", 10))
                .extracting(Outbox.Entry::subject)
                .containsExactly("2");
        store.outbox().done(rows.get(1).seq()).join();
        assertThat(store.outbox().due("dead-letters:gone", 10)).isEmpty();
        assertThat(store.outbox().untilDue("dead-letters:gone")).isLessThan(Long.MAX_VALUE);
        store.outbox().failed(rows.get(0).seq(), "no queue", 0, true).join();
        assertThat(store.outbox().due("dead-letters:gone", 10)).isEmpty();
        assertThat(topics()).containsExactly("dead-letters:gone 1");
    }

    // a crash

    @Test
    void afterACrashWhatMayBeRepeatedWaitsAndTheRestIsUncertain() {
        accept(json("send", "c"));
        accept(json("behind", "c"));
        ObjectNode end = json("end", "d").put("operation", "end");
        accept(end);
        claim(10);
        restart();
        own();
        assertThat(state("send")).isEqualTo("uncertain");
        assertThat(store.messages()
                        .find("send")
                        .orElseThrow()
                        .path("failure")
                        .path("mayHaveBeenSent")
                        .asBoolean())
                .isTrue();
        assertThat(topics()).containsExactly("dead-letters:uncertain send");
        assertThat(state("end")).isEqualTo("waiting");
        List<Claimed> again = claim(10);
        assertThat(again).extracting(each -> each.message().id()).containsExactlyInAnyOrder("behind", "end");
        assertThat(again)
                .filteredOn(each -> each.message().id().equals("end"))
                .allMatch(each -> each.uncertain() && each.attempt() == 2);
    }

    @Test
    void owningALaneTouchesNoOther() {
        accept(json("1", "c"));
        claim(1);
        store.lanes().own("acme/other", operation -> true, CUT_OFF, Set.of()).join();
        assertThat(state("1")).isEqualTo("sending");
    }

    @Test
    void whatAClockThatRanAheadMadeDueLaterIsDueAfterARestart() {
        accept(json("waiting", "c"));
        finish(claim(1).get(0), waiting(60_000, false));
        accept(json("scheduled", "d"));
        finish(claim(1).get(0), waiting(3_600_000, false));
        accept(json("accepted", "e"));
        accept(json("behind", "e"));
        store.close();
        ahead("update work set due = due + 3600000 where seq <> (select seq from message where id = 'scheduled')");
        ahead("update attempt set ended_at = ended_at + 3600000 where seq = (select seq from message where id ="
                + " 'waiting')");
        store = anotherProcess();
        own();
        List<Claimed> claimed = claim(10);
        assertThat(claimed).extracting(each -> each.message().id()).containsExactlyInAnyOrder("waiting", "accepted");
        claimed.forEach(each -> finish(each, delivered()));
        assertThat(claimedIds()).containsExactly("behind");
    }

    /** Writes as if the clock had run an hour ahead. */
    private void ahead(String update) {
        try (var connection = java.sql.DriverManager.getConnection(url(), "postgres", "");
                var statement = connection.createStatement()) {
            statement.execute(update);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // batches

    private Batch batch() {
        return store.batches()
                .begin(new Batch.Origin("a.csv", "a.csv", "files", ""))
                .join();
    }

    private Batch batch(Batch batch) {
        return store.batches().find(batch.id()).orElseThrow();
    }

    private void keep(Batch batch, long records, List<Incoming> incoming, Batch.Row... invalid) {
        store.batches().accept(chunk(batch, records, incoming, invalid)).join();
    }

    @Test
    void aBatchGoesOnAtItsCheckpoint() {
        Batch batch = batch();
        keep(batch, 2, List.of(ofBatch(json("1", ""), batch.id(), 1), ofBatch(json("2", ""), batch.id(), 2)));
        restart();
        Batch again = batch();
        assertThat(again.id()).isEqualTo(batch.id());
        assertThat(again.records()).isEqualTo(2);
        assertThat(again.accepted()).isEqualTo(2);
    }

    @Test
    void everyRecordOfABatchIsCountedOnce() {
        accept(json("known", "c"));
        Batch batch = batch();
        keep(
                batch,
                5,
                List.of(
                        ofBatch(json("1", ""), batch.id(), 1),
                        ofBatch(json("known", "c"), batch.id(), 2),
                        ofBatch(json("known", "other"), batch.id(), 3),
                        ofBatch(json("1", ""), batch.id(), 4)),
                new Batch.Row(5, "invalid", null, "is no message", "raw"));
        ObjectNode view = store.batches().view(batch(batch));
        assertThat(view.path("read").asLong()).isEqualTo(5);
        assertThat(view.path("accepted").asLong()).isEqualTo(1);
        assertThat(view.path("duplicate").asLong()).isEqualTo(2);
        assertThat(view.path("invalid").asLong()).isEqualTo(2);
        var lines = new ArrayList<String>();
        store.batches().eachLine(batch.id(), line -> lines.add(line.line() + " " + line.state()));
        assertThat(lines)
                .containsExactly(
                        "1 accepted", "2 duplicate:accepted", "3 invalid", "4 duplicate:accepted", "5 invalid");
    }

    @Test
    void ofInvalidRecordsTheFirstAreKeptAndTheOthersGivenBack() {
        accept(json("known", "c"));
        Batch batch = batch();
        int most = Batch.MOST_INVALID;
        keep(batch, most - 1, List.of(), invalid(1, most - 1));
        assertThat(beyond).isEmpty();
        List<Incoming> conflicts = List.of(
                ofBatch(json("known", "other"), batch.id(), most),
                ofBatch(json("known", "third"), batch.id(), most + 2),
                ofBatch(json("known", "c"), batch.id(), most + 3));
        keep(batch, most + 3, conflicts, invalid(most + 1, most + 1));
        assertThat(beyond).extracting(Batch.Row::line).containsExactly(most + 1L, most + 2L);
        assertThat(beyond).extracting(Batch.Row::raw).containsExactly("raw", "raw 1");
        assertThat(batch(batch).invalid()).isEqualTo(most + 2);
        assertThat(store.batches().hasLines(batch(batch))).isTrue();
        var lines = new ArrayList<Long>();
        store.batches().eachLine(batch.id(), line -> lines.add(line.line()));
        assertThat(lines).hasSize(most + 1).contains((long) most, most + 3L).doesNotContain(most + 1L);
    }

    private static Batch.Row[] invalid(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(line -> new Batch.Row(line, "invalid", null, "is no message", "raw"))
                .toArray(Batch.Row[]::new);
    }

    @Test
    void aBatchIsFinishedWithItsLastMessageAndThenHasItsResults() {
        Batch batch = batch();
        keep(batch, 2, List.of(ofBatch(json("1", ""), batch.id(), 1), ofBatch(json("2", ""), batch.id(), 2)));
        List<Claimed> claimed = claim(10);
        finish(claimed.get(0), delivered());
        assertThat(batch(batch).state()).isEqualTo("reading");
        store.batches().end(batch.id(), null).join();
        assertThat(batch(batch).state()).isEqualTo("sending");
        assertThat(topics()).isEmpty();
        finish(claimed.get(1), dead(FailureClass.INVALID));
        assertThat(batch(batch).state()).isEqualTo("finished");
        assertThat(topics()).contains("outbox:results/files " + batch.id());
        ObjectNode view = store.batches().view(batch(batch));
        assertThat(view.path("delivered").asLong()).isEqualTo(1);
        assertThat(view.path("dead").asLong()).isEqualTo(1);
    }

    @Test
    void anEmptyBatchIsFinishedAtOnceAndAnUnreadableOneIsStopped() {
        Batch empty = batch();
        store.batches().end(empty.id(), null).join();
        assertThat(batch(empty).state()).isEqualTo("finished");
        Batch broken = store.batches()
                .begin(new Batch.Origin("b.csv", "b.csv", "files", ""))
                .join();
        store.batches().end(broken.id(), "cut off").join();
        assertThat(batch(broken).state()).isEqualTo("stopped");
        assertThat(store.batches().view(batch(broken)).path("reason").asText()).isEqualTo("cut off");
        assertThat(topics())
                .containsExactly(
                        "outbox:events " + empty.id(),
                        "outbox:webhook " + empty.id(),
                        "outbox:results/files " + empty.id(),
                        "outbox:results/files " + broken.id(),
                        "outbox:events " + broken.id(),
                        "outbox:webhook " + broken.id());
    }

    @Test
    void aChunkThatIsThereAlreadyIsNotCountedAgain() {
        Batch batch = batch();
        List<Incoming> chunk = List.of(ofBatch(json("1", ""), batch.id(), 1), ofBatch(json("2", ""), batch.id(), 2));
        keep(batch, 2, chunk);
        keep(batch, 2, chunk);
        assertThat(batch(batch).accepted()).isEqualTo(2);
        assertThat(batch(batch).duplicate()).isZero();
    }

    @Test
    void anotherFileOfTheNameIsAnotherBatchOnceTheFirstIsPutAway() {
        Batch first = batch();
        store.batches().end(first.id(), null).join();
        assertThat(batch().id()).isEqualTo(first.id());
        assertThat(store.batches().notPutAway()).extracting(Batch::id).containsExactly(first.id());
        store.batches().putAway(first.id()).join();
        assertThat(store.batches().notPutAway()).isEmpty();
        assertThat(batch().id()).isNotEqualTo(first.id());
    }

    Batch batchOf(String name, int messages) {
        Batch batch =
                store.batches().begin(new Batch.Origin(name, name, "files", "")).join();
        var incoming = new ArrayList<Incoming>();
        for (int i = 1; i <= messages; i++) {
            incoming.add(ofBatch(json(name + i, "c" + i % 3), batch.id(), i));
        }
        keep(batch, messages, incoming);
        store.batches().end(batch.id(), null).join();
        return batch;
    }

    private long shown(Batch batch, String field) {
        return store.batches().view(batch(batch)).path(field).asLong(-1);
    }

    @Test
    void aPausedBatchIsHeldBackAndOthersPassIt() {
        Batch first = batchOf("a", 9);
        batchOf("b", 9);
        assertThat(store.batches().pause(first.id(), true).join()).isTrue();
        assertThat(store.batches().view(batch(first)).path("state").asText()).isEqualTo("paused");
        accept(json("single", "d"));
        assertThat(claimedIds()).containsExactly("single");
        assertThat(store.batches().pause(first.id(), false).join()).isTrue();
        assertThat(claimedIds()).containsExactlyInAnyOrder("a1", "a2", "a3");
    }

    @Test
    void aBatchBehindAPausedOneInNoConversationOfItsGoesOn() {
        Batch first = batchOf("a", 3);
        Batch second =
                store.batches().begin(new Batch.Origin("b", "b", "files", "")).join();
        keep(second, 2, List.of(ofBatch(json("b1", "x"), second.id(), 1), ofBatch(json("b2", "c1"), second.id(), 2)));
        store.batches().pause(first.id(), true).join();
        assertThat(claimedIds()).containsExactly("b1");
        restart();
        own();
        assertThat(claimedIds()).isEmpty();
        store.batches().pause(first.id(), false).join();
        assertThat(claimedIds()).containsExactlyInAnyOrder("a1", "a2", "a3");
    }

    @Test
    void whatIsNotSentOfACancelledBatchIsDiscarded() {
        Batch batch = batchOf("a", 9);
        Claimed sending = claim(1).get(0);
        accept(json("behind", "c1"));
        assertThat(store.batches().cancel(batch.id()).join()).isTrue();
        assertThat(store.batches().cancel(batch.id()).join()).isFalse();
        claim(0);
        assertThat(shown(batch, "discarded")).isEqualTo(8);
        assertThat(topics()).isEmpty();
        finish(sending, delivered());
        assertThat(shown(batch, "delivered")).isEqualTo(1);
        assertThat(topics()).containsExactly("outbox:results/files " + batch.id());
        assertThat(claimedIds()).containsExactly("behind");
        assertThat(store.batches().view(batch(batch)).path("state").asText()).isEqualTo("cancelled");
    }

    @Test
    void whatIsNotSentOfACancelledBatchIsDiscardedWhereNothingIsClaimedToo() {
        Batch batch = batchOf("a", 9);
        store.batches().cancel(batch.id()).join();
        store.lanes().tend(LANE);
        await().atMost(Duration.ofSeconds(10)).until(() -> shown(batch, "discarded") == 9);
        assertThat(topics()).containsExactly("outbox:results/files " + batch.id());
    }

    @Test
    void aDeadMessageOfACancelledBatchCanBeReplayed() {
        Batch batch = batchOf("a", 2);
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.batches().cancel(batch.id()).join();
        claim(0);
        store.messages().replay("a1", 60_000).join();
        assertThat(claimedIds()).containsExactly("a1");
        assertThat(shown(batch, "discarded")).isEqualTo(1);
    }

    @Test
    void noMoreIsReadOfACancelledBatch() {
        Batch batch = batch();
        store.batches().cancel(batch.id()).join();
        keep(batch, 1, List.of(ofBatch(json("1", ""), batch.id(), 1)));
        assertThat(shown(batch, "read")).isZero();
        assertThat(store.messages().find("1")).isEmpty();
    }

    @Test
    void theCountsOfABatchAddUpAtAnyTime() {
        Batch batch = batchOf("a", 9);
        finish(claim(1).get(0), delivered());
        finish(claim(1).get(0), dead(FailureClass.GONE));
        finish(claim(1).get(0), waiting(60_000, false));
        assertThat(shown(batch, "accepted")).isEqualTo(9);
        assertThat(shown(batch, "delivered")).isEqualTo(1);
        assertThat(shown(batch, "dead")).isEqualTo(1);
        assertThat(shown(batch, "waiting")).isEqualTo(1);
        assertThat(batch(batch).unfinished()).isEqualTo(7);
        assertThat(store.batches().view(batch(batch)).path("rate").isNumber()).isTrue();
    }

    @Test
    void theResultsAreWrittenAgainWhenAnOutcomeChangesLater() {
        Batch batch = batchOf("a", 1);
        Outcome uncertain = new Outcome(
                State.UNCERTAIN, 0, true, true, tried(Disposition.PARK), failure(FailureClass.UNCERTAIN, true), null);
        finish(claim(1).get(0), uncertain);
        assertThat(batch(batch).state()).isEqualTo("finished");
        assertThat(shown(batch, "uncertain")).isEqualTo(1);
        store.messages().resolve("a1", null).join();
        assertThat(shown(batch, "uncertain")).isZero();
        assertThat(shown(batch, "delivered")).isEqualTo(1);
        assertThat(topics())
                .filteredOn(topic -> topic.startsWith("outbox:results"))
                .hasSize(2);
    }

    @Test
    void aReplayedMessageOfABatchMakesItGoOn() {
        Batch batch = batchOf("a", 1);
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.messages().replay("a1", 60_000).join();
        assertThat(batch(batch).state()).isEqualTo("sending");
        assertThat(shown(batch, "dead")).isZero();
        finish(claim(1).get(0), delivered());
        assertThat(batch(batch).state()).isEqualTo("finished");
        assertThat(topics())
                .filteredOn(topic -> topic.startsWith("outbox:results"))
                .hasSize(2);
    }

    // several processes

    @Test
    void aSecondProcessTakesMessagesInAndWaitsForTheLane() {
        try (Store second = anotherProcess()) {
            assertThat(own(second)).isFalse();
            second.messages().accept(List.of(incoming(json("1", "c")))).join();
            accept(json("2", "c"));
            assertThat(second.lanes()
                            .claim(LANE, List.of(new Share("chat", 10, null)))
                            .join())
                    .isEmpty();
            Claimed first = claim(10).get(0);
            assertThat(first.message().id()).isEqualTo("1");
            assertThat(claimedIds()).isEmpty();
            finish(first, delivered());
            assertThat(claimedIds()).containsExactly("2");
        }
    }

    @Test
    void whatProcessesTakeInInTurnsKeepsItsOrder() {
        var ids = new ArrayList<String>();
        try (Store second = anotherProcess()) {
            for (int i = 0; i < 200; i++) {
                ids.add("m" + i);
                (i % 2 == 0 ? second : store)
                        .messages()
                        .accept(List.of(incoming(json("m" + i, "c"))))
                        .join();
            }
        }
        assertThat(ids).allSatisfy(id -> {
            Claimed next = claim(10).get(0);
            assertThat(next.message().id()).isEqualTo(id);
            finish(next, delivered());
        });
    }

    /** One is being sent, is waited for, or has ended while the next ones come in by one process or the other. */
    @Test
    void whatProcessesTakeInWhileTheLaneSendsKeepsItsOrder() {
        var random = new Random(21);
        var sent = new ArrayList<String>();
        var sending = new ArrayDeque<Claimed>();
        try (Store second = anotherProcess()) {
            for (int i = 0; sent.size() < 80; i++) {
                switch (i < 250 ? random.nextInt(3) : 2) {
                    case 0 -> accept(json(String.format("m%03d", i), "c"));
                    case 1 ->
                        second.messages()
                                .accept(List.of(incoming(json(String.format("m%03d", i), "c"))))
                                .join();
                    default -> {
                        sending.addAll(claim(1));
                        if (random.nextBoolean() && !sending.isEmpty()) {
                            sent.add(sending.peek().message().id());
                            finish(sending.remove(), delivered());
                        }
                    }
                }
                assertThat(sending).hasSizeLessThan(2);
            }
        }
        assertThat(sent).isSorted();
    }

    @Test
    void aSecondProcessTakesTheLaneOverWhenTheFirstEnds() {
        try (Store second = anotherProcess()) {
            accept(json("1", "c"));
            accept(json("2", "c"));
            claim(1);
            store.close();
            assertThat(own(second)).isTrue();
            store = second;
            assertThat(state("1")).isEqualTo("uncertain");
            assertThat(claimedIds()).containsExactly("2");
        }
    }

    @Test
    void whatAPausedLaneHoldsIsClaimedByNobody() {
        accept(json("1", "c"));
        try (Store second = anotherProcess()) {
            second.lanes().pause(LANE, new Pause("by another process", null)).join();
            assertThat(claimedIds()).isEmpty();
            second.lanes().pause(LANE, null).join();
            assertThat(claimedIds()).containsExactly("1");
        }
    }

    @Test
    void aLaneGoesOnWhenThePauseIsOver() {
        accept(json("1", "c"));
        long until = System.currentTimeMillis() + 700;
        store.lanes().pause(LANE, new Pause("lunch", until)).join();
        restart();
        own();
        assertThat(claimedIds()).isEmpty();
        assertThat(store.lanes().paused(LANE)).contains(new Pause("lunch", until));
        await().atMost(Duration.ofSeconds(5)).until(() -> !claimedIds().isEmpty());
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(until);
        assertThat(store.lanes().paused(LANE)).isEmpty();
    }

    @Test
    void aPauseWithoutATimeForgetsTheOneBefore() {
        store.lanes()
                .pause(LANE, new Pause("lunch", System.currentTimeMillis() + 60_000))
                .join();
        store.lanes().pause(LANE, new Pause("a fault", null)).join();
        assertThat(store.lanes().paused(LANE)).contains(new Pause("a fault", null));
        store.lanes().pause(LANE, null).join();
        assertThat(store.lanes().paused(LANE)).isEmpty();
    }

    @Test
    void twoProcessesThatWriteAtTheSameTimeDisturbEachOtherInNothing() {
        try (Store second = anotherProcess()) {
            var accepted = new ArrayList<CompletableFuture<List<Accepted>>>();
            for (int i = 0; i < 500; i++) {
                accepted.add(store.messages().accept(List.of(incoming(json("a" + i, "c" + i % 7)))));
                accepted.add(second.messages().accept(List.of(incoming(json("b" + i, "c" + i % 7)))));
            }
            assertThat(accepted)
                    .allSatisfy(each -> assertThat(each.join().get(0).kind()).isEqualTo(Accepted.Kind.NEW));
        }
        var ids = new ArrayList<String>();
        for (List<Claimed> claimed = claim(100); !claimed.isEmpty(); claimed = claim(100)) {
            claimed.forEach(each -> ids.add(each.message().id()));
            claimed.forEach(each -> finish(each, delivered()));
        }
        assertThat(ids).hasSize(1000).doesNotHaveDuplicates();
        for (String process : List.of("a", "b")) {
            for (int conversation = 0; conversation < 7; conversation++) {
                int of = conversation;
                assertThat(ids.stream()
                                .filter(id -> id.startsWith(process))
                                .map(id -> Integer.parseInt(id.substring(1)))
                                .filter(number -> number % 7 == of))
                        .isSorted();
            }
        }
    }

    // circuits

    private static ObjectNode event(String event) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("event", event)
                .put("vendor", "acme")
                .put("account", "default")
                .put("api", "chat");
    }

    @Test
    void aStoppedCircuitOutlivesARestartWithTheEventThatTellsOfIt() {
        store.lanes()
                .stopCircuit(LANE, "chat", "why", Map.of("key", "a"), event("circuit-stopped"))
                .join();
        restart();
        assertThat(store.lanes().stoppedCircuit(LANE, "chat", Map.of("key", "a")))
                .contains("why");
        assertThat(store.lanes().stoppedCircuit(LANE, "chat", Map.of("key", "b")))
                .isEmpty();
        assertThat(store.outbox().due("outbox:events", 10)).singleElement().satisfies(row -> {
            assertThat(row.subject()).isEqualTo("acme/default/chat");
            assertThat(row.body()).isEqualTo(event("circuit-stopped").toString());
            assertThat(row.headers()).containsEntry("event", "circuit-stopped").containsEntry("api", "chat");
        });
    }

    @Test
    void aStoppedCircuitIsForgottenWhenItCloses() {
        store.lanes()
                .stopCircuit(LANE, "chat", "why", Map.of(), event("circuit-stopped"))
                .join();
        store.lanes()
                .stopCircuit(LANE, "chat", null, Map.of(), event("circuit-closed"))
                .join();
        assertThat(store.lanes().stoppedCircuit(LANE, "chat", Map.of())).isEmpty();
        assertThat(topics())
                .containsExactlyInAnyOrder(
                        "outbox:events acme/default/chat",
                        "outbox:webhook acme/default/chat",
                        "outbox:events acme/default/chat",
                        "outbox:webhook acme/default/chat");
    }

    // searching

    private List<String> found(Filter filter) {
        return store.messages().search(filter, Long.MAX_VALUE, 100).stream()
                .map(each -> each.view().path("id").asText())
                .toList();
    }

    private static ObjectNode labelled(String id, String... labels) {
        ObjectNode json = json(id, "c-" + id);
        for (int i = 0; i < labels.length; i += 2) {
            json.withObject("labels").put(labels[i], labels[i + 1]);
        }
        return json;
    }

    @Test
    void messagesAreFoundByAllLabelsThatAreAskedFor() {
        accept(labelled("1", "campaign", "spring", "team", "a"));
        accept(labelled("2", "campaign", "spring", "team", "b"));
        accept(labelled("3", "team", "spring"));
        assertThat(found(new Filter().label("campaign", "spring"))).containsExactly("2", "1");
        assertThat(found(new Filter().label("campaign", "spring").label("team", "b")))
                .containsExactly("2");
        assertThat(found(new Filter().label("campaign", "spring").states(Set.of(State.DEAD))))
                .isEmpty();
    }

    @Test
    void messagesAreFoundByHowTheirIdConversationOrLabelBegins() {
        accept(json("order-1", "room"));
        accept(json("x", "order-2"));
        accept(labelled("y", "ref", "order-3"));
        accept(json("z", "an order-4"));
        accept(json("order-5👟", "%"));
        accept(json("w", "v").put("customerId", "anna-1"));
        assertThat(found(new Filter().words("anna"))).containsExactly("w");
        assertThat(found(new Filter().words("order-"))).containsExactly("order-5👟", "z", "y", "x", "order-1");
        assertThat(found(new Filter().words("order-5👟"))).containsExactly("order-5👟");
        assertThat(found(new Filter().words("%"))).containsExactly("order-5👟");
        assertThat(found(new Filter().words("order-").states(Set.of(State.DEAD))))
                .isEmpty();
    }

    @Test
    void messagesAreFoundByAPartInUpperOrLowerCase() {
        accept(json("Order-1", "room"));
        accept(json("x", "the-order-2"));
        accept(labelled("y", "ref", "an ORDER of 100%"));
        accept(json("w", "v").put("customerId", "Anna-1"));
        accept(labelled("z", "city", "Łódź Centrum"));
        accept(labelled("hi_there", "note", "주문 확인"));
        assertThat(found(new Filter().words("order"))).containsExactly("y", "x", "Order-1");
        assertThat(found(new Filter().words("DER-"))).containsExactly("x", "Order-1");
        assertThat(found(new Filter().words("nna"))).containsExactly("w");
        assertThat(found(new Filter().words("nna").withoutCustomers())).isEmpty();
        assertThat(found(new Filter().words("łódź c"))).containsExactly("z");
        assertThat(found(new Filter().words("확인"))).containsExactly("hi_there");
        assertThat(found(new Filter().words("0%"))).containsExactly("y");
        assertThat(found(new Filter().words("i_t"))).containsExactly("hi_there");
        assertThat(found(new Filter().words("r-r")))
                .as("not across two of them")
                .isEmpty();
        assertThat(found(new Filter().words("der").states(Set.of(State.DEAD)))).isEmpty();
        long later = System.currentTimeMillis() + 60_000;
        assertThat(found(new Filter().words("der").from(later))).isEmpty();
        assertThat(found(new Filter().words("der").to(later))).hasSize(3);
        assertThat(replay(new Filter().states(Filter.FAILED).words("der"), null).total())
                .isZero();
    }

    @Test
    void textsAreSearchedWhereThatIsAskedFor() {
        accept(json("1", "c").put("text", "Your \"order\" is on its way.\nThank you"));
        accept(json("2", "d").put("text", "배송이 출발했습니다"));
        assertThat(found(new Filter().words("order\" IS"))).isEmpty();
        assertThat(found(new Filter().words("order\" IS").texts(true))).containsExactly("1");
        assertThat(found(new Filter().words("출발").texts(true))).containsExactly("2");
        assertThat(found(new Filter().words("출발").texts(true).withoutCustomers()))
                .isEmpty();
        assertThat(found(new Filter().words("default").texts(true)))
                .as("only in texts")
                .isEmpty();
    }

    @Test
    void messagesOfABatchAreFoundByItsName() {
        Batch first = batch();
        keep(first, 1, List.of(ofBatch(json("1", "c"), first.id(), 1)));
        Batch second = store.batches()
                .begin(new Batch.Origin("a.csv", "again/a.csv", "files", ""))
                .join();
        keep(second, 1, List.of(ofBatch(json("2", "d"), second.id(), 1)));
        accept(json("3", "e"));
        assertThat(found(new Filter().batch(first.id()))).containsExactly("1");
        assertThat(found(new Filter().batch("a.csv"))).containsExactly("2", "1");
        assertThat(found(new Filter().batch("a.csv").states(Set.of(State.ACCEPTED))))
                .containsExactly("2", "1");
        finish(claim(1).get(0), dead(FailureClass.GONE));
        assertThat(found(new Filter().batch("a.csv").states(Filter.FAILED))).containsExactly("1");
        assertThat(found(new Filter().batch("no such file"))).isEmpty();
    }

    @Test
    void messagesAreFoundByStateVendorAndAccountWhereverTheyStand() {
        accept(json("1", "c"));
        accept(json("2", "d").put("account", "crm"));
        accept(json("3", "e").put("vendor", "other"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        assertThat(found(new Filter())).containsExactly("3", "2", "1");
        assertThat(found(new Filter().vendor("acme"))).containsExactly("2", "1");
        assertThat(found(new Filter().account("default"))).containsExactly("3", "1");
        assertThat(found(new Filter().states(Set.of(State.ACCEPTED)))).containsExactly("3", "2");
        assertThat(found(new Filter().states(Set.of(State.ACCEPTED)).states(Filter.FAILED)))
                .isEmpty();
        assertThat(found(new Filter().states(Filter.FAILED).vendor("acme").failureClass("gone")))
                .containsExactly("1");
        assertThat(found(new Filter().failureClass("gone").code("-1"))).containsExactly("1");
        assertThat(found(new Filter().code(Filter.NO_CODE))).isEmpty();
    }

    @Test
    void messagesOfABatchAreFoundNewestFirstAndGoOnAtACursor() {
        batchOf("b", 5);
        String batch = store.batches().list(null, null, 1).get(0).id();
        List<Found> page = store.messages().search(new Filter().batch(batch), Long.MAX_VALUE, 3);
        assertThat(page).extracting(each -> each.view().path("id").asText()).containsExactly("b5", "b4", "b3");
        assertThat(store.messages()
                        .search(new Filter().batch(batch), page.get(2).seq(), 3))
                .extracting(each -> each.view().path("id").asText())
                .containsExactly("b2", "b1");
        finish(claim(1).get(0), dead(FailureClass.GONE));
        assertThat(found(new Filter().batch(batch).states(Filter.FAILED))).containsExactly("b1");
    }

    @Test
    void deadLettersAreGroupedByTheirCause() {
        for (String id : List.of("1", "2", "3")) {
            accept(json(id, id));
        }
        List<Claimed> claimed = claim(3);
        finish(claimed.get(0), dead(FailureClass.GONE));
        finish(claimed.get(1), dead(FailureClass.GONE));
        finish(
                claimed.get(2),
                new Outcome(
                        State.UNCERTAIN,
                        0,
                        true,
                        true,
                        tried(Disposition.PARK),
                        failure(FailureClass.UNCERTAIN, true),
                        null));
        List<Group> groups = store.messages().deadLetterGroups(new Filter().states(Filter.FAILED));
        assertThat(store.messages()
                        .deadLetterGroups(new Filter()
                                .states(Filter.FAILED)
                                .failureClass("gone")
                                .code("-1")
                                .vendor("acme")))
                .containsExactly(groups.get(0));
        assertThat(store.messages()
                        .deadLetterGroups(new Filter().states(Filter.FAILED).account("other")))
                .isEmpty();
        assertThat(groups).extracting(Group::failureClass).containsExactly("gone", "uncertain");
        assertThat(groups).extracting(Group::count).containsExactly(2L, 1L);
        assertThat(groups).extracting(Group::mayHaveBeenSent).containsExactly(0L, 1L);
        Group gone = groups.get(0);
        assertThat(gone.lane()).isEqualTo(LANE);
        assertThat(gone.code()).isEqualTo("-1");
        assertThat(gone.first()).isLessThanOrEqualTo(gone.last());
        assertThat(gone.example()).isEqualTo(new Group.Example("2", "A meaning.", "words"));
    }

    // discarding and editing

    /** What came of a change that is refused; nothing else may come of it. */
    private Refused refusal(CompletableFuture<?> change) {
        Throwable refused = change.handle((done, failed) -> failed == null ? new IllegalStateException() : failed)
                .join();
        assertThat(refused).isInstanceOf(Refused.class);
        return (Refused) refused;
    }

    private String stateOf(String id) {
        return store.messages().find(id).orElseThrow().path("state").asText();
    }

    @Test
    void aDiscardedMessageIsBroughtBackAsWhatItWas() {
        accept(json("1", "c"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.messages().discard("1", "a test").join();
        assertThat(store.messages().find("1").orElseThrow().path("reason").asText())
                .isEqualTo("a test");
        assertThat(found(new Filter().states(Filter.FAILED))).isEmpty();
        assertThat(refusal(store.messages().replay("1", 1000)).status()).isEqualTo(409);
        store.messages().undiscard("1").join();
        assertThat(stateOf("1")).isEqualTo("dead");
        assertThat(store.messages().find("1").orElseThrow().has("reason")).isFalse();
        assertThat(refusal(store.messages().undiscard("1")).status()).isEqualTo(409);
        assertThat(store.messages().deadLetterGroups(new Filter().states(Filter.FAILED)))
                .hasSize(1);
    }

    @Test
    void anEditedMessageTakesThePlaceOfTheOldOneWhichIsLocked() {
        accept(json("1", "c"));
        finish(claim(1).get(0), dead(FailureClass.INVALID));
        store.messages()
                .edit("1", incoming(json("2", "c").put("text", "better")))
                .join();
        assertThat(stateOf("1")).isEqualTo("replaced");
        assertThat(store.messages().find("1").orElseThrow().path("replacedBy").asText())
                .isEqualTo("2");
        assertThat(store.messages().find("2").orElseThrow().path("replaces").asText())
                .isEqualTo("1");
        assertThat(refusal(store.messages().replay("1", 1000)).status()).isEqualTo(409);
        assertThat(refusal(store.messages().discard("1", "x")).status()).isEqualTo(409);
        assertThat(refusal(store.messages().edit("1", incoming(json("3", "c")))).status())
                .isEqualTo(409);
        assertThat(store.messages().find("3")).isEmpty();
        assertThat(claim(1)).extracting(each -> each.message().id()).containsExactly("2");
    }

    @Test
    void aReplaySaysHowManyLaterMessagesOfTheConversationHaveGoneOut() {
        accept(json("1", "c"));
        accept(json("2", "c"));
        accept(json("3", "d"));
        finish(claim(2).get(0), dead(FailureClass.GONE));
        finish(claim(1).get(0), delivered());
        assertThat(store.messages().replay("1", 1000).join()).isEqualTo(1);
    }

    // replays

    private Replay replay(Filter filter, @Nullable Double stopAt) {
        var wanted =
                new Replay.Wanted(RunAction.REPLAY, "{}", System.currentTimeMillis(), null, false, stopAt, false, null);
        return store.replays().begin(filter, wanted).join();
    }

    private void step(Replay run, int most) {
        store.replays().step(run.seq(), most, 0, lane -> 60_000L).join();
    }

    private Replay again(Replay run) {
        return store.replays().find(run.id()).orElseThrow();
    }

    private void die(int count) {
        for (int i = 1; i <= count; i++) {
            accept(json("r" + i, "c" + i));
        }
        claim(count).forEach(each -> finish(each, dead(FailureClass.GONE)));
    }

    @Test
    void aReplayTakesWhatHadFailedAndSendsEachOnceAlsoAfterARestart() {
        die(5);
        store.messages().discard("r5", "not wanted").join();
        Replay run = replay(new Filter().failureClass("gone"), null);
        assertThat(run.total()).isEqualTo(4);
        store.messages().replay("r4", 60_000).join();
        step(run, 1);
        restart();
        own();
        for (int i = 0; i < 3; i++) {
            step(run, 500);
        }
        assertThat(again(run).replayed()).isEqualTo(3);
        assertThat(again(run).changedSkipped()).isEqualTo(1);
        List<Claimed> claimed = claim(10);
        assertThat(claimed).extracting(each -> each.message().id()).containsExactlyInAnyOrder("r1", "r2", "r3", "r4");
        claimed.forEach(each -> finish(each, delivered()));
        assertThat(again(run).delivered()).isEqualTo(3);
        assertThat(again(run).state()).isEqualTo("finished");
    }

    @Test
    void aReplayLeavesOutWhatMayHaveBeenSentUnlessAsked() {
        accept(json("1", "c"));
        finish(
                claim(1).get(0),
                new Outcome(
                        State.UNCERTAIN,
                        0,
                        true,
                        true,
                        tried(Disposition.PARK),
                        failure(FailureClass.UNCERTAIN, true),
                        null));
        Replay run = replay(new Filter(), null);
        step(run, 10);
        assertThat(again(run).maybeSkipped()).isEqualTo(1);
        assertThat(again(run).state()).isEqualTo("finished");
        var all = new Replay.Wanted(RunAction.REPLAY, "{}", System.currentTimeMillis(), null, false, null, true, null);
        Replay asked = store.replays()
                .begin(new Filter().ids(List.of("1", "nobody")), all)
                .join();
        step(asked, 10);
        assertThat(again(asked).replayed()).isEqualTo(1);
    }

    @Test
    void aReplayStopsWhereTooManyAreDeadAgain() {
        die(20);
        Replay run = replay(new Filter(), 0.2);
        step(run, 5);
        List<Claimed> claimed = claim(5);
        finish(claimed.get(0), dead(FailureClass.GONE));
        assertThat(again(run).state()).isEqualTo("running");
        finish(claimed.get(1), dead(FailureClass.GONE));
        assertThat(again(run).state()).isEqualTo("stopped");
        step(run, 5);
        assertThat(again(run).replayed()).isEqualTo(5);
        assertThat(again(run).relapsed()).isEqualTo(2);
    }

    private Replay run(RunAction action, Filter filter) {
        var wanted = new Replay.Wanted(action, "{}", System.currentTimeMillis(), null, false, null, true, "a reason");
        Replay run = store.replays().begin(filter, wanted).join();
        step(run, 500);
        return again(run);
    }

    @Test
    void deadLettersAreDiscardedAndResolvedByAFilterAlsoAfterARestart() {
        die(3);
        accept(json("u", "c"));
        var uncertain = failure(FailureClass.UNCERTAIN, true);
        finish(claim(1).get(0), new Outcome(State.UNCERTAIN, 0, true, true, tried(Disposition.PARK), uncertain, null));
        Replay resolved = run(RunAction.RESOLVE, new Filter());
        assertThat(resolved.state()).isEqualTo("finished");
        assertThat(resolved.replayed()).isEqualTo(1);
        assertThat(state("u")).isEqualTo("delivered");
        var wanted = new Replay.Wanted(
                RunAction.DISCARD, "{}", System.currentTimeMillis(), null, false, null, true, "the sale is over");
        Replay begun = store.replays().begin(new Filter().code("-1"), wanted).join();
        step(begun, 1);
        restart();
        own();
        step(begun, 500);
        assertThat(again(begun).replayed()).isEqualTo(3);
        assertThat(again(begun).state()).isEqualTo("finished");
        assertThat(List.of(state("r1"), state("r2"), state("r3"))).containsOnly("discarded");
        assertThat(store.messages().find("r1").orElseThrow().path("reason").asText())
                .isEqualTo("the sale is over");
    }

    @Test
    void whatWaitsForItsNextAttemptIsTriedNowAndWhatIsBehindItIsNot() {
        accept(json("1", "c"));
        accept(json("2", "c"));
        accept(json("3", "d").put("notBefore", "2099-01-02T03:04:05Z"));
        finish(claim(1).get(0), waiting(3_600_000, false));
        assertThat(claimedIds()).isEmpty();
        assertThat(store.messages().waiting(List.of("1", "2", "3")))
                .hasEntrySatisfying("1", waits -> assertThat(waits.reason()).isEqualTo(WaitReason.RETRY))
                .hasEntrySatisfying("2", waits -> assertThat(waits.subject()).isEqualTo("1"))
                .hasEntrySatisfying("3", waits -> assertThat(waits.reason()).isEqualTo(WaitReason.NOT_BEFORE));
        Replay tried = run(RunAction.TRY, new Filter());
        assertThat(tried.total()).isEqualTo(1);
        assertThat(tried.state()).isEqualTo("finished");
        assertThat(claimedIds()).containsExactly("1");
        Replay given = run(RunAction.DISCARD_WAITING, new Filter());
        assertThat(given.replayed()).as("not the one that is being sent").isEqualTo(2);
        assertThat(List.of(state("1"), state("2"), state("3"))).containsExactly("sending", "discarded", "discarded");
    }

    @Test
    void aMessageOutsideItsHoursWaitsWithoutAnAttemptAlsoOverARestartAndAChangeOfTheClock() {
        accept(json("1", "c"));
        finish(claim(1).get(0), Outcome.putOff(WaitReason.HOURS, 3_600_000, false));
        restart();
        own();
        assertThat(claimedIds()).isEmpty();
        assertThat(state("1")).isEqualTo("waiting");
        assertThat(store.messages().waiting(List.of("1")))
                .hasEntrySatisfying("1", waits -> assertThat(waits.reason()).isEqualTo(WaitReason.HOURS));
        assertThat(run(RunAction.TRY, new Filter()).replayed()).isZero();
        store.lanes().lookAtHours(LANE);
        List<Claimed> claimed = claim(10);
        assertThat(claimed).hasSize(1);
        assertThat(claimed.get(0).attempt()).isEqualTo(1);
        finish(claimed.get(0), delivered());
        assertThat(store.messages().find("1").orElseThrow().path("attempts")).hasSize(1);
    }

    @Test
    void aMessageForWhichNoOneIsAvailableWaitsWithoutAnAttemptAlsoOverARestart() {
        accept(json("1", "c"));
        finish(claim(1).get(0), Outcome.putOff(WaitReason.GATE, 3_600_000, false));
        restart();
        own();
        assertThat(store.messages().waiting(List.of("1")))
                .hasEntrySatisfying("1", waits -> assertThat(waits.reason()).isEqualTo(WaitReason.GATE));
        assertThat(run(RunAction.TRY, new Filter()).replayed()).isZero();
        store.lanes().lookAtHours(LANE);
        assertThat(claimedIds()).isEmpty();
        assertThat(store.messages().find("1").orElseThrow().path("attempts")).isEmpty();
    }

    @Test
    void aMessageThatIsDiscardedWhileItWaitsLetsTheNextOfItsConversationGo() {
        accept(json("1", "c"));
        accept(json("2", "c"));
        finish(claim(1).get(0), waiting(3_600_000, false));
        store.messages().discard("1", "too late").join();
        assertThat(claimedIds()).containsExactly("2");
        assertThat(store.messages().find("1").orElseThrow().path("reason").asText())
                .isEqualTo("too late");
    }

    // fallbacks

    /** Accepts a message, lets it die, and has another one sent in its place. */
    private void fallBack(Incoming message, Outcome outcome, String fallback) {
        accept(message);
        Claimed claimed = claim(1).get(0);
        store.lanes().finish(claimed, outcome, incoming(json(fallback, ""))).join();
    }

    private void fallBack(String id, String fallback) {
        fallBack(incoming(json(id, "c-" + id)), dead(FailureClass.GONE), fallback);
    }

    @Test
    void aFallbackComesInWithTheFailureAndEachShowsTheOther() {
        var source = new Incoming.Source("queue", null, null, "answers", "7", null, "crm");
        fallBack(incoming(json("1", "c"), "chat", source), dead(FailureClass.GONE), "2");
        restart();
        assertThat(view("1").path("fallback").asText()).isEqualTo("2");
        assertThat(view("2").path("fallbackOf").asText()).isEqualTo("1");
        assertThat(view("2").path("state").asText()).isEqualTo("accepted");
        assertThat(view("2").at("/source/sender").asText()).isEqualTo("crm");
        assertThat(store.messages().search(new Filter(), Long.MAX_VALUE, 10))
                .extracting(found -> found.view().path("fallback").asText())
                .containsExactly("", "2");
        List<String> out = store.read(sql -> sql.list("select body from outbox", Row::text));
        assertThat(out)
                .as("the dead letter and the reply")
                .hasSize(2)
                .allMatch(body -> body.contains("\"fallback\":\"2\""));
        own();
        finish(claim(1).get(0), delivered());
        assertThat(topics()).endsWith("outbox:replies 2");
    }

    @Test
    void aChainHasOneFallback() {
        fallBack("1", "2");
        store.lanes()
                .finish(claim(1).get(0), dead(FailureClass.GONE), incoming(json("3", "")))
                .join();
        store.messages().replay("1", 60_000).join();
        store.lanes()
                .finish(claim(1).get(0), dead(FailureClass.GONE), incoming(json("4", "")))
                .join();
        assertThat(state("2")).isEqualTo("dead");
        assertThat(state("1")).isEqualTo("dead");
        assertThat(view("1").path("fallback").asText()).isEqualTo("2");
        assertThat(store.messages().state("3")).isEmpty();
        assertThat(store.messages().state("4")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void anEditedCopyHasNoSecondFallback(String dead) {
        fallBack("1", "2");
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.messages().edit(dead, incoming(json("copy", ""))).join();
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.messages().edit("copy", incoming(json("copy-of-copy", ""))).join();
        store.lanes()
                .finish(claim(1).get(0), dead(FailureClass.GONE), incoming(json("second", "")))
                .join();
        assertThat(state("copy-of-copy")).isEqualTo("dead");
        assertThat(store.messages().state("second")).isEmpty();
    }

    @Test
    void whatEndedWithoutAnAttemptHasAFallbackOnce() {
        for (String id : List.of("1", "2")) {
            accept(json(id, "c-" + id)
                    .put("expiresAt", Instant.now().minusSeconds(1).toString()));
        }
        assertThat(claimedIds()).isEmpty();
        store.messages().deadLetter("1", "late", incoming(json("f1", ""))).join();
        store.messages().deadLetter("1", "late", incoming(json("again", ""))).join();
        store.messages().discard("2", "no").join();
        store.messages().deadLetter("2", "late", incoming(json("f2", ""))).join();
        assertThat(view("1").path("fallback").asText()).isEqualTo("f1");
        assertThat(store.messages().state("again")).isEmpty();
        assertThat(store.messages().state("f2")).as("someone has discarded it").isEmpty();
    }

    @Test
    void nothingIsSentInThePlaceOfWhatIsNotDeadOrNotWanted() {
        fallBack(incoming(json("1", "c")), outcome(State.UNCERTAIN), "f1");
        fallBack(incoming(json("2", "d")), waiting(60_000, false), "f2");
        accept(full("3", "e", "anna"));
        Claimed third = claim(1).get(0);
        store.retention().eraseCustomer("anna", null);
        store.lanes()
                .finish(third, dead(FailureClass.GONE), incoming(json("f3", "")))
                .join();
        Batch batch = batch();
        keep(batch, 1, List.of(ofBatch(json("4", ""), batch.id(), 1)));
        Claimed fourth = claim(1).get(0);
        store.batches().cancel(batch.id()).join();
        store.lanes()
                .finish(fourth, dead(FailureClass.GONE), incoming(json("f4", "")))
                .join();
        assertThat(List.of("f1", "f2", "f3", "f4"))
                .allSatisfy(id -> assertThat(store.messages().state(id)).isEmpty());
    }

    @Test
    void anAttemptThatIsNoLongerTheMessagesBringsNoFallback() {
        accept(json("1", "c"));
        Claimed claimed = claim(1).get(0);
        finish(claimed, dead(FailureClass.GONE));
        store.lanes()
                .finish(claimed, dead(FailureClass.GONE), incoming(json("2", "")))
                .join();
        assertThat(store.messages().state("2")).isEmpty();
    }

    @Test
    void aRunSendsAMessageWithAFallbackOnlyWhereToldTo() {
        fallBack("1", "2");
        Filter all = new Filter().states(Filter.FAILED);
        long now = System.currentTimeMillis();
        assertThat(store.replays().count(new Filter(), RunAction.REPLAY, now, true))
                .isEqualTo(1);
        Replay without = replay(all, null);
        step(without, 10);
        assertThat(again(without).maybeSkipped()).isEqualTo(1);
        assertThat(state("1")).isEqualTo("dead");
        var with = new Replay.Wanted(RunAction.REPLAY, "{}", now + 1_000, null, false, null, true, null);
        step(store.replays().begin(new Filter().states(Filter.FAILED), with).join(), 10);
        assertThat(state("1")).isEqualTo("accepted");
    }

    @Test
    void theLineOfABatchNamesTheFallback() {
        Batch batch = batch();
        keep(batch, 1, List.of(ofBatch(json("1", ""), batch.id(), 1)));
        store.lanes()
                .finish(claim(1).get(0), dead(FailureClass.GONE), incoming(json("2", "")))
                .join();
        List<String> lines = new ArrayList<>();
        store.batches()
                .eachLine(batch.id(), line -> lines.add(line.line() + " " + line.state() + " " + line.fallback()));
        assertThat(lines).containsExactly("1 dead 2");
        assertThat(view("2").path("source").has("batch")).isFalse();
    }

    @Test
    void aFallbackIsErasedWithItsOriginalAndTheOtherWayRound() {
        fallBack(incoming(full("1", "c", "anna")), dead(FailureClass.GONE), "2");
        fallBack("3", "4");
        accept(full("5", "c5", "anna"));
        store.lanes()
                .finish(
                        claim(10).stream()
                                .filter(each -> each.message().id().equals("5"))
                                .findFirst()
                                .orElseThrow(),
                        dead(FailureClass.GONE),
                        incoming(full("6", "", "berta")))
                .join();
        assertThat(store.retention().eraseCustomer("berta", null).erased()).isEqualTo(1);
        assertThat(view("5").has("erasedAt")).isTrue();
        assertThat(view("1").has("erasedAt")).isFalse();
        store.retention().eraseCustomer("anna", null);
        assertThat(view("1").has("erasedAt")).isTrue();
        assertThat(state("2")).isNotEqualTo("accepted");
        assertThat(view("3").has("erasedAt")).isFalse();
    }

    @Test
    void nothingIsLeftOfAFallbackThatIsTakenAway() {
        fallBack("1", "2");
        finish(claim(1).get(0), delivered());
        store.messages().discard("1", "no").join();
        forget(Duration.ZERO, Duration.ZERO);
        assertThat(store.messages().state("2")).isEmpty();
        assertThat((long) store.read(sql -> sql.number("select count(*) from fallback")))
                .isZero();
    }

    // erasing

    private static final Outcome.Failure WORDS = new Outcome.Failure(
            FailureClass.GONE, "-700", "SECRET words of the vendor", "SECRET meaning", true, "gone");

    /** A message that holds something everywhere. */
    static ObjectNode full(String id, String conversation, String customer) {
        ObjectNode json = json(id, conversation)
                .put("customerId", customer)
                .put("text", "SECRET text")
                .put("extra", "SECRET extra");
        json.putObject("labels").put("order", "SECRET label");
        return json;
    }

    private static Incoming withReply(ObjectNode json) {
        return incoming(json, "chat", new Incoming.Source("queue", null, null, "replies", "correlation", null, null));
    }

    static Outcome outcome(State state) {
        var tried = new Outcome.Tried(
                Instant.now(), Disposition.DELIVERED, 200, "0", "SECRET m", "{\"body\":\"SECRET r\"}", "SECRET answer");
        return new Outcome(
                state,
                0,
                true,
                false,
                tried,
                state == State.DELIVERED ? null : WORDS,
                JsonNodeFactory.instance.objectNode().put("transcript", "SECRET transcript"));
    }

    int forget(Duration bodies, Duration messages) {
        long now = System.currentTimeMillis() + 1;
        int all = 0;
        for (int some = -1; some != 0; all += some) {
            some = store.retention()
                    .forget(now - bodies.toMillis(), now - messages.toMillis(), 3)
                    .join();
        }
        return all;
    }

    static final Duration LONG = Duration.ofDays(9);

    /** Returns every text that any table holds. */
    private String everything() {
        return store.read(sql -> Stream.of(
                        "message", "identity", "work", "outcome", "attempt", "label", "outbox", "batch_row")
                .flatMap(table -> sql.list("select * from " + table, Row::toString).stream())
                .collect(java.util.stream.Collectors.joining("\n")));
    }

    private JsonNode view(String id) {
        return store.messages().find(id).orElseThrow();
    }

    @Test
    void whatFinishedMessagesHoldIsErasedAndTheirOutcomesStay() {
        accept(withReply(full("m", "SECRET room", "SECRET anna")));
        accept(full("two", "SECRET room", "SECRET anna"));
        finish(claim(1).get(0), outcome(State.DELIVERED));
        finish(claim(1).get(0), outcome(State.DEAD));
        store.messages().discard("two", "SECRET reason").join();
        assertThat(forget(LONG, LONG)).isZero();
        assertThat(everything()).contains("SECRET");
        assertThat(forget(Duration.ZERO, LONG)).isEqualTo(2);
        assertThat(everything()).doesNotContain("SECRET");
        assertThat(view("m").path("state").asText()).isEqualTo("delivered");
        assertThat(view("m").path("erasedAt").asText()).isNotEmpty();
        assertThat(view("m").at("/attempts/0/httpStatus").asInt()).isEqualTo(200);
        assertThat(view("two").at("/failure/code").asText()).isEqualTo("-700");
        assertThat(view("two").at("/failure/mayHaveBeenSent").asBoolean()).isTrue();
        assertThat(topics()).contains("outbox:replies m", "dead-letters:gone two");
    }

    @Test
    void anErasedMessageIsKnownWhenItComesAgainAndAnotherOfItsIdIsAConflict() {
        accept(full("m", "c", "anna"));
        finish(claim(1).get(0), delivered());
        forget(Duration.ZERO, LONG);
        assertThat(accept(full("m", "c", "anna"))).isEqualTo(Accepted.Kind.DUPLICATE);
        assertThat(accept(json("m", "c"))).isEqualTo(Accepted.Kind.CONFLICT);
        assertThat(store.messages().get("m")).isEmpty();
    }

    @Test
    void whatIsNotDoneKeepsWhatItHolds() {
        for (String id : List.of("waits", "dead", "uncertain", "sends", "later")) {
            accept(full(id, "c-" + id, "anna"));
        }
        List<Claimed> claimed = claim(4);
        finish(claimed.get(0), waiting(60_000, false));
        finish(claimed.get(1), dead(FailureClass.GONE));
        finish(claimed.get(2), outcome(State.UNCERTAIN));
        assertThat(forget(Duration.ZERO, Duration.ZERO)).isZero();
        store.messages().resolve("uncertain", null).join();
        store.messages().discard("dead", "no").join();
        assertThat(forget(Duration.ZERO, LONG)).isEqualTo(2);
        assertThat(view("sends").path("text").asText()).isEqualTo("SECRET text");
    }

    private static void assertRefused(CompletableFuture<?> asked, String words) {
        assertThat(asked)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(java.util.concurrent.ExecutionException.class)
                .havingCause()
                .isInstanceOf(Refused.class)
                .withMessageContaining(words);
    }

    @Test
    void whatWasErasedIsNeitherSentAgainNorBroughtBack() {
        accept(full("m", "c", "anna"));
        finish(claim(1).get(0), dead(FailureClass.GONE));
        store.messages().discard("m", "no").join();
        forget(Duration.ZERO, LONG);
        assertRefused(store.messages().undiscard("m"), "has been erased");
        assertRefused(store.messages().replay("m", 60_000), "discarded");
    }

    @Test
    void whatIsOlderStillIsTakenAwayWithAllThatBelongsToIt() {
        Batch batch = batch();
        keep(
                batch,
                3,
                List.of(ofBatch(full("m", "c", "anna"), batch.id(), 1), ofBatch(json("dead", ""), batch.id(), 2)),
                new Batch.Row(3, "invalid", null, "is no message", "SECRET raw"));
        store.batches().end(batch.id(), null).join();
        claim(2).forEach(each -> finish(each, each.message().id().equals("m") ? delivered() : dead(FailureClass.GONE)));
        forget(Duration.ZERO, LONG);
        assertThat(everything()).doesNotContain("SECRET");
        assertThat(store.batches().hasLines(batch(batch))).isTrue();
        assertThat(store.batches().hasRejected(batch.id())).isFalse();
        forget(Duration.ZERO, Duration.ZERO);
        assertThat(store.messages().find("m")).isEmpty();
        assertThat(state("dead")).isEqualTo("dead");
        assertThat(store.batches().hasLines(batch(batch))).isFalse();
        assertThat(batch(batch).delivered()).isEqualTo(1);
        assertThat(batch(batch).invalid()).isEqualTo(1);
        assertThat((long) store.read(sql -> sql.number("select count(*) from outcome")))
                .isEqualTo(1);
        assertThat(accept(full("m", "c", "anna"))).isEqualTo(Accepted.Kind.NEW);
    }

    @Test
    void aCustomersMessagesAreErasedAndWhatHasNotBeenSentIsNotSent() {
        accept(full("delivered", "SECRET c1", "anna"));
        accept(full("dead", "SECRET c2", "anna"));
        accept(full("waits", "SECRET c3", "anna"));
        ObjectNode transcript = json("transcript", "SECRET c1");
        accept(incoming(transcript, "other", Incoming.Source.of("rest", null)));
        accept(json("other", "d").put("customerId", "anna-2").put("text", "mine"));
        claim(10).forEach(each -> {
            Outcome outcome = each.message().id().equals("other")
                    ? delivered()
                    : outcome(each.message().id().equals("dead") ? State.DEAD : State.DELIVERED);
            finish(each, each.message().id().equals("waits") ? waiting(60_000, false) : outcome);
        });
        accept(full("behind", "SECRET c3", "anna"));
        assertThat(store.retention().eraseCustomer("anna", "nobody")).isEqualTo(new Erased(0, 0, 0));
        assertThat(store.retention().eraseCustomer("anna", "acme")).isEqualTo(new Erased(3, 2, 0));
        assertThat(store.retention().eraseCustomer("anna", null)).isEqualTo(new Erased(0, 0, 0));
        assertThat(view("waits").path("state").asText()).isEqualTo("discarded");
        assertThat(view("waits").path("reason").asText()).isEqualTo("erased on request");
        assertThat(view("dead").path("state").asText()).isEqualTo("discarded");
        assertThat(view("transcript").has("erasedAt")).isTrue();
        assertThat(view("other").path("text").asText()).isEqualTo("mine");
        assertThat(view("other").has("erasedAt")).isFalse();
        assertThat(claimedIds()).isEmpty();
        assertThat(everything()).contains("mine").doesNotContain("SECRET");
    }

    @Test
    void whatIsBeingSentIsErasedWhenItsAttemptHasEnded() {
        for (String id : List.of("delivered", "dead", "waiting")) {
            accept(withReply(full(id, "SECRET " + id, "anna")));
        }
        List<Claimed> claimed = claim(3);
        accept(full("behind", "SECRET delivered", "anna"));
        assertThat(store.retention().eraseCustomer("anna", null)).isEqualTo(new Erased(0, 1, 3));
        assertThat(view("dead").path("text").asText()).isEqualTo("SECRET text");
        claimed.forEach(each -> finish(
                each,
                each.message().id().equals("waiting")
                        ? waiting(0, false)
                        : outcome(State.of(each.message().id()))));
        assertThat(everything()).doesNotContain("SECRET text").doesNotContain("SECRET r");
        assertThat(state("delivered")).isEqualTo("delivered");
        assertThat(state("dead")).isEqualTo("discarded");
        assertThat(state("waiting")).isEqualTo("discarded");
        assertThat(topics()).contains("outbox:replies delivered", "dead-letters:gone dead", "outbox:replies waiting");
        assertThat(claimedIds()).isEmpty();
    }

    @Test
    void whatWaitsInALaneOfAnotherProcessIsDiscardedByThatOne() {
        accept(full("m", "c", "anna"));
        accept(full("behind", "c", "anna"));
        accept(json("other", "c"));
        try (Store second = anotherProcess()) {
            assertThat(second.retention().eraseCustomer("anna", null)).isEqualTo(new Erased(0, 0, 3));
            store.lanes().tend(LANE);
            await().atMost(Duration.ofSeconds(10)).until(() -> state("behind").equals("discarded"));
            assertThat(claimedIds()).isEmpty();
            assertThat(view("m").has("text")).isFalse();
        }
    }

    @Test
    void whatWaitsInALaneThatNobodyHasIsDiscardedAtOnceAndTheLaneStaysFree() {
        accept(full("m", "c", "anna"));
        restart();
        assertThat(store.retention().eraseCustomer("anna", null)).isEqualTo(new Erased(0, 1, 0));
        try (Store second = anotherProcess()) {
            assertThat(ownership(second)).isEqualTo(Ownership.ANEW);
        }
    }

    private List<String> plans(String sql, Object... values) {
        return store.read(connection -> connection.list(explain() + sql, Row::toString, values));
    }

    @Test
    void whatIsToBeErasedHasItsIndex() {
        fill();
        claim(500).forEach(each -> store.lanes().finish(each, delivered()));
        forget(Duration.ZERO, LONG);
        analyze();
        String bodies = plans(Retention.LATE_BODIES, 1L, 3).toString();
        String rows = plans(Retention.LATE_MESSAGES, 1L, 3).toString();
        String marked = plans("select 1 from work where " + Erasure.MARKED + " limit ?", LANE, 3)
                .toString();
        String named = plans(Customers.NAMED, "anna", "acme/", "acme0", 3).toString();
        String unnamed = plans(Customers.UNNAMED, "c-m-1", "acme/", "acme0").toString();
        String outbox =
                plans("select seq from outbox where subject in ('m-1', 'm-2')").toString();
        String batches = plans(BatchRows.ENDED, 0, 1L).toString();
        assertThat(bodies)
                .contains("outcome_late")
                .doesNotContainIgnoringCase("sort")
                .doesNotContain("TEMP B-TREE");
        assertThat(rows)
                .contains("outcome_late_erased")
                .doesNotContainIgnoringCase("sort")
                .doesNotContain("TEMP B-TREE");
        assertThat(marked).contains("work_erase");
        assertThat(named).contains("message_customer");
        assertThat(unnamed).contains("message_conversation");
        assertThat(outbox).contains("outbox_subject");
        assertThat(batches).containsAnyOf("batch_forgotten", "Seq Scan on batch "); // fifty are few
    }

    // the plans of searches

    /** Tells how the database would find something. */
    private String plan(String before, java.util.function.Function<Sql, List<Query>> queries) {
        return store.read(sql -> queries.apply(sql).stream()
                .flatMap(each -> each.within(before, "").list(sql, Row::toString).stream())
                .collect(java.util.stream.Collectors.joining("\n")));
    }

    abstract String explain();

    private String plan(Filter filter) {
        return plan(explain(), sql -> new Search(sql, filter).queries(Long.MAX_VALUE, 100));
    }

    /** Fills the store with what a planner can tell apart. */
    private void fill() {
        List<String> batches = IntStream.range(0, 50)
                .mapToObj(i -> store.batches()
                        .begin(new Batch.Origin("f" + i, "f" + i, "files", ""))
                        .join()
                        .id())
                .toList();
        for (int from = 0; from < 6_000; from += 1_000) {
            store.messages()
                    .accept(IntStream.range(from, from + 1_000)
                            .mapToObj(i -> ofBatch(labelled("m-" + i, "number", "n" + i % 100), batches.get(i % 50), i))
                            .toList())
                    .join();
        }
        CompletableFuture.allOf(claim(500).stream()
                        .map(each -> store.lanes().finish(each, dead(FailureClass.GONE)))
                        .toArray(CompletableFuture[]::new))
                .join();
        for (int i = 0; i < 3; i++) {
            CompletableFuture.allOf(claim(500).stream()
                            .map(each -> store.lanes().finish(each, delivered()))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        analyze();
    }

    abstract void analyze();

    @Test
    void theAuditIsOnlyAddedTo() {
        AccessStore access = store().access();
        access.audit(new AuditEntry(0, 1, "crm", null, "pauseLane", "/lanes/acme/default/pause", null, null))
                .join();
        for (String change : List.of("update audit set who = 'other'", "delete from audit")) {
            assertThatThrownBy(() -> store().read(sql -> sql.update(change)))
                    .hasMessageContaining("the audit is only added to");
        }
        assertThat(access.audited(new AuditFilter("crm", null, "/lanes/", null, null), Long.MAX_VALUE, 10))
                .hasSize(1);
    }

    @Test
    void everySearchHasItsIndex() {
        fill();
        assertThat(plan(new Filter().states(Set.of(State.DEAD)))).contains("outcome_list");
        assertThat(plan(new Filter().vendor("acme"))).contains("outcome_list");
        assertThat(plan(new Filter().failureClass("gone").code("-1"))).contains("outcome_failed");
        assertThat(plan(new Filter().states(Filter.FAILED).batch("b1"))).contains("outcome_failed");
        assertThat(plan(new Filter().batch("b1"))).contains("message_batch");
        assertThat(plan(new Filter().conversation("c-m-1"))).contains("message_conversation");
        assertThat(plan(new Filter().label("number", "n1"))).contains(index("label"));
        assertThat(plan(new Filter().words("m-17"))).contains("message_conversation", index("label"), index("message"));
        assertThat(plan(new Filter().sender("crm"))).contains("message_sender");
        assertThat(plan(new Filter().sender("crm").states(Filter.FAILED))).contains("message_sender");
        assertThat(plan(new Filter())).contains(index("message"));
        for (Filter filter : List.of(
                new Filter(),
                new Filter().states(Set.of(State.DEAD)),
                new Filter().account("default"),
                new Filter().failureClass("gone"),
                new Filter().conversation("c-m-1"),
                new Filter().batch("b1"),
                new Filter().label("number", "n1"),
                new Filter().words("m-17"))) {
            assertThat(plan(filter)).doesNotContainPattern(scan());
        }
        assertThat(plan(explain(), sql -> List.of(DeadLetters.grouping(sql, new Filter().states(Filter.FAILED)))))
                .contains("outcome_failed")
                .doesNotContainPattern(scan());
    }

    /** How a plan names the index of a table's primary key. */
    abstract String index(String table);

    /** How a plan says that it reads a whole table. */
    abstract String scan();

    /** Delivers some thousand messages of a file, on a store without any. */
    void deliverOneByOne(int count) {
        for (int i = 0; i < count; i++) {
            accept(json("m" + i, "c" + i));
            finish(claim(1).get(0), delivered());
        }
    }

    /** The limits of what a message costs, alone and in a chunk of a file: who raises one says why, with a measurement. */
    @Test
    void aDeliveredMessageTakesFewStatements() {
        try (var log = new StatementLog(store)) {
            accept(json("alone", "c").put("customerId", "k"));
            List<Share> one = List.of(new Share("chat", 1, null));
            finish(store.lanes().claim(LANE, one).join().get(0), delivered());
            assertThat(log.statements()).hasSizeLessThanOrEqualTo(14);
        }
        Batch batch = batch();
        List<Incoming> many = IntStream.range(0, 100)
                .mapToObj(i -> ofBatch(json("m" + i, "c" + i), batch.id(), i))
                .toList();
        try (var log = new StatementLog(store)) {
            log.onWriter(() -> store.batches()
                            .accept(chunk(batch, 100, many))
                            .thenCompose(kept -> store.lanes().claim(LANE, List.of(new Share("chat", 100, null))))
                            .thenCompose(this::deliver))
                    .join();
            assertThat(log.statements()).hasSizeLessThanOrEqualTo(30);
        }
        assertThat(batch(batch).delivered()).isEqualTo(100);
    }

    private CompletableFuture<Void> deliver(List<Claimed> claimed) {
        return CompletableFuture.allOf(claimed.stream()
                .map(each -> store.lanes().finish(each, delivered()))
                .toArray(CompletableFuture[]::new));
    }

    StoredMessages.Left stored(boolean server) {
        return new StoredMessages(store, LANE, server, claimed -> delivered()).deliver(3_000);
    }
}
