package dev.switchboard.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.message.Message;
import dev.switchboard.message.Outcome;
import dev.switchboard.message.State;
import dev.switchboard.queue.Share;
import dev.switchboard.store.Incoming;
import dev.switchboard.store.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsTest {

    @TempDir
    Path folder;

    private static ObjectNode message(String id, String operation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("vendor", "acme")
                .put("account", "default")
                .put("operation", operation);
    }

    /** Delivers a message, which may begin a conversation. */
    private static void deliver(Store store, ObjectNode message, String begun) {
        store.messages()
                .accept(List.of(
                        new Incoming(new Message(message), "chat", Long.MAX_VALUE, Incoming.Source.of("rest", null))))
                .join();
        var tried = new Outcome.Tried(Instant.now(), Disposition.DELIVERED, 200, "0", null, "{}", null);
        var result = JsonNodeFactory.instance.objectNode().put("conversationId", begun);
        store.lanes()
                .claim("acme/default", List.of(new Share("chat", 1, null)))
                .join()
                .forEach(each -> store.lanes()
                        .finish(each, new Outcome(State.DELIVERED, 0, true, false, tried, null, result))
                        .join());
    }

    @Test
    void theDaysAroundTheMessageThatBeganAConversation() {
        try (Store store = Store.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "")) {
            var why = new Outcome.Failure(FailureClass.UNCERTAIN, null, null, "It was cut off.", true);
            store.lanes().own("acme/default", operation -> false, why, Set.of()).join();
            LocalDate before = LocalDate.now(ZoneOffset.UTC).minusDays(1);
            deliver(store, message("1", "start"), "room");
            deliver(store, message("2", "send").put("conversationId", "room"), "room");
            deliver(store, message("3", "send").put("conversationId", "other"), "other");
            var conversations = new Conversations(store);
            LocalDate after = LocalDate.now(ZoneOffset.UTC).plusDays(1);
            assertThat(conversations.days("acme", "default", "room"))
                    .isBetween(before + "/" + before.plusDays(2), after.minusDays(2) + "/" + after);
            assertThat(conversations.days("acme", "default", "other")).isNull();
            assertThat(conversations.days("acme", "default", "none")).isNull();
            assertThat(conversations.days("acme", "second", "room")).isNull();
        }
    }
}
