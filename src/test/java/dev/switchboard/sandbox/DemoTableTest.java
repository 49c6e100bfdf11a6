package dev.switchboard.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DemoTableTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private List<Sample> samples = List.of();

    @BeforeEach
    void read() throws IOException {
        samples = Sample.read(Path.of("samples"));
        samples.forEach(sample -> outcomes.put(sample.id(), sample.expected()));
    }

    @Test
    void theSamplesDeliverEveryOperationByEachWayIn() {
        assertThat(print()).isTrue();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(samples.size() + " as expected, 0 not");
    }

    @Test
    void oneOtherOutcomeFailsTheDemo() {
        Outcome delivered = outcomes.get("rest-send-text");
        outcomes.put("rest-ended-room", delivered);
        assertThat(print()).isFalse();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("rest-ended-room: expected dead gone -700 dead-letter.happytalk.gone, got delivered");
    }

    @Test
    void aDeadLetterThatIsNotInItsQueueFailsTheDemo() {
        outcomes.computeIfPresent("rest-refused", (id, outcome) -> outcome.in(""));
        assertThat(print()).isFalse();
    }

    @Test
    void aMissingOutcomeFailsTheDemo() {
        outcomes.remove("queue-send");
        assertThat(print()).isFalse();
    }

    private boolean print() {
        return new DemoTable(new PrintStream(printed, true, StandardCharsets.UTF_8), samples, outcomes).print();
    }
}
