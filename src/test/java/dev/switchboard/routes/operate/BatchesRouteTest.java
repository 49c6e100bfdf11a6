package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.batch.FilesConfig;
import dev.switchboard.batch.Inbox;
import dev.switchboard.batch.Results;
import dev.switchboard.batch.Uploads;
import dev.switchboard.batch.Working;
import dev.switchboard.operate.Batches;
import dev.switchboard.routes.ApiRouteTest;
import dev.switchboard.store.Batch;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

class BatchesRouteTest extends ApiRouteTest {

    BatchesRouteTest() {
        super("operate/batches");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        var settings = FilesConfig.read(config(Map.of("switchboard.files.dir", dir.toString())), check.fields());
        var inbox = new Inbox(settings);
        registry.bind("batches", new Batches(store));
        registry.bind("working", new Working(store, inbox));
        registry.bind("uploads", new Uploads(store, inbox, settings));
        registry.bind("results", new Results(store, inbox, settings));
    }

    @Test
    void batchesAreListedAndShown() throws Exception {
        String id = store.batches()
                .begin(new Batch.Origin("shown.csv", "shown.csv", "files", ""))
                .join()
                .id();
        assertThat(answer("listBatches", Map.of(Exchange.HTTP_QUERY, "name=shown.csv"))
                        .path("batches")
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(id);
        assertThat(answer("getBatch", Map.of("id", id)).path("name").asText()).isEqualTo("shown.csv");
    }

    @Test
    void onlyAFileThatWasReceivedIsTaken() throws Exception {
        assertProblem(
                send("direct:uploadBatch", "vendor\n", Map.of("name", "a.csv", "upload", "a.csv"), Map.of()), 404);
    }

    @Test
    void aBatchThatIsNotThereIsNotFound() throws Exception {
        assertProblem(send("direct:getBatch", "", Map.of("id", "nobody"), Map.of()), 404);
    }
}
