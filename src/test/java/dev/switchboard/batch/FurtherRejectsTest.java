package dev.switchboard.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.store.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FurtherRejectsTest {

    @TempDir
    Path folder;

    private static Batch.Row row(long line) {
        return new Batch.Row(line, "invalid", null, "is no message", "가\n" + line);
    }

    private static List<Batch.Row> read(FurtherRejects further) throws IOException {
        var rows = new ArrayList<Batch.Row>();
        further.each(rows::add);
        return rows;
    }

    @Test
    void recordsThatAreWrittenAgainAfterAKillCountOnce() throws IOException {
        var further = FurtherRejects.of(folder, "b");
        further.add(List.of(row(5), row(7)));
        further.add(List.of(row(8), row(9)));
        byte[] whole = Files.readAllBytes(further.file());
        Files.write(further.file(), Arrays.copyOf(whole, whole.length - 30));
        further.add(List.of(row(8), row(9)));
        assertThat(read(further)).containsExactly(row(5), row(7), row(8), row(9));
    }

    @Test
    void aLineThatWasCutOffWithinACharacterEndsThere() throws IOException {
        var further = FurtherRejects.of(folder, "b");
        Files.write(further.file(), new byte[] {'{', '"', (byte) 0xea, (byte) 0xb0});
        further.add(List.of(row(1)));
        assertThat(read(further)).containsExactly(row(1));
    }
}
