package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.store.Store;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each call of the API with each role and with none, as docs/security.md says. */
class AccessIT {

    private static final Pattern ROW = Pattern.compile("\\| `([A-Z]+) (/[^`]*)` \\| ([a-z, ]+) \\|");
    private static final List<String> ROLES = List.of("sender", "reader", "operator", "admin");

    private static Path folder;
    private static RunningBus bus;
    private static Keys keys;
    private static Store store;
    private static final Map<String, RestClient> CLIENTS = new TreeMap<>();

    @BeforeAll
    static void start() throws IOException {
        folder = RunningBus.newFolder("access");
        bus = RunningBus.start(folder, Map.of("switchboard.sandbox.enabled", "true"));
        store = Store.open("jdbc:sqlite:" + folder.resolve("data/switchboard.db"), "", "");
        keys = new Keys(store.access());
        for (String role : ROLES) {
            CLIENTS.put(role, bus.rest().withKey(key(role, List.of(role), List.of(), "", null)));
        }
        CLIENTS.put("none", bus.rest());
        await("the keys to count").until(() -> bus.rest().get("/lanes").status() == 401);
    }

    @AfterAll
    static void stop() {
        store.close();
        bus.close();
    }

    private static String key(
            String name, List<String> roles, List<String> lanes, String prefix, @Nullable Integer perSecond) {
        return keys.create(new NewKey(name, roles, lanes, prefix, perSecond, null))
                .orElseThrow();
    }

    private static RestClient as(String role) {
        return Objects.requireNonNull(CLIENTS.get(role));
    }

    /** The documented table: who may make which call. */
    private static Map<String, Set<String>> documented() throws IOException {
        var table = new TreeMap<String, Set<String>>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/security.md")));
        while (row.find()) {
            table.put(
                    row.group(1) + " " + row.group(2),
                    new TreeSet<>(List.of(row.group(3).split(", "))));
        }
        return table;
    }

