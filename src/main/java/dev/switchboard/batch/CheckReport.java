package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Fault;
import dev.switchboard.records.Layout;
import java.util.List;

/** Tells people and programs what a dry run has found in a file. */
public final class CheckReport {

    private final String file;
    private final String profile;
    private final Findings findings;

    CheckReport(String file, String profile, Findings findings) {
        this.file = file;
        this.profile = profile;
        this.findings = findings;
    }

    /** Returns whether nothing is wrong with the file. */
    public boolean clean() {
        return findings.faults() == 0 && findings.stopped == null;
    }

    /** Returns what people read: a line for each fault that was kept, then the totals. */
    public List<String> lines() {
        return new ReportLines(file, profile, findings).all();
    }

    /** Returns the same as one JSON object. */
    public ObjectNode json() {
        return new ReportJson(file, profile, findings).whole();
    }

    static String format(Layout layout) {
        return switch (layout.format()) {
            case JSON_LINES -> "JSON Lines";
            case JSON_ARRAY -> "JSON array";
            case CSV -> "CSV";
        };
    }

    /** Returns what the rule allows, where the sentence does not say it. */
    static String allowed(Fault fault) {
        return fault.limit() instanceof List<?> names
                ? names.isEmpty() ? " (there is none)" : " (there are " + names + ")"
                : "";
    }
}
