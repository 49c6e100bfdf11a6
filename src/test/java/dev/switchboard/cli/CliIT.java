package dev.switchboard.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import dev.switchboard.Shell;
import dev.switchboard.Shell.Run;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The command line against the packaged bus, as operators call it. */
class CliIT {

    private static final Path FOLDER = newFolder();
    private static RunningBus bus;

    private static Path newFolder() {
        try {
            return RunningBus.newFolder("cli");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Shell.built();
        bus = RunningBus.start(FOLDER, Map.of("switchboard.sandbox.enabled", "true"));
    }

    @AfterAll
    static void stop() {
        bus.close();
    }

    private static String url() throws IOException {
        return bus.rest().base();
    }

    /** Runs a command in this process: how the launcher starts it, {@link #theLauncherGivesTheStatusOfTheCommand} shows. */
    private static Run run(String name, String... arguments) throws IOException {
        var out = new StringWriter();
        var err = new StringWriter();
        var all = new ArrayList<>(List.of(name));
        all.addAll(List.of(arguments));
        if (!name.equals("generate-completion") && !all.contains("--url")) {
            all.addAll(List.of("--url", url()));
        }
        int status = new Cli(new PrintWriter(out, true), new PrintWriter(err, true)).run(all.toArray(String[]::new));
        return new Run(status, out.toString(), err.toString());
    }

    @Test
    void theLauncherGivesTheStatusOfTheCommand() throws Exception {
        Shell shell = new Shell(FOLDER);
        Map<String, String> environment = Map.of("SWITCHBOARD_URL", url());
        Run lanes = shell.run(environment, "lanes");
        assertThat(lanes.status()).as(lanes.toString()).isZero();
        assertThat(lanes.output()).contains("happytalk/default");
        assertThat(lanes.errors()).isEmpty();
        assertThat(shell.run(environment, "message", "no-such-id").status()).isEqualTo(1);
        assertThat(shell.run(environment, "lanes", "--colour").status()).isEqualTo(2);
    }

    private static Run good(String name, String... arguments) throws Exception {
        Run run = run(name, arguments);
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.errors()).isEmpty();
        return run;
    }

    private static Run send(String id, String conversation, String... more) throws Exception {
        var fields = new ArrayList<>(List.of(
                "id=" + id,
                "vendor=happytalk",
                "operation=send",
                "conversationId=" + conversation,
                "customerId=anna-1",
                "text=Hello",
                "--wait=20"));
        fields.addAll(List.of(more));
        return run("send", fields.toArray(String[]::new));
    }

    @Test
    void theStatusOfSendIsThatOfTheMessage() throws Exception {
        Run delivered = send("cli-1", "room-1", "labels.order=17");
        assertThat(delivered.status()).as(delivered.toString()).isZero();
        assertThat(delivered.output()).containsPattern("state +delivered").contains("{\"order\":\"17\"}");
        Run dead = send("cli-2", "fail-700");
        assertThat(dead.status()).isEqualTo(1);
        assertThat(dead.output()).containsPattern("failure.class +gone").containsPattern("(?m)^1 +20.* +-700 ");
    }

    @Test
    void aMessageIsReadFromAFileToo() throws Exception {
        Path file = Files.writeString(
                FOLDER.resolve("message.json"),
                "{\"id\":\"cli-file\",\"vendor\":\"thulium\",\"operation\":\"end\",\"conversationId\":\"c1\"}");
        good("send", file.toString(), "--wait", "20");
        assertThat(good("message", "cli-file").output()).containsPattern("state +delivered");
    }

