package dev.switchboard.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TroublesTest {

    private static final String LANE = "{'vendor':'acme','account':'default','state':'%s','why':'%s','circuits':[%s]}";

    private static List<JsonNode> json(String... texts) {
        var json = new ObjectMapper();
        return List.of(texts).stream()
                .map(text -> {
                    try {
                        return json.readTree(text.replace('\'', '"'));
                    } catch (JsonProcessingException e) {
                        throw new AssertionError(text, e);
                    }
                })
                .toList();
    }

    private static List<String> told(Troubles troubles) {
        return troubles.all().stream()
                .map(each -> each.level() + " " + each.kind() + " " + each.subject() + " " + each.why())
                .map(String::strip)
                .toList();
    }

    private static String ago(Duration time) {
        return Instant.now().minus(time).toString();
    }

    @Test
    void aBusWithoutLanesIsNotWell() {
        assertThat(told(new Troubles().ofLanes(List.of()))).containsExactly("bad noLanes");
    }

    @Test
    void aLaneThatRunsWithClosedCircuitsIsWell() {
        String lane = LANE.formatted("running", "", "{'api':'biz','state':'closed'}");
        assertThat(told(new Troubles().ofLanes(json(lane)))).isEmpty();
    }

    @Test
    void aLaneThatDoesNotRunIsToldWhateverItsState() {
        assertThat(told(new Troubles()
                        .ofLanes(json(
                                LANE.formatted("paused", "a new password", ""), LANE.formatted("standby", "", "")))))
                .containsExactly("warn paused acme/default a new password", "warn standby acme/default");
    }

    @Test
    void aStoppedCircuitComesBeforeAnOpenOne() {
        String lane = LANE.formatted(
                "running",
                "",
                "{'api':'biz','state':'open','why':'down'},{'api':'chat','state':'stopped','why':'password'}");
        assertThat(told(new Troubles().ofLanes(json(lane))))
                .containsExactly("bad stopped acme/default · chat password", "warn open acme/default · biz down");
    }

    @Test
    void anIntakeThatTakesNothingIsToldAndOneThatIsOffIsNot() {
        JsonNode intakes = json("[{'name':'rest','state':'running'},{'name':'queue','state':'off','why':'none'},"
                        + "{'name':'file','state':'failing','why':'no folder'}]")
                .get(0);
        assertThat(told(new Troubles().ofIntakes(intakes))).containsExactly("bad intake file no folder");
    }

    @Test
    void aFileThatStoppedOnFridayIsToldOnMondayUntilItIsDroppedAgain() {
        String file = "{'id':'b','name':'%s','state':'%s','reason':'no column','startedAt':'%s'}";
        assertThat(told(new Troubles()
                        .ofBatches(json(
                                file.formatted("a.csv", "stopped", ago(Duration.ofHours(60))),
                                file.formatted("b.csv", "finished", ago(Duration.ofHours(1))),
                                file.formatted("b.csv", "stopped", ago(Duration.ofHours(2))),
                                file.formatted("c.csv", "stopped", ago(Duration.ofHours(80))),
                                file.formatted("d.csv", "paused", ago(Duration.ofHours(80)))))))
                .containsExactly("bad file a.csv no column", "warn filePaused d.csv no column");
    }

    @Test
    void aReplayThatStoppedAndNewDeadLettersAreTold() {
        assertThat(told(new Troubles()
                        .ofReplays(json("{'id':'r','state':'stopped','reason':'rooms','why':'20 % failed','startedAt':'"
                                + ago(Duration.ofHours(1)) + "'}"))
                        .ofDeadLetters(json(
                                "{'vendor':'acme','account':'default'}", "{'vendor':'acme','account':'default'}"))))
                .containsExactly("warn replay rooms 20 % failed", "warn newDead acme/default");
    }
}
