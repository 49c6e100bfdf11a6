package dev.switchboard.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.database.Clock;
import dev.switchboard.database.Sql;
import dev.switchboard.message.Json;
import dev.switchboard.queue.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Shows a batch as the contract's batch view. */
final class BatchView {

    private BatchView() {}

    /** Counts the messages of a batch that wait after a failed attempt. */
    static long waiting(Sql sql, String batch) {
        return sql.number(
                "select count(*) from work where batch = ? and waits is not null and " + Stage.SENDING.isNot(), batch);
    }

    static ObjectNode of(Batch batch, long waiting) {
        Batch.Origin origin = batch.origin();
        ObjectNode view = Json.object()
                .put("id", batch.id())
                .put("name", batch.name())
                .put("profile", origin.profile().isEmpty() ? null : origin.profile())
                .put("sender", origin.sender())
                .put("state", batch.paused() ? "paused" : batch.state())
                .put("read", batch.accepted() + batch.duplicate() + batch.invalid())
                .put("accepted", batch.accepted())
                .put("duplicate", batch.duplicate())
                .put("invalid", batch.invalid())
                .put("delivered", batch.delivered())
                .put("dead", batch.dead())
                .put("uncertain", batch.uncertain())
                .put("waiting", waiting)
                .put("discarded", batch.discarded());
        progress(view, batch);
        return Json.withoutNulls(view);
    }

    /** Adds how fast messages have been finished so far, in messages a second, and when the last one would be if that goes on. */
    private static void progress(ObjectNode view, Batch batch) {
        long now = Clock.now();
        long until = batch.finishedAt() == null ? now : batch.finishedAt();
        long finished = batch.accepted() - batch.unfinished();
        double rate = finished * 1000.0 / Math.max(1, until - batch.startedAt());
        view.put("startedAt", Json.time(batch.startedAt())).put("rate", Math.round(rate * 10) / 10.0);
        if (batch.state().equals("sending") && !batch.paused() && rate > 0) {
            Instant end = Instant.ofEpochMilli(now + Math.round(batch.unfinished() * 1000 / rate));
            view.put("estimatedEnd", end.truncatedTo(ChronoUnit.SECONDS).toString());
        }
        view.put("finishedAt", Json.time(batch.finishedAt())).put("reason", batch.reason());
    }
}
