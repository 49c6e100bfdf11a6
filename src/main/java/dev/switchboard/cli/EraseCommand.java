package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "erase",
        description = "Erases the contents of a customer's messages; those that have not been sent are discarded. This"
                + " cannot be undone.",
        footer = "%nExample: ./switchboard erase mina88 --vendor acme")
@SuppressWarnings("NullAway.Init")
final class EraseCommand extends BusCommand {

    @Parameters(paramLabel = "CUSTOMER", description = "The customerId of the messages.")
    private String customer;

    @Option(names = "--vendor", paramLabel = "NAME", description = "Only messages to this vendor.")
    private @Nullable String vendor;

    @Override
    public Integer call() {
        String query = vendor == null ? "" : "?vendor=" + Api.encoded(vendor);
        JsonNode counts = target.api().delete("/customers/" + Api.encoded(customer) + query);
        int pending = counts.path("pending").asInt();
        target.show(
                counts,
                counts.path("erased").asInt() + " erased, "
                        + counts.path("discarded").asInt() + " discarded and erased"
                        + (pending == 0 ? "." : ", " + pending + " are being sent and are erased after that."));
        return 0;
    }
}
