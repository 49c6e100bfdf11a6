package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.vendor.FakeVendor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A lane of a bus under test: an account of HappyTalk's, and a vendor that only this lane calls. */
final class TestLane implements AutoCloseable {

    private final String account;
    private final FakeVendor vendor = FakeVendor.start();
    private final Traffic traffic = new Traffic();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable RunningBus bus;

    /**
     * Makes an account.
     *
     * @param lane names and values of its lane's settings in turn
     */
    TestLane(String account, String... lane) {
        this.account = account;
        vendor.answerBy(traffic);
        set("biz-url", vendor.url());
        set("customer-url", vendor.url());
        set("client-id", "id-of-" + account);
        set("client-secret", "secret-of-" + account);
        set("token", "token-of-" + account);
        for (int i = 0; i < lane.length; i += 2) {
            set("lane." + lane[i], lane[i + 1]);
        }
    }

    private void set(String name, String value) {
        settings.put("switchboard.vendors.happytalk.accounts." + account + "." + name, value);
    }

    Map<String, String> settings() {
        return settings;
    }

    FakeVendor vendor() {
        return vendor;
    }

    Traffic traffic() {
        return traffic;
    }

    /** Says which bus it is a lane of from now on. */
    void on(RunningBus running) {
        bus = running;
    }

    private RunningBus bus() {
        if (bus == null) {
            throw new IllegalStateException(account + " is on no bus");
        }
        return bus;
    }

    RestClient rest() {
        try {
            return bus().rest();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    ObjectNode send(String conversation, String text) {
        return RestClient.send(conversation, text).put("account", account);
    }

    ObjectNode end(String conversation) {
        ObjectNode message = send(conversation, "").put("operation", "end");
        message.remove("text");
        return message;
    }

    ObjectNode transcript(String conversation) {
        ObjectNode message = end(conversation).put("operation", "transcript");
        message.remove("customerId");
        return message;
    }

    /** Submits a message, and returns its id. */
    String submit(ObjectNode message) {
        RestClient.Answer answer = rest().submit(message);
        assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
        return answer.json().path("id").asText();
    }

    /** Has many messages read from a file, while the lane is paused, so that all of them wait. */
    void pauseAndDrop(Stream<ObjectNode> messages) throws IOException {
        pause();
        List<String> lines = messages.map(ObjectNode::toString).toList();
        int before = depth();
        Path inbox = bus().file("inbox").toPath();
        String name = account + "-" + System.nanoTime() + ".jsonl";
        Files.write(inbox.resolve(name), lines);
        Files.createFile(inbox.resolve(name + ".done"));
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> depth() == before + lines.size());
    }

    void pause() {
        pause("");
    }

    /** Pauses with the body of the call. */
    void pause(String asked) {
        assertThat(rest().post(path("pause"), asked).status()).isEqualTo(200);
    }

    void resume() {
        assertThat(rest().post(path("resume"), "").status()).isEqualTo(200);
    }

    private String path(String what) {
        return "/lanes/happytalk/" + account + "/" + what;
    }

    /** Returns the lane as {@code GET /lanes} shows it. */
    JsonNode view() {
        return StreamSupport.stream(rest().get("/lanes").json().path("lanes").spliterator(), false)
                .filter(lane -> lane.path("account").asText().equals(account))
                .findFirst()
                .orElseThrow();
    }

    JsonNode circuit(String api) {
        return StreamSupport.stream(view().path("circuits").spliterator(), false)
                .filter(circuit -> circuit.path("api").asText().equals(api))
                .findFirst()
                .orElseThrow();
    }

    void awaitCircuit(String api, String state, Duration limit) {
        await("circuit " + api + " of " + account)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> circuit(api).path("state").asText(), state::equals);
    }

    int depth() {
        return view().path("depth").asInt();
    }

    void awaitEmpty(Duration limit) {
        await("the end of all messages of " + account)
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .until(this::depth, depth -> depth == 0);
    }

    /** Waits until messages that others accept are finished. */
    void awaitFinished(Set<String> ids) {
        await("the outcomes of " + account)
                .atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> ids.stream().allMatch(id -> message(id).has("finishedAt")));
    }

    /** Waits until so many requests have come. */
    void awaitRequests(int count) {
        await(count + " requests of " + account)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(traffic::count, come -> come >= count);
    }

    JsonNode message(String id) {
        return rest().get("/messages/" + id).json();
    }

    String state(String id) {
        return message(id).path("state").asText();
    }

    /** Returns the messages of a state, newest first, without their attempts. */
    List<JsonNode> messages(String state) {
        var found = new ArrayList<JsonNode>();
        String after = "";
        do {
            JsonNode page = rest().get("/messages?limit=1000&account=" + account + "&state=" + state + after)
                    .json();
            page.path("messages").forEach(found::add);
            after = page.has("next") ? "&after=" + page.path("next").asText() : "";
        } while (!after.isEmpty());
        return found;
    }

    @Override
    public void close() {
        vendor.close();
    }
}
