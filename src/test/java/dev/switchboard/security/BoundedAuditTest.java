package dev.switchboard.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.access.AuditEntry;
import dev.switchboard.access.AuditFilter;
import dev.switchboard.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedAuditTest {

    private static final int A_MINUTE = 20;

    @TempDir
    Path folder;

    private Store store;
    private final List<Runnable> ends = new ArrayList<>();

    @BeforeEach
    void open() {
        store = Store.open("jdbc:sqlite:" + folder.resolve("store.db"), "", "");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static AuditEntry refused(String who, String subject) {
        return new AuditEntry(0, 1, who, "127.0.0.1", "pauseLane", subject, null, 403);
    }

    private List<AuditEntry> rows(String who) {
        return store.access().audited(by(who), Long.MAX_VALUE, 1_000);
    }

    @Test
    void whatIsRefusedMoreOftenIsCounted() {
        var audit = new BoundedAudit(store.access(), ends::add);
        for (int i = 0; i < 50; i++) {
            audit.writeOrCount(refused("weak", "/lanes/" + i)).join();
        }
        audit.writeOrCount(refused("other", "/lanes")).join();
        assertThat(rows("weak")).hasSize(A_MINUTE);
        assertThat(rows("other")).hasSize(1);
        assertThat(ends).as("one for each caller").hasSize(2);
        ends.forEach(Runnable::run);
        Store.written(store.access().revoke("after the rows before it"));
        assertThat(rows("weak")).hasSize(A_MINUTE + 1);
        assertThat(rows("weak").get(0).subject()).isEqualTo("/lanes/49");
        assertThat(rows("weak").get(0).detail()).isEqualTo("{\"further\":30}");
        assertThat(rows("other")).hasSize(1);
        audit.writeOrCount(refused("weak", "/lanes")).join();
        assertThat(rows("weak")).as("the next minute").hasSize(A_MINUTE + 2);
    }

    @Test
    void aRowHoldsTheBeginningOfALongPathInWholeCharacters() {
        var audit = new BoundedAudit(store.access(), ends::add);
        audit.writeOrCount(refused("long", "/messages/" + "\uD83D\uDE00".repeat(5_000)))
                .join();
        audit.writeOrCount(refused("long", "/messagesx" + "\uD83D\uDE00".repeat(5_000)))
                .join();
        assertThat(rows("long")).allSatisfy(row -> {
            assertThat(row.subject())
                    .hasSizeLessThanOrEqualTo(300)
                    .startsWith("/messages")
                    .endsWith("\uDE00…");
        });
    }

    private static AuditFilter by(String who) {
        return new AuditFilter(who, null, null, null, null);
    }
}
