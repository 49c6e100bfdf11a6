package dev.switchboard.batch;

import dev.switchboard.message.Fault;
import dev.switchboard.message.Visible;
import dev.switchboard.records.Layout;
import dev.switchboard.records.Place;
import dev.switchboard.records.PlacedFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report of a dry run as people read it. */
record ReportLines(String file, String profile, Findings findings) {

    /** Returns a line for each fault that was kept, then the totals. */
    List<String> all() {
        var lines = new ArrayList<String>();
        findings.first.forEach(fault -> lines.add(line(fault)));
        long more = findings.faults() - findings.first.size();
        if (more > 0) {
            lines.add("… and " + more + (more == 1 ? " more fault" : " more faults") + " (--faults N shows N)");
        }
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(Visible.of(file) + ": " + described());
        lines.add("  " + totals());
        if (findings.faults() > 0) {
            lines.add("  faults: " + rules());
        }
        lines.addAll(errands());
        lines.add("  " + verdict());
        lines.addAll(notes());
        return lines;
    }

    /** {@code name:line:column field rule why}; a dash where no field is meant. */
    private String line(PlacedFault placed) {
        Place place = placed.place();
        Fault fault = placed.fault();
        return Visible.of(file) + ":" + Math.max(1, place.line()) + ":" + Math.max(1, place.column()) + " "
                + (fault.field().isEmpty() ? "-" : Visible.of(fault.field()).replace(" ", Visible.codePoint(' ')))
                + " " + fault.rule() + " " + Visible.of(fault.detail()) + CheckReport.allowed(fault);
    }

    private String described() {
        Layout layout = findings.layout;
        String written = layout == null
                ? "not read"
                : CheckReport.format(layout) + ", " + layout.encoding().title();
        return written + (profile.isEmpty() ? "" : ", profile " + profile);
    }

    private String totals() {
        String first = findings.duplicates == 0 ? "" : " (the first on line " + findings.firstDuplicate + ")";
        return findings.records() + " records: " + findings.messages + " messages, " + findings.duplicates
                + " duplicate" + first + ", " + findings.invalid + " invalid";
    }

    private String rules() {
        return findings.rules.entrySet().stream()
                .map(rule -> rule.getKey() + " " + rule.getValue())
                .collect(Collectors.joining(", ", findings.faults() + " (", ")"));
    }

    private List<String> errands() {
        if (findings.errands.isEmpty()) {
            return List.of("  nothing would be sent");
        }
        var rows = new ArrayList<String[]>();
        rows.add(new String[] {"vendor", "account", "operation", "messages"});
        findings.errands.forEach((errand, count) ->
                rows.add(new String[] {errand.vendor(), errand.account(), errand.operation(), Long.toString(count)}));
        var widths = new int[4];
        rows.forEach(row -> {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        });
        String form = "    %-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %" + widths[3] + "s";
        var lines = new ArrayList<String>();
        lines.add("  would be sent:");
        rows.forEach(row -> lines.add(String.format(Locale.ROOT, form, (Object[]) row)));
        return lines;
    }

    private String verdict() {
        return findings.stopped == null
                ? "the file would not be stopped"
                : "the file would be stopped: " + Visible.of(findings.stopped);
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        if (findings.warning != null) {
            notes.add("  " + findings.warning);
        }
        if (findings.remembered > 0) {
            notes.add("  " + "ids were only compared with the first " + findings.remembered + " of the file");
        }
        return notes;
    }
}
