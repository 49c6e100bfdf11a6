package dev.switchboard.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which part of a long list is shown. */
@SuppressWarnings("NullAway.Init")
final class Page {

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "The most to list (${DEFAULT-VALUE}).",
            defaultValue = "20")
    private String limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Continues where the last list ended.")
    private @Nullable String after;

    void addTo(Map<String, List<String>> query) {
        Filter.add(query, "limit", limit);
        Filter.add(query, "after", after);
    }
}