    @Test
    void everyCallHasARowWithItsRoles() throws IOException {
        var calls = new TreeMap<String, Set<String>>();
        JsonNode document =
                new YAMLMapper().readTree(Path.of("routes/openapi.yaml").toFile());
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(call -> {
                    var roles = new TreeSet<String>();
                    call.getValue().path("x-roles").forEach(role -> roles.add(role.asText()));
                    calls.put(call.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), roles);
                }));
        assertThat(documented()).isEqualTo(calls);
    }

    /** Quarkus and the router may read a path in two ways, and some paths need no key. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/assets/../../lanes",
                "/console/assets/%2e%2e/%2e%2e/lanes",
                "/console/assets/..%2f..%2flanes",
                "/console/assets/..;/..;/lanes",
                "/console/assets/;/../../lanes",
                "/console/assets//../..//lanes",
                "/console/login/../../lanes",
                "/console/login;/../../lanes",
                "/console/language/..%2F../lanes",
                "//lanes",
                "///lanes",
                "/%6canes",
                "/lanes;console/login",
                "/lanes/.",
                "/lanes/",
                "/./lanes",
                "/lanes%2f",
                "/lanes?/console/login",
                "/lanes%3f/console/login"
            })
    void noOtherWayToWriteAPathIsWithoutAKey(String path) {
        RestClient.Answer answer = as("none").get(path);
        assertThat(answer.status()).isBetween(300, 499);
        assertThat(answer.text()).doesNotContain("happytalk");
    }

    static Stream<Arguments> calls() throws IOException {
        return documented().entrySet().stream()
                .flatMap(call -> Stream.concat(ROLES.stream(), Stream.of("none"))
                        .map(role -> Arguments.of(
                                call.getKey(), role, call.getValue().contains(role))));
    }

    @ParameterizedTest(name = "{0} by {1}: {2}")
    @MethodSource("calls")
    void aCallIsForWhomTheTableSays(String call, String role, boolean allowed) {
        int status = ask(as(role), call).status();
        if (role.equals("none")) {
            assertThat(status).isEqualTo(401);
        } else if (allowed) {
            assertThat(status).isNotIn(401, 403).isLessThan(500);
        } else {
            assertThat(status).isEqualTo(403);
        }
    }

    /** Makes a call that does no harm: for things that do not exist, and with bodies that ask for nothing. */
    private static RestClient.Answer ask(RestClient client, String call) {
        String[] parts = call.split(" ", 2);
        String path = parts[1].replace("{vendor}", "nobody").replaceAll("\\{\\w+}", "absent");
        var request = client.request(path);
        boolean body = parts[0].equals("POST");
        request.method(parts[0], body ? BodyPublishers.ofString("{}") : BodyPublishers.noBody());
        if (body) {
            request.header("Content-Type", "application/json");
        }
        return client.ask(request);
    }

    @Test
    void aKeyThatIsWrongInAnyWayIsRefused() throws IOException {
        String good = key("almost", List.of("admin"), List.of(), "", null);
        await().until(() -> bus.rest().withKey(good).get("/lanes").status() == 200);
        for (String bad : List.of(
                "",
                "x",
                good.substring(0, good.length() - 1),
                good + "A",
                good.replace("swb_almost_", "swb_admin_"),
                "swb_nobody_" + "A".repeat(43))) {
            assertThat(bus.rest().withKey(bad).get("/lanes").status()).as(bad).isEqualTo(401);
        }
    }

    @Test
    void aRevokedKeyCountsNoMoreWithoutARestart() throws IOException {
        RestClient client = bus.rest().withKey(key("short-lived", List.of("reader"), List.of(), "", null));
        await().until(() -> client.get("/lanes").status() == 200);
        assertThat(as("admin")
                        .ask(as("admin").request("/keys/short-lived").DELETE())
                        .status())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(3)).until(() -> client.get("/lanes").status() == 401);
        assertThat(as("admin")
                        .post("/keys", "{\"name\":\"short-lived\",\"roles\":[\"reader\"]}")
                        .status())
                .as("a name stays its own")
                .isEqualTo(409);
    }

    @Test
    void aKeyEndsWhenItExpires() {
        long soon = System.currentTimeMillis() + 3_000;
        String token = keys.create(new NewKey("ends", List.of("reader"), List.of(), "", null, soon))
                .orElseThrow();
        RestClient client = as("none").withKey(token);
        await().until(() -> client.get("/lanes").status() == 200);
        await().atMost(Duration.ofSeconds(6)).until(() -> client.get("/lanes").status() == 401);
        assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(soon);
    }

    @Test
    void aKeyMadeByTheApiIsShownOnceAndKeptAsAHash() throws IOException {
        JsonNode made = as("admin")
                .post("/keys", "{\"name\":\"by-api\",\"roles\":[\"sender\"],\"lanes\":[\"happytalk\"]}")
                .json();
        String token = made.path("token").asText();
        RestClient client = bus.rest().withKey(token);
        await().until(() -> client.get("/messages").status() == 200);
        assertThat(as("admin").get("/keys").text()).contains("by-api").doesNotContain(token.substring(12));
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(token.substring(12));
            }
        }
        assertThat(bus.log()).doesNotContain(token.substring(12));
    }

    @Test
    void aSenderSeesItsOwnMessagesOnly() throws IOException {
        RestClient one = client("own-1", List.of(), "");
        RestClient other = client("own-2", List.of(), "");
        ObjectNode message = RestClient.send("own-room", "Between us.").put("id", "mine-1");
        assertThat(one.submit(message).status()).isEqualTo(202);
        assertThat(one.get("/messages/mine-1").json().path("text").asText()).isEqualTo("Between us.");
        assertThat(one.get("/messages").json().findValuesAsText("id")).containsExactly("mine-1");
        assertThat(other.get("/messages/mine-1").status()).isEqualTo(404);
        assertThat(other.get("/messages?q=mine").json().path("messages")).isEmpty();
        assertThat(other.get("/messages?format=csv").text()).doesNotContain("mine-1");
        assertThat(other.submit(message).status()).as("its state is another's").isEqualTo(409);
        assertThat(one.submit(message).status()).isIn(200, 202);
        assertThat(as("operator")
                        .get("/messages/mine-1")
                        .json()
                        .at("/source/sender")
                        .asText())
                .isEqualTo("own-1");
    }

    private static RestClient client(String name, List<String> lanes, String prefix) throws IOException {
        RestClient client = bus.rest().withKey(key(name, List.of("sender"), lanes, prefix, null));
        await().until(() -> client.get("/messages").status() == 200);
        return client;
    }

    @Test
    void aSenderIsBoundToItsLanes() throws IOException {
        RestClient bound = client("bound", List.of("thulium", "happytalk/other"), "");
        assertThat(bound.submit(RestClient.send("bound-room", "Not here.")).status())
                .isEqualTo(403);
        ObjectNode end = RestClient.JSON
                .createObjectNode()
                .put("vendor", "thulium")
                .put("operation", "end")
                .put("conversationId", "c-1");
        assertThat(bound.submit(end).status()).isEqualTo(202);
        assertThat(bound.get("/transcripts/happytalk/default/room").status()).isEqualTo(403);
        assertThat(bound.post("/batches?name=a.jsonl", "{}").status()).isEqualTo(403);
    }

    @Test
    void aKeyIsBoundToItsLanesInEveryRole() throws IOException {
        as("sender").submit(RestClient.send("fail-700-bound", "Not for all.").put("id", "bound-h"));
        as("sender")
                .submit(RestClient.JSON
                        .createObjectNode()
                        .put("id", "bound-t")
                        .put("vendor", "thulium")
                        .put("operation", "end")
                        .put("conversationId", "fail-404-bound"));
        as("operator").finished("bound-h");
        as("operator").finished("bound-t");
        String token = key("bound-operator", List.of("operator", "admin"), List.of("thulium"), "", null);
        RestClient bound = bus.rest().withKey(token);
        await().until(() -> bound.get("/lanes").status() == 200);
        assertThat(bound.get("/messages/bound-t").status()).isEqualTo(200);
        assertThat(bound.get("/messages/bound-h").status()).isEqualTo(404);
        for (String list : List.of(
                "/messages", "/messages?q=bound", "/dead-letters", "/dead-letters?conversation=fail-700-bound")) {
            assertThat(bound.get(list).json().findValuesAsText("vendor"))
                    .as(list)
                    .doesNotContain("happytalk");
        }
        for (String list : List.of("/dead-letters/groups", "/lanes", "/lanes/history")) {
            assertThat(bound.get(list).json().findValuesAsText("vendor"))
                    .as(list)
                    .containsOnly("thulium");
        }
        assertThat(bound.get("/messages?format=csv").text()).contains("bound-t").doesNotContain("bound-h");
        for (String action : List.of("replay", "replay?dryRun=true", "discard", "undiscard", "resolve")) {
            assertThat(bound.post("/messages/bound-h/" + action, action.equals("discard") ? "{\"reason\":\"x\"}" : "")
                            .status())
                    .as(action)
                    .isEqualTo(404);
        }
        assertThat(bound.post(
                                "/messages/bound-t/replay",
                                RestClient.send("elsewhere", "x").toString())
                        .status())
                .as("an edited message for another lane")
                .isEqualTo(403);
        assertThat(bound.post("/lanes/happytalk/default/pause", "").status()).isEqualTo(403);
        assertThat(bound.get("/transcripts/happytalk/default/room").status()).isEqualTo(403);
        for (String path : List.of("/keys", "/audit", "/routes")) {
            assertThat(bound.get(path).status()).as(path).isEqualTo(403);
        }
        assertThat(bound.ask(bound.request("/customers/user-01").DELETE()).status())
                .isEqualTo(403);
        assertThat(bus.management().withKey(token).get("/q/metrics").status()).isEqualTo(403);
    }

    @Test
    void aRunOfAKeyThatIsBoundKeepsToItsLanes() throws IOException {
        as("sender").submit(RestClient.send("fail-700-run", "Not for all.").put("id", "run-h"));
        as("operator").finished("run-h");
        RestClient bound = bus.rest().withKey(key("run-operator", List.of("operator"), List.of("thulium"), "", null));
        await().until(() -> bound.get("/lanes").status() == 200);
        for (String asked : List.of("{\"ids\":[\"run-h\"]}", "{\"filter\":{\"vendor\":\"happytalk\"}}")) {
            JsonNode run = bound.post("/dead-letters/replay", asked).json();
            assertThat(run.path("total").asInt()).as(asked).isZero();
            assertThat(run.path("lanes").path(0).asText()).isEqualTo("thulium");
            assertThat(bound.get("/replays/" + run.path("id").asText()).status())
                    .isEqualTo(200);
        }
        String other = as("operator")
                .post("/dead-letters/replay", "{\"filter\":{\"class\":\"expired\"}}")
                .json()
                .path("id")
                .asText();
        assertThat(bound.get("/replays/" + other).status()).isEqualTo(404);
        assertThat(bound.post("/replays/" + other + "/cancel", "").status()).isEqualTo(404);
        assertThat(bound.get("/replays").json().findValuesAsText("id")).doesNotContain(other);
    }

    @Test
    void aSenderReadsWhatWasSaidInConversationsThatItHasSentTo() throws IOException {
        RestClient own = client("own-reader", List.of("happytalk"), "own-");
        String path = "/transcripts/happytalk/default/read-room";
        assertThat(own.get(path).status()).isEqualTo(404);
        assertThat(own.submit(transcript("read-room")).status()).isEqualTo(422);
        ObjectNode ofCustomer =
                transcript("read-room").put("operation", "transcripts").put("customerId", "user-01");
        assertThat(own.submit((ObjectNode) ofCustomer.without("conversationId")).status())
                .isEqualTo(422);
        own.submit(RestClient.send("read-room", "Hello."));
        assertThat(own.get(path).status()).isEqualTo(200);
        assertThat(own.submit(transcript("read-room")).status()).isEqualTo(202);
        String token = as("admin")
                .post(
                        "/keys",
                        "{\"name\":\"lane-reader\",\"roles\":[\"sender\"],\"lanes\":[\"happytalk\"],\"transcripts\":\"lane\"}")
                .json()
                .path("token")
                .asText();
        RestClient all = bus.rest().withKey(token);
        await().until(() -> all.get("/messages").status() == 200);
        assertThat(all.get(path).status()).isEqualTo(200);
    }

    private static ObjectNode transcript(String conversation) {
        return RestClient.JSON
                .createObjectNode()
                .put("vendor", "happytalk")
                .put("operation", "transcript")
                .put("conversationId", conversation);
    }

    @Test
    void anUploadShowsNothingOfOthersAndTakesNoIdsOfTheirs() throws IOException {
        RestClient other = client("upload-other", List.of(), "upl-");
        ObjectNode known = RestClient.send("fail-700-upload", "Twice.").put("id", "upl-1");
        other.submit(known);
        as("operator").finished("upl-1");
        RestClient first = client("upload-first", List.of(), "");
        ObjectNode shared = RestClient.send("fail-700-shared", "Twice.").put("id", "shared-1");
        first.submit(shared);
        as("operator").finished("shared-1");
        RestClient uploader = client("uploader", List.of(), "");
        ObjectNode own = RestClient.send("upload-room", "Mine.").put("id", "mine-up");
        String lines = known + "\n" + shared + "\n" + own + "\n" + transcript("fail-700-upload") + "\n";
        String batch = uploader.post("/batches?name=others.jsonl", lines)
                .json()
                .path("id")
                .asText();
        await().until(() -> uploader.get("/batches/" + batch + "/results").status() == 200);
        String results = uploader.get("/batches/" + batch + "/results").text();
        assertThat(results)
                .contains("1,upl-1,invalid,", "2,shared-1,duplicate,", "3,mine-up,delivered,", "4,,invalid,")
                .doesNotContain("gone", "-700", "EndRoom");
        assertThat(uploader.get("/messages/mine-up").status()).isEqualTo(200);
        assertThat(uploader.get("/messages").json().findValuesAsText("id")).containsExactly("mine-up");
    }

    @Test
    void idsThatBeginAsThoseOfAnotherKeyAreRefused() throws IOException {
        RestClient owner = client("prefix-owner", List.of(), "own1-");
        RestClient nested = client("prefix-nested", List.of(), "own1-x-");
        RestClient same = client("prefix-same", List.of(), "own1-");
        RestClient none = client("prefix-none", List.of(), "");
        ObjectNode message = RestClient.send("prefix-others", "Hello.");
        assertThat(none.submit(message.put("id", "own1-5")).status()).isEqualTo(422);
        assertThat(none.submit(message.without("id"), "Idempotency-Key", "own1-6")
                        .status())
                .isEqualTo(422);
        assertThat(owner.submit(message.put("id", "own1-x-7")).status()).isEqualTo(422);
        assertThat(nested.submit(message.put("id", "7")).json().path("id").asText())
                .isEqualTo("own1-x-7");
        assertThat(same.submit(message.put("id", "own1-8")).status()).isEqualTo(202);
        assertThat(none.submit(message.put("id", "own2-9")).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anybody", "unknown", "visitor", "switchboard", "system"})
    void aNameThatTheBusUsesItselfIsNoKeys(String name) {
        var answer = as("admin").post("/keys", "{\"name\":\"" + name + "\",\"roles\":[\"sender\"]}");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("choose another");
    }

    @Test
    void idsBeginWithTheKeysPrefix() throws IOException {
        RestClient crm = client("prefixed", List.of(), "crm-");
        ObjectNode message = RestClient.send("prefix-room", "Hello.").put("id", "1");
        assertThat(crm.submit(message).json().path("id").asText()).isEqualTo("crm-1");
        assertThat(crm.submit(message).json().path("id").asText())
                .as("sent again")
                .isEqualTo("crm-1");
        assertThat(crm.submit(RestClient.send("prefix-room", "No id."))
                        .json()
                        .path("id")
                        .asText())
                .startsWith("crm-");
        assertThat(crm.submit(message.put("id", "x".repeat(126))).status()).isEqualTo(422);
    }

    @Test
    void aReaderSeesNothingOfWhatMessagesSay() throws IOException {
        var message = RestClient.send("fail-700-mask", "A secret between two.").put("id", "masked-1");
        message.putObject("labels").put("order", "o-77");
        as("sender").submit(message);
        as("operator").finished("masked-1");
        var seen = new ArrayList<String>();
        for (String path : List.of(
                "/messages/masked-1",
                "/messages?q=masked",
                "/messages?q=masked&format=csv",
                "/dead-letters",
                "/dead-letters?format=jsonl",
                "/dead-letters/groups")) {
            String whole = as("operator").get(path).text();
            String masked = as("reader").get(path).text();
            assertThat(masked).as(path).doesNotContain("A secret", "user-01").hasSizeGreaterThan(20);
            if (whole.contains("A secret")) {
                seen.add(path);
            }
        }
        assertThat(seen).as("an operator sees it").hasSize(5);
        assertThat(as("reader").get("/messages/masked-1").text()).contains("o-77", "fail-700-mask", "gone");
        assertThat(as("operator").get("/messages?q=user-01").json().path("messages"))
                .isNotEmpty();
        assertThat(as("reader").get("/messages?q=user-01").json().path("messages"))
                .isEmpty();
    }

    @Test
    void aKeyMayAskAsOftenAsItIsSaid() throws IOException {
        RestClient slow = bus.rest().withKey(key("slow", List.of("reader"), List.of(), "", 5));
        await().until(() -> slow.get("/lanes").status() == 200);
        var refused = Stream.generate(() -> slow.get("/lanes"))
                .limit(30)
                .filter(answer -> answer.status() == 429)
                .toList();
        assertThat(refused).hasSizeGreaterThan(10);
        assertThat(refused.get(0).header("Retry-After")).isEqualTo("1");
        await().atMost(Duration.ofSeconds(5)).until(() -> slow.get("/lanes").status() == 200);
    }

    @Test
    void refusedCallsCountAndAreNotAllWrittenDown() throws IOException {
        RestClient weak = bus.rest().withKey(key("weakest", List.of("sender"), List.of(), "", 22));
        await().until(() -> weak.get("/messages").status() == 200);
        List<Integer> answers = Stream.generate(() -> weak.post("/lanes/happytalk/" + "x".repeat(2_000) + "/pause", "")
                        .status())
                .limit(150)
                .toList();
        assertThat(answers).contains(403, 429).containsOnly(403, 429);
        JsonNode entries =
                as("admin").get("/audit?who=weakest&limit=1000").json().path("entries");
        assertThat(entries).hasSize(20);
        entries.forEach(entry -> assertThat(entry.path("subject").asText()).hasSizeLessThanOrEqualTo(300));
    }

    @Test
    void anUploadCountsOnce() throws IOException {
        RestClient slow = bus.rest().withKey(key("upload-slow", List.of("sender"), List.of(), "", 1));
        await().until(() -> slow.post("/batches?name=slow.jsonl", "{}").status() == 202);
    }

    @Test
    void refusedTokensAreInTheAudit() throws IOException {
        bus.rest().withKey("swb_somebody_" + "A".repeat(43)).get("/lanes");
        JsonNode entries = await("its row")
                .until(
                        () -> as("admin")
                                .get("/audit?who=unknown&limit=1000")
                                .json()
                                .path("entries"),
                        rows -> rows.findValuesAsText("key").contains("somebody"));
        assertThat(entries.findValuesAsText("operation")).contains("authenticate");
        assertThat(entries.findValuesAsText("refused")).contains("401");
    }

    @Test
    void whatIsDoneIsWrittenDownWithWhoDidIt() throws IOException {
        RestClient operator = as("operator");
        operator.post("/lanes/thulium/default/pause", "{\"reason\":\"a test\"}");
        operator.post("/lanes/thulium/default/resume", "");
        // whose refusals of the last minute are few enough to be written one by one
        RestClient other = bus.rest().withKey(key("other-reader", List.of("reader"), List.of(), "", null));
        await().until(() -> other.get("/lanes").status() == 200);
        other.post("/lanes/thulium/default/pause", "");
        JsonNode entries =
                as("admin").get("/audit?subject=/lanes/thulium/default/").json().path("entries");
        assertThat(entries.findValuesAsText("operation")).containsExactly("pauseLane", "resumeLane", "pauseLane");
        assertThat(entries.findValuesAsText("who")).containsExactly("other-reader", "operator", "operator");
        assertThat(entries.path(0).path("refused").asInt()).isEqualTo(403);
        assertThat(entries.path(2).at("/detail/body").asText()).contains("a test");
        assertThat(entries.path(2).path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(operator.get("/audit?who=operator&format=csv").text())
                .contains("pauseLane")
                .doesNotContain("reader");
    }

    @Test
    void aCustomerWhoWasSearchedForIsNeitherInTheAuditNorShownToReaders() {
        RestClient operator = as("operator");
        String asked = "{\"filter\":{\"q\":\"jane-\\\"smith\",\"class\":\"gone\"}}";
        String run = operator.post("/dead-letters/replay", asked).header("Location");
        assertThat(operator.get(run).text()).contains("jane-");
        assertThat(as("reader").get(run).text()).contains("gone").doesNotContain("jane-");
        assertThat(as("reader").get("/replays").text()).doesNotContain("jane-");
        String audit = as("admin").get("/audit?subject=/dead-letters/replay").text();
        assertThat(audit).contains("gone").doesNotContain("jane-", "smith");
        assertThat(as("admin")
                        .ask(as("admin").request("/customers/jane-77").DELETE())
                        .status())
                .isEqualTo(200);
        assertThat(as("admin").get("/audit?subject=/customers/").text())
                .contains("sha256:")
                .doesNotContain("jane-");
    }

    @Test
    void metricsAreForReadersAndHealthIsForAnybody() throws IOException {
        RestClient management = bus.management();
        assertThat(management.get("/q/health").status()).isEqualTo(200);
        assertThat(management.get("/q/metrics").status()).isEqualTo(401);
        RestClient scraper = management.withKey(key("scraper", List.of("reader"), List.of(), "", null));
        await().until(() -> scraper.get("/q/metrics").status() == 200);
        RestClient sender = management.withKey(key("pusher", List.of("sender"), List.of(), "", null));
        await().until(() -> sender.get("/q/metrics").status() == 403);
    }
}