    @Test
    void whatTheBusRefusesIsSaidFieldByField() throws Exception {
        Run run = run("send", "vendor=happytalk", "operation=send", "txt=Hello");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.errors()).startsWith("switchboard: ").contains("(422)", "  txt: ", "  conversationId: ");
        assertThat(run("message", "no-such-id").errors()).contains("(404)");
    }

    @Test
    void programsGetTheAnswerAsItIs() throws Exception {
        send("cli-3", "room-3");
        JsonNode list = RestClient.JSON.readTree(
                good("messages", "--json", "--conversation", "room-3").output());
        assertThat(list.at("/messages/0/id").asText()).isEqualTo("cli-3");
        assertThat(good("messages", "--conversation", "room-3").output().lines())
                .hasSize(2)
                .last()
                .asString()
                .startsWith("cli-3  delivered  happytalk  default  send");
        assertThat(good("messages", "--conversation", "none").output().strip()).isEqualTo("There are none.");
    }

    @Test
    void whatIsHeldOfACustomerIsErased() throws Exception {
        good(
                "send",
                "id=cli-erase",
                "vendor=happytalk",
                "operation=send",
                "conversationId=room-9",
                "customerId=berta/1 ä",
                "text=SECRET",
                "--wait=20");
        assertThat(good("erase", "berta/1 ä", "--vendor", "thulium").output()).startsWith("0 erased, 0 discarded");
        assertThat(good("erase", "berta/1 ä").output().strip()).isEqualTo("1 erased, 0 discarded and erased.");
        JsonNode erased =
                RestClient.JSON.readTree(good("message", "cli-erase", "--json").output());
        assertThat(erased.path("state").asText()).isEqualTo("delivered");
        assertThat(erased.toString()).contains("erasedAt").doesNotContain("SECRET", "berta", "room-9");
        assertThat(run("replay", "cli-erase").errors()).contains("(409)");
    }

    @Test
    void aLaneIsPausedAndResumed() throws Exception {
        assertThat(good("pause", "kakao/default", "--reason", "night work").output())
                .containsPattern("(?m)^kakao/default +paused");
        assertThat(good("lanes").output()).containsPattern("(?m)^kakao/default +paused");
        assertThat(good("resume", "kakao/default").output()).containsPattern("(?m)^kakao/default +running");
        assertThat(run("pause", "nobody/default").errors()).contains("(404)");
        assertThat(run("pause", "/x").status()).isEqualTo(2);
    }

    @Test
    void aBatchIsFollowedToItsEnd() throws Exception {
        String lines = "{\"vendor\":\"kakao\",\"operation\":\"start\",\"extra\":\"ref=1\"}\n".repeat(20);
        Files.writeString(bus.file("inbox/cli.jsonl.part").toPath(), lines);
        Files.move(
                bus.file("inbox/cli.jsonl.part").toPath(),
                bus.file("inbox/cli.jsonl").toPath());
        Files.createFile(bus.file("inbox/cli.jsonl.done").toPath());
        org.awaitility.Awaitility.await()
                .until(() -> run("batches", "--name", "cli.jsonl").output().contains("cli.jsonl"));
        String id = RestClient.JSON
                .readTree(good("batches", "--json", "--name", "cli.jsonl").output())
                .at("/batches/0/id")
                .asText();
        assertThat(good("batches", id, "--follow").output())
                .contains("[##############################] finished: read 20")
                .containsPattern("cli.jsonl +finished +20 +20 +0 +0 +20 ")
                .contains("DISCARDED");
    }

    @Test
    void aDeadLetterIsFoundEditedAndSent() throws Exception {
        send("cli-dead", "fail-702", "labels.order=edit");
        assertThat(good("dead-letters", "--code=-702").output())
                .containsPattern("(?m)^1 +happytalk +default +gone +-702 ");
        assertThat(good("dead-letters", "--list", "--label", "order:edit").output())
                .containsPattern("(?m)^cli-dead +dead +happytalk");
        String edited = RestClient.JSON
                .readTree(good("replay", "cli-dead", "--edit", "conversationId=room-9", "--json")
                        .output())
                .path("id")
                .asText();
        assertThat(good("message", "cli-dead").output()).containsPattern("replacedBy +" + edited);
        org.awaitility.Awaitility.await()
                .until(() -> good("message", edited).output().matches("(?s).*state +delivered.*"));
        assertThat(run("replay", "cli-dead").errors()).contains("(409)");
    }

    @Test
    void aRunThatFailsAgainSaysSo() throws Exception {
        send("cli-again-1", "fail-703", "labels.order=again");
        send("cli-again-2", "fail-703", "labels.order=again");
        Run preview = good("replay", "--all", "--label", "order:again", "--dry-run");
        assertThat(preview.output())
                .startsWith("ID ")
                .containsPattern("(?m)^cli-again-1 +dead +happytalk +default +invalid +-703 .*fail-703.*fail-703")
                .contains("Would send 2 again.");
        Run edited = good("replay", "cli-again-1", "--edit", "conversationId=room-9", "--dry-run");
        assertThat(edited.output()).containsPattern("(?m)^cli-again-1 .*fail-703.*room-9");
        assertThat(good("message", "cli-again-1").output()).containsPattern("state +dead");
        Run again = run("replay", "--all", "--label", "order:again", "--rate", "20/s");
        assertThat(again.status()).as(again.toString()).isEqualTo(1);
        assertThat(again.output()).contains("finished: total 2, replayed 2, delivered 0, relapsed 2");
        assertThat(good("replays").output()).contains("finished  2      2         0          2");
    }

    @Test
    void aDeadLetterIsDiscardedAndThatIsUndone() throws Exception {
        send("cli-over", "fail-800");
        assertThat(good("discard", "cli-over", "--reason", "a test").output())
                .containsPattern("state +discarded")
                .containsPattern("reason +a test");
        assertThat(good("discard", "cli-over", "--undo").output()).containsPattern("state +dead");
        assertThat(run("discard", "cli-over").status()).isEqualTo(2);
        assertThat(run("resolve", "cli-over").errors()).contains("(409)");
    }

    @Test
    void eachOfSeveralIdsIsReportedAlsoAfterOneThatWasRefused() throws Exception {
        send("cli-many-1", "fail-800");
        send("cli-many-2", "fail-800");
        for (String[] command : List.of(
                new String[] {"discard", "cli-many-1", "no-such-id", "cli-many-2", "--reason", "a test"},
                new String[] {"discard", "cli-many-1", "no-such-id", "cli-many-2", "--undo"},
                new String[] {"replay", "cli-many-1", "no-such-id", "cli-many-2"},
                new String[] {"resolve", "no-such-id", "cli-many-1", "cli-many-2"})) {
            Run run = run(command[0], Arrays.copyOfRange(command, 1, command.length));
            assertThat(run.status()).as(String.join(" ", command)).isEqualTo(1);
            assertThat(run.errors()).contains("switchboard: no-such-id: There is no message");
            assertThat(run.output() + run.errors()).contains("cli-many-1", "cli-many-2");
        }
    }

    @Test
    void aNameThatDoesNotExistIsAnErrorThatListsThoseThatDo() throws Exception {
        String vendors = "there is no vendor acme; there are: happytalk, kakao, thulium";
        for (String[] command : List.of(
                new String[] {"messages", "--vendor", "acme"},
                new String[] {"dead-letters", "--vendor", "acme"},
                new String[] {"dead-letters", "--list", "--vendor", "acme"},
                new String[] {"replay", "--all", "--dry-run", "--vendor", "acme"})) {
            Run run = run(command[0], Arrays.copyOfRange(command, 1, command.length));
            assertThat(run.status()).as(String.join(" ", command)).isEqualTo(1);
            assertThat(run.errors()).contains(vendors);
        }
        assertThat(run("messages", "--account", "none").errors())
                .contains("there is no account none; there are: default");
        assertThat(run("messages", "--batch", "none").errors()).contains("There is no batch with this id");
        assertThat(run("batches", "--name", "none.csv").errors())
                .contains("there is no batch of a file none.csv; there are");
        assertThat(run("pause", "acme/default").errors())
                .contains("There is no such lane; there are: ", "kakao/default");
        Run state = run("messages", "--state", "lost");
        assertThat(state.status()).isEqualTo(2);
        assertThat(state.errors()).contains("must be one of accepted, sending, waiting, delivered, dead, ");
        assertThat(run("messages", "--class", "lost").errors())
                .contains("must be one of invalid, unauthorized, gone, ");
    }

    @Test
    void aTranscriptIsShownAsATable() throws Exception {
        assertThat(good("transcript", "happytalk/default", "room-1").output()).startsWith("SENT AT");
        assertThat(run("transcript", "happytalk/default", "fail-702").status()).isEqualTo(1);
    }

    @Test
    void aBusThatIsNotThereAndACommandThatIsNoneAreToldApart() throws Exception {
        Run away = run("lanes", "--url", "http://127.0.0.1:1");
        assertThat(away.status()).isEqualTo(1);
        assertThat(away.errors()).startsWith("switchboard: the bus at http://127.0.0.1:1 does not answer");
        assertThat(run("lanes", "--colour").status()).isEqualTo(2);
        assertThat(run("replay").status()).isEqualTo(2);
        assertThat(run("lane").status()).isEqualTo(2);
    }

    @Test
    void theShellCompletesCommands() throws Exception {
        Files.writeString(
                FOLDER.resolve("completion"), good("generate-completion").output());
        var shell = new ProcessBuilder("bash", "-c", ". ./completion && complete -p switchboard")
                .directory(FOLDER.toFile())
                .start();
        assertThat(new String(shell.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("-F _complete_switchboard");
    }
}
