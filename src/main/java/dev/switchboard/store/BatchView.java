package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Json;
import dev.switchboard.database.Sql;
import dev.switchboard.queue.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Shows a batch as the contract's batch view. */
final class BatchView {

    private BatchView() {}

    /** Counts the messages of a batch that wait after a failed attempt. */
    static long waiting(Sql sql, String batch) {
        return sql.number(
                "select count(*) from work where batch = ? and waiting = 1 and " + Stage.SENDING.isNot(), batch);
    }

    static ObjectNode of(Batch batch, long waiting) {
        ObjectNode view = Json.MAPPER.createObjectNode();
        view.put("id", batch.id());
        view.put("name", batch.name());
        if (!batch.origin().profile().isEmpty()) {
            view.put("profile", batch.origin().profile());
        }
        if (batch.origin().sender() != null) {
            view.put("sender", batch.origin().sender());
        }
        view.put("state", batch.paused() ? "paused" : batch.state());
        view.put("read", batch.accepted() + batch.duplicate() + batch.invalid());
        view.put("accepted", batch.accepted());
        view.put("duplicate", batch.duplicate());
        view.put("invalid", batch.invalid());
        view.put("delivered", batch.delivered());
        view.put("dead", batch.dead());
        view.put("uncertain", batch.uncertain());
        view.put("waiting", waiting);
        view.put("discarded", batch.discarded());
        progress(view, batch);
        return view;
    }

    /** Adds how fast messages have been finished so far, in messages a second, and when the last one would be if that goes on. */
    private static void progress(ObjectNode view, Batch batch) {
        view.put("startedAt", Instant.ofEpochMilli(batch.startedAt()).toString());
        long now = Clock.now();
        long until = batch.finishedAt() == null ? now : batch.finishedAt();
        long finished = batch.accepted() - batch.unfinished();
        double rate = finished * 1000.0 / Math.max(1, until - batch.startedAt());
        view.put("rate", Math.round(rate * 10) / 10.0);
        boolean ends = batch.state().equals("sending") && !batch.paused() && rate > 0;
        if (ends) {
            Instant end = Instant.ofEpochMilli(now + Math.round(batch.unfinished() * 1000 / rate));
            view.put("estimatedEnd", end.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        if (batch.finishedAt() != null) {
            view.put("finishedAt", Instant.ofEpochMilli(batch.finishedAt()).toString());
        }
        if (batch.reason() != null) {
            view.put("reason", batch.reason());
        }
    }
}
