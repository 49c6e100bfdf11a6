package dev.switchboard.batch;

import dev.switchboard.intake.Chunk;
import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import dev.switchboard.records.FileRecord;
import dev.switchboard.store.Batch;
import dev.switchboard.vendor.MessageCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells messages from records that are none; one that is none does not touch the others. */
final class RecordCheck {

    private final MessageCheck check;

    RecordCheck(MessageCheck check) {
        this.check = check;
    }

    /**
     * Checks the records of a chunk.
     *
     * @param limits refuses what the sender of the file may not hand in
     * @param further takes the invalid records that the store does not keep
     */
    Chunk check(Chunks.Unchecked chunk, Batch batch, Consumer<Message> limits, Consumer<List<Batch.Row>> further) {
        var messages = new ArrayList<Chunk.Line>();
        var invalid = new ArrayList<Batch.Row>();
        for (FileRecord record : chunk.records()) {
            try {
                Message message = message(record, chunk.idPrefix());
                limits.accept(message);
                messages.add(new Chunk.Line(record.number(), message, record::raw));
            } catch (Refused e) {
                invalid.add(new Batch.Row(record.number(), "invalid", id(record), e.getMessage(), record.raw()));
            }
        }
        return new Chunk(batch.id(), batch.origin().sender(), chunk.checkpoint(), messages, invalid, further);
    }

    Message message(FileRecord record, String idPrefix) {
        if (record.json() == null) {
            throw Refused.because(400, String.valueOf(record.fault()));
        }
        Message message = check.check(record.json());
        if (message.text("id") == null) {
            message.json().put("id", idPrefix + record.number());
        }
        return message;
    }

    private static @Nullable String id(FileRecord record) {
        return record.json() == null ? null : record.json().path("id").asText(null);
    }
}
