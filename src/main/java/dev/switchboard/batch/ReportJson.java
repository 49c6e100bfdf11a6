package dev.switchboard.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.records.Layout;
import dev.switchboard.records.PlacedFault;
import java.util.Map;

/** The report of a dry run as programs read it. */
record ReportJson(String file, String profile, Findings findings) {

    ObjectNode whole() {
        ObjectNode json = Json.object();
        json.put("file", file).put("profile", profile);
        Layout layout = findings.layout;
        if (layout != null) {
            json.put("format", CheckReport.format(layout))
                    .put("charset", layout.encoding().title());
        }
        json.put("records", findings.records())
                .put("messages", findings.messages)
                .put("duplicate", findings.duplicates)
                .put("invalid", findings.invalid);
        addFaults(json);
        addErrands(json);
        json.put("stopped", findings.stopped).put("warning", findings.warning);
        if (findings.remembered > 0) {
            json.put("idsRemembered", findings.remembered);
        }
        return Json.withoutNulls(json);
    }

    private void addFaults(ObjectNode json) {
        ObjectNode faults = json.putObject("faults").put("total", findings.faults());
        ObjectNode rules = faults.putObject("rules");
        findings.rules.forEach(rules::put);
        var first = faults.putArray("first");
        for (PlacedFault fault : findings.first) {
            first.addObject()
                    .put("line", Math.max(1, fault.place().line()))
                    .put("column", Math.max(1, fault.place().column()))
                    .put("field", fault.fault().field())
                    .put("rule", fault.fault().rule())
                    .put("detail", fault.fault().detail() + CheckReport.allowed(fault.fault()));
        }
    }

    private void addErrands(ObjectNode json) {
        var sent = json.putArray("sent");
        for (Map.Entry<Findings.Errand, Long> each : findings.errands.entrySet()) {
            sent.addObject()
                    .put("vendor", each.getKey().vendor())
                    .put("account", each.getKey().account())
                    .put("operation", each.getKey().operation())
                    .put("messages", each.getValue());
        }
    }
}
