package dev.switchboard.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The files of docs/monitoring.
 *
 * @param panels the expressions of each panel of the dashboard, by its title
 */
record Monitoring(Map<String, List<String>> panels, List<Alert> alerts) {

    private static final Path FOLDER = Path.of("docs/monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(switchboard_[a-z_]+?)(_bucket|_sum|_count)?\\b");

    /** A rule that warns, the panel that shows more, and its entry in the runbook. */
    record Alert(String name, String expression, String panel, String runbook) {}

    static Monitoring read() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(FOLDER.resolve("grafana-dashboard.json").toFile());
        var panels = new LinkedHashMap<String, List<String>>();
        dashboard.path("panels").forEach(panel -> panels.put(panel.path("title").asText(), expressions(panel)));
        JsonNode rules = new ObjectMapper(new YAMLFactory())
                .readTree(FOLDER.resolve("prometheus-alerts.yaml").toFile());
        var alerts = new ArrayList<Alert>();
        rules.path("groups").forEach(group -> group.path("rules").forEach(rule -> alerts.add(alert(rule))));
        return new Monitoring(panels, alerts);
    }

    private static List<String> expressions(JsonNode panel) {
        var expressions = new ArrayList<String>();
        panel.path("targets")
                .forEach(target -> expressions.add(target.path("expr").asText()));
        return expressions;
    }

    private static Alert alert(JsonNode rule) {
        return new Alert(
                rule.path("alert").asText(),
                rule.path("expr").asText(),
                rule.path("annotations").path("panel").asText(),
                rule.path("annotations").path("runbook_url").asText());
    }

    /** Returns the bus's metrics that an expression names, without what a histogram's parts add to the name. */
    static Set<String> metrics(String expression) {
        var names = new TreeSet<String>();
        METRIC.matcher(expression)
                .results()
                .map((MatchResult found) -> found.group(1))
                .forEach(names::add);
        return names;
    }

    /** Returns all metrics of the bus that dashboard and alerts name. */
    Set<String> metrics() {
        var names = new TreeSet<String>();
        panels.values().forEach(expressions -> expressions.forEach(each -> names.addAll(metrics(each))));
        alerts.forEach(alert -> names.addAll(metrics(alert.expression)));
        return names;
    }
}
