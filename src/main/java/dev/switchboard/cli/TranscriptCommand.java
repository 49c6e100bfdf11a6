package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "transcript",
        description = "Fetches a conversation's transcript from the vendor.",
        footer = "%nExample: ./switchboard transcript acme/default room-1001")
@SuppressWarnings("NullAway.Init")
final class TranscriptCommand extends BusCommand {

    @Parameters(index = "0", paramLabel = "VENDOR/ACCOUNT")
    private String lane;

    @Parameters(index = "1", paramLabel = "CONVERSATION")
    private String conversation;

    @Override
    public Integer call() {
        JsonNode transcript =
                target.api().get("/transcripts/" + PauseCommand.path(target, lane) + "/" + Api.encoded(conversation));
        target.show(transcript, words(transcript));
        return 0;
    }

    private static String words(JsonNode transcript) {
        var table = new Table("sent at", "sender", "kind", "content");
        transcript
                .path("messages")
                .forEach(message -> table.row(message, "sentAt", "/sender/name", "/kind/name", "content"));
        return table.toString();
    }
}
