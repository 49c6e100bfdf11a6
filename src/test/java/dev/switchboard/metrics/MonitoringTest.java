package dev.switchboard.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of docs/monitoring belong together; {@link MetricsBusTest} holds their metrics against a bus that runs. */
class MonitoringTest {

    static Stream<Monitoring.Alert> alerts() throws IOException {
        return Monitoring.read().alerts().stream();
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertNamesAPanelThatShowsWhatItIsAbout(Monitoring.Alert alert) throws IOException {
        assertThat(Monitoring.read().panels()).containsKey(alert.panel());
        String shown = String.join(" ", Monitoring.read().panels().get(alert.panel()));
        assertThat(shown).isNotEmpty();
        if (alert.expression().contains("switchboard_")) {
            assertThat(Monitoring.metrics(shown)).containsAnyElementsOf(Monitoring.metrics(alert.expression()));
        }
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void anAlertHasAnEntryInTheRunbook(Monitoring.Alert alert) throws IOException {
        assertThat(alert.runbook()).isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT));
        assertThat(Files.readAllLines(Path.of("docs/runbook.md"))).contains("## " + alert.name());
    }
}
