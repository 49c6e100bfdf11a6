package dev.switchboard.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchboard.message.Message;
import dev.switchboard.message.Refused;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outcome of messages when there is no more room for them. */
class DiskQuotaTest {

    @TempDir
    private Path folder;

    private static Incoming message(String id) {
        var json = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        return new Incoming(
                new Message(json.put("id", id)
                        .put("vendor", "acme")
                        .put("account", "default")
                        .put("operation", "send")
                        .put("conversationId", "c")),
                "chat",
                System.currentTimeMillis() + 60_000,
                Incoming.Source.of("rest", null));
    }

    private static List<Accepted> accept(Store store, String id) {
        return Store.written(store.messages().accept(List.of(message(id))));
    }

    @Test
    void aStoreThatIsAsLargeAsItMayBeRefusesMessagesUntilItMayBeLarger() {
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("switchboard.db"), "", "")) {
            assertThat(accept(store, "1")).hasSize(1);
            store.limit(10_000);
            assertThatThrownBy(() -> accept(store, "2")).isInstanceOfSatisfying(Refused.class, refused -> {
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.title()).contains("switchboard.store.max-size");
                assertThat(refused.headers()).containsKey("Retry-After");
            });
            assertThatThrownBy(store::check).isInstanceOf(Refused.class);
            store.limit(100 << 20);
            assertThat(accept(store, "2")).hasSize(1);
            store.check();
        }
    }
}
