package dev.switchboard.bench.spring;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What the sender handed in, as far as it is sent on. */
record Incoming(String conversationId, String customerId, String text) {

    /** What the vendor wants to have. */
    record Call(String uuid, @JsonProperty("room_id") String room, String type, String msg) {}

    Call call() {
        return new Call(customerId, conversationId, "text", text);
    }
}
