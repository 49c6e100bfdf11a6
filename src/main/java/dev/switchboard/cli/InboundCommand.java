package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "inbound",
        description = "Has a vendor send its events to the bus.",
        synopsisSubcommandLabel = "subscribe",
        subcommands = InboundCommand.Subscribe.class,
        mixinStandardHelpOptions = true,
        footer = "%nExample: ./switchboard inbound subscribe acme/default")
final class InboundCommand {

    @Command(
            name = "subscribe",
            description =
                    "Has a vendor send its events to the account's inbound-url. Where it does so already, changes nothing.",
            footer = "%nExample: ./switchboard inbound subscribe acme/default")
    @SuppressWarnings("NullAway.Init")
    static final class Subscribe extends BusCommand {

        @Parameters(index = "0", paramLabel = "VENDOR/ACCOUNT")
        private String lane;

        @Override
        public Integer call() {
            ObjectNode message = Json.object().put("operation", "subscribe");
            String[] names = PauseCommand.path(target, lane).split("/", 2);
            message.put("vendor", names[0]).put("account", names[1]);
            JsonNode view = target.api().post("/messages", message, Map.of("Prefer", "wait=30"));
            target.show(view, MessageCommand.words(view));
            return view.path("state").asText().equals("delivered") ? 0 : 1;
        }
    }
}
