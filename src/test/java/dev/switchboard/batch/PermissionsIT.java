package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.RunningBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Dropped files that belong to others than the bus's own user, who is not root. */
class PermissionsIT {

    private static final Map<String, String> SETTINGS = Map.of(
            "switchboard.vendors.kakao.accounts.default.channel", "@shop",
            "switchboard.vendors.kakao.accounts.default.call", "none");

    private static final Set<PosixFilePermission> NONE = PosixFilePermissions.fromString("---------");
    private static final String LINE = "{\"vendor\":\"kakao\",\"operation\":\"start\",\"extra\":\"ref=1\"}\n";

    private static void drop(RunningBus bus, String name, Set<PosixFilePermission> permissions) throws IOException {
        Path part = Files.writeString(bus.file("inbox/" + name + ".part").toPath(), LINE);
        Files.setPosixFilePermissions(part, permissions);
        Files.move(part, bus.file("inbox/" + name).toPath());
        Files.createFile(bus.file("inbox/" + name + ".done").toPath());
    }

    private static JsonNode ended(RunningBus bus, String name) throws IOException {
        RestClient rest = bus.rest();
        return await("the end of " + name)
                .until(
                        () -> rest.get("/batches?name=" + name)
                                .json()
                                .path("batches")
                                .path(0),
                        batch -> batch.path("state").asText().matches("finished|stopped"));
    }

    @Test
    void whatOthersDropIsTakenAndWhatTheyKeepToThemselvesIsNamed() throws Exception {
        assumeTrue(RunningBus.canStartAsNobody(), "only root can start a bus as another user");
        try (RunningBus bus = RunningBus.startAsNobody(RunningBus.newFolder("permissions"), SETTINGS)) {
            drop(bus, "closed.jsonl", NONE);
            drop(bus, "open.jsonl", PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(ended(bus, "open.jsonl").path("accepted").asInt()).isEqualTo(1);
            JsonNode closed = ended(bus, "closed.jsonl");
            assertThat(closed.path("state").asText()).isEqualTo("stopped");
            assertThat(closed.path("reason").asText()).isEqualTo("the bus has no permission to read the file");
            assertThat(bus.file("failed/closed.jsonl")).exists();
            assertThat(bus.file("done/open.jsonl")).exists();
        }
    }

    @Test
    void anInboxThatMayNotBeReadIsShownUntilItMay() throws Exception {
        assumeTrue(RunningBus.canStartAsNobody(), "only root can start a bus as another user");
        try (RunningBus bus = RunningBus.startAsNobody(RunningBus.newFolder("permissions"), SETTINGS)) {
            Path inbox = bus.file("inbox").toPath();
            for (String permissions : List.of("-wx-wx-wx", "rw-rw-rw-")) {
                Files.setPosixFilePermissions(inbox, PosixFilePermissions.fromString(permissions));
                await("the reason").until(() -> intake(bus).path("why").asText().contains("lacks the permission"));
                assertThat(intake(bus).path("state").asText()).isEqualTo("failing");
                Files.setPosixFilePermissions(inbox, PosixFilePermissions.fromString("rwxrwxrwx"));
                await("its end").until(() -> intake(bus).path("state").asText().equals("running"));
            }
            drop(bus, "open.jsonl", PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(ended(bus, "open.jsonl").path("accepted").asInt()).isEqualTo(1);
            assertThat(bus.log().split("Dropped files are not read", -1)).hasSize(3);
        }
    }

    private static JsonNode intake(RunningBus bus) throws IOException {
        return bus.rest().get("/lanes").json().at("/intakes/1");
    }

    @Test
    void aFileThatMayNotBeMovedIsToldOnceAndHoldsUpNoOther() throws Exception {
        assumeTrue(RunningBus.canStartAsNobody(), "only root can start a bus as another user");
        try (RunningBus bus = RunningBus.startAsNobody(RunningBus.newFolder("permissions"), SETTINGS)) {
            Path inbox = bus.file("inbox").toPath();
            Files.setAttribute(inbox, "unix:uid", 0);
            Files.setAttribute(inbox, "unix:mode", 01777);
            drop(bus, "sticky.jsonl", PosixFilePermissions.fromString("rw-r--r--"));
            await("what the log says").until(() -> bus.log().contains("sticky.jsonl cannot be taken"));
            Files.setAttribute(inbox, "unix:mode", 0777);
            assertThat(ended(bus, "sticky.jsonl").path("accepted").asInt()).isEqualTo(1);
            assertThat(bus.log().split("sticky.jsonl cannot be taken", -1)).hasSize(2);
        }
    }
}
