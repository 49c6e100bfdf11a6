package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.routes.RouteTest;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class BatchesRouteTest extends RouteTest {

    @Test
    void batchesAreListedAndShown() throws Exception {
        String id = bean(Store.class)
                .beginBatch(new Batch.Origin("shown.csv", "shown.csv", "files", ""))
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
