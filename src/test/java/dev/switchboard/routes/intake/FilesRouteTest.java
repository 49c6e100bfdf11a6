package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchboard.intake.Chunk;
import dev.switchboard.routes.RouteTest;
import dev.switchboard.store.Batch;
import dev.switchboard.store.Store;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class FilesRouteTest extends RouteTest {

    private final Path folder = Path.of(ConfigProvider.getConfig().getValue("switchboard.files.dir", String.class));

    @BeforeEach
    void ends() throws Exception {
        advise("files", ends -> {
            ends.replaceFromWith("direct:files");
            ends.weaveByToUri("accept:*").replace().to("mock:accept-file");
        });
        advise("results", ends -> ends.replaceFromWith("direct:results"));
        advise("files-take", ends -> {});
    }

    private MockEndpoint accept() {
        return getMockEndpoint("mock:accept-file");
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> "{\"vendor\":\"thulium\",\"account\":\"crm\",\"operation\":\"end\",\"conversationId\":\""
                        + i + "\"}")
                .collect(Collectors.joining("\n"));
    }

    private Exchange read(String name, String content) throws Exception {
        Path file = Files.writeString(folder.resolve("working").resolve(name), content);
        return send("direct:files", file.toFile(), Map.of(), Map.of());
    }

    @Test
    void aWholeFileIsRenamedIntoWorking() throws Exception {
        Path inbox = folder.resolve("inbox");
        Files.writeString(inbox.resolve("late.jsonl.part"), "{}");
        Files.writeString(inbox.resolve("whole.jsonl.done"), "");
        Files.writeString(inbox.resolve("whole.jsonl"), "{}");
        await().untilAsserted(
                        () -> assertThat(folder.resolve("working/whole.jsonl")).hasContent("{}"));
        assertThat(inbox.resolve("whole.jsonl")).doesNotExist();
        assertThat(inbox.resolve("whole.jsonl.done")).doesNotExist();
        assertThat(inbox.resolve("late.jsonl.part")).exists();
    }

    @Test
    void aFileReachesTheStoreInChunksWithTheCheckpointBehindEach() throws Exception {
        assertThat(read("many.jsonl", lines(520) + "\nno json").getException()).isNull();
        assertThat(accept().getReceivedCounter()).isEqualTo(2);
        Chunk first = accept().getReceivedExchanges().get(0).getMessage().getBody(Chunk.class);
        Chunk last = accept().getReceivedExchanges().get(1).getMessage().getBody(Chunk.class);
        assertThat(first.records()).isEqualTo(500);
        assertThat(first.messages()).hasSize(500);
        assertThat(first.messages().get(7).message().conversationId()).isEqualTo("8");
        assertThat(last.records()).isEqualTo(521);
        assertThat(last.messages()).hasSize(20);
        assertThat(last.invalid()).hasSize(1);
        assertThat(last.invalid().get(0).line()).isEqualTo(521);
        assertThat(folder.resolve("done/many.jsonl")).exists();
        assertThat(folder.resolve("working/many.jsonl")).doesNotExist();
    }

    @Test
    void longRecordsMakeAChunkOfFewer() throws Exception {
        String line = "x".repeat(100_000) + "\n";
        assertThat(read("long.jsonl", line.repeat(12)).getException()).isNull();
        assertThat(accept().getReceivedExchanges())
                .extracting(chunk -> chunk.getMessage().getBody(Chunk.class).records())
                .containsExactly(11L, 12L);
    }

    @Test
    void aFileWhoseProfileIsGoneFromTheSettingsIsStopped() throws Exception {
        Files.createDirectories(folder.resolve("working/gone"));
        assertThat(read("gone/file.jsonl", lines(1)).getException()).isNull();
        assertThat(accept().getReceivedCounter()).isZero();
        assertThat(bean(Store.class).batches("file.jsonl", null, 1))
                .singleElement()
                .satisfies(batch -> {
                    assertThat(batch.state()).isEqualTo("stopped");
                    assertThat(batch.reason()).contains("inbox/gone has no profile");
                });
        assertThat(folder.resolve("failed/file.jsonl")).exists();
    }

    @Test
    void aFileWhoseChunkIsNotKeptStays() throws Exception {
        accept().whenExchangeReceived(1, exchange -> exchange.setException(new IllegalStateException("disk")));
        assertThat(read("again.jsonl", lines(1_250)).getException()).isNotNull();
        assertThat(accept().getReceivedCounter()).isEqualTo(1);
        assertThat(folder.resolve("working/again.jsonl")).exists();
        assertThat(folder.resolve("done/again.jsonl")).doesNotExist();
    }

    @Test
    void aBatchThatIsFinishedHasItsResultsWritten() throws Exception {
        var batch = bean(Store.class)
                .beginBatch(new Batch.Origin("r.csv", "r.csv", "files", ""))
                .join();
        Exchange done = send("direct:results", "{}", Map.of(), Map.of("subject", batch.id()));
        assertThat(done.getException()).isNull();
        assertThat(folder.resolve("results/r.csv.results.csv")).exists();
        assertThat(folder.resolve("results/r.csv.summary.json")).exists();
    }
}
