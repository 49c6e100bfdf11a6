package dev.switchboard.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "erase",
        description =
                "Erases what messages of a customer hold; what has not been sent is discarded. It cannot be undone.")
@SuppressWarnings("NullAway.Init")
final class EraseCommand implements Callable<Integer> {

    @Mixin
    private Target target;

    @Parameters(paramLabel = "CUSTOMER", description = "The customerId of the messages.")
    private String customer;

    @Option(names = "--vendor", paramLabel = "NAME", description = "Only this vendor's.")
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
                        + (pending == 0 ? "." : ", " + pending + " being sent: they are erased when that is over."));
        return 0;
    }
}
