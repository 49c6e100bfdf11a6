package dev.switchboard.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class MessageOfViewTest {

    private final ObjectNode view = new ObjectMapper()
            .createObjectNode()
            .put("id", "a-1")
            .put("vendor", "fourth")
            .put("mood", "A field of that vendor's own.")
            .put("state", "dead")
            .put("acceptedAt", "2026-01-01T00:00:00Z");

    @Test
    void fieldsOfAVendorsOwnAreTheMessages() {
        assertThat(Message.ofView(view).properties().stream().map(field -> field.getKey()))
                .containsExactly("vendor", "mood");
    }

    @Test
    void theViewStaysWhole() {
        Message.ofView(view);
        assertThat(view.has("state")).isTrue();
    }
}
