package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchboard.batch.BatchReader;
import dev.switchboard.batch.FilesConfig;
import dev.switchboard.batch.Inbox;
import dev.switchboard.batch.Results;
import dev.switchboard.batch.Working;
import dev.switchboard.intake.Chunk;
import dev.switchboard.intake.Intakes;
import dev.switchboard.routes.RouteTest;
import dev.switchboard.store.Batch;
import dev.switchboard.store.BatchChunk;
import dev.switchboard.store.StoreListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FilesRouteTest extends RouteTest {

    private static final String DIR = "switchboard.files.dir";

    private final Path folder = dir.resolve("files");
    private final Intakes intakes = new Intakes(route -> Intakes.RUNNING);

    FilesRouteTest() {
        super("intake/files");
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        camel.getPropertiesComponent().addOverrideProperty(DIR, folder.toString());
        return camel;
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        var settings = FilesConfig.read(config(Map.of(DIR, folder.toString())), check.fields());
        var inbox = new Inbox(settings);
        registry.bind("inbox", inbox);
        registry.bind("working", new Working(store, inbox));
        registry.bind("batchReader", new BatchReader(store, check, limits, inbox, settings.profiles(), intakes));
        registry.bind("results", new Results(store, inbox, settings));
    }

    @BeforeEach
    void ends() throws Exception {
        advise("files", ends -> {
            ends.replaceFromWith("direct:files");
            ends.weaveByToUri("accept:*").replace().to("mock:accept-file");
        });
        advise("results", ends -> ends.replaceFromWith("direct:results"));
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
        assertThat(store.batches().list("file.jsonl", null, 1)).singleElement().satisfies(batch -> {
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

    private Batch batch(String name) {
        return store.batches().list(name, null, 1).get(0);
    }

    @Test
    void aFileThatGrowsWhileItIsReadIsStopped() throws Exception {
        for (String more : new String[] {lines(1), "{\"half"}) {
            accept().whenAnyExchangeReceived(chunk ->
                    Files.writeString(folder.resolve("working/grows.jsonl"), "\n" + more, StandardOpenOption.APPEND));
            assertThat(read("grows.jsonl", lines(3)).getException()).isNull();
            assertThat(batch("grows.jsonl").state()).isEqualTo("stopped");
            assertThat(batch("grows.jsonl").reason()).contains("changed after it was taken", "bytes", "require-done");
        }
        assertThat(folder.resolve("failed/grows.jsonl")).exists();
        assertThat(folder.resolve("done/grows.jsonl")).doesNotExist();
    }

    @Test
    void aFileThatGrowsAfterItWasReadIsStoppedToo() throws Exception {
        var told = new CountDownLatch(1);
        store.listen(new StoreListener() {
            @Override
            public void batchStopped() {
                told.countDown();
            }
        });
        read("paused.csv", "vendor,operation,conversationId\n");
        assertThat(batch("paused.csv").state()).isEqualTo("finished");
        Files.writeString(folder.resolve("done/paused.csv"), "thulium,end,1\n", StandardOpenOption.APPEND);
        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(batch("paused.csv").state()).isEqualTo("stopped");
        assertThat(batch("paused.csv").reason()).contains("32 bytes and now has 46");
        await().until(() -> Files.exists(folder.resolve("failed/paused.csv")));
    }

    @Test
    void aFileOfTheSameLengthThatChangesWhileItIsReadIsStopped() throws Exception {
        accept().whenAnyExchangeReceived(
                        chunk -> Files.writeString(folder.resolve("working/same.jsonl"), lines(3).replace('3', '4')));
        read("same.jsonl", lines(3));
        assertThat(batch("same.jsonl").state()).isEqualTo("stopped");
    }

    @Test
    void aFileThatOnlyGetsItsTimeWhileItIsReadIsWhole() throws Exception {
        accept().whenAnyExchangeReceived(chunk -> Files.setLastModifiedTime(
                folder.resolve("working/time.jsonl"), FileTime.fromMillis(1_000_000_000_000L)));
        read("time.jsonl", lines(3));
        assertThat(batch("time.jsonl").state()).isEqualTo("finished");
    }

    @Test
    void whatIsNoFileWhenItIsOpenedIsStoppedAndNotFollowed() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret.jsonl"), lines(1));
        Path link = Files.createSymbolicLink(folder.resolve("working/link.jsonl"), secret.toAbsolutePath());
        Path pipe = folder.resolve("working/pipe.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        for (Path odd : new Path[] {link, pipe}) {
            assertThat(send("direct:files", odd.toFile(), Map.of(), Map.of()).getException())
                    .isNull();
            String name = odd.getFileName().toString();
            assertThat(batch(name).state()).isEqualTo("stopped");
            assertThat(batch(name).reason()).contains("not a file");
            assertThat(odd).doesNotExist();
            assertThat(Files.exists(folder.resolve("failed").resolve(name), LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
        }
        assertThat(accept().getReceivedCounter()).isZero();
        assertThat(secret).hasContent(lines(1));
    }

    @Test
    void aBatchThatIsFinishedHasItsResultsWritten() throws Exception {
        var batch = store.batches()
                .begin(new Batch.Origin("r.csv", "r.csv", "files", ""))
                .join();
        Exchange done = send("direct:results", "{}", Map.of(), Map.of("subject", batch.id()));
        assertThat(done.getException()).isNull();
        assertThat(folder.resolve("results/r.csv.results.csv")).exists();
        assertThat(folder.resolve("results/r.csv.summary.json")).exists();
    }

    /** Writes the results of a file with one invalid record, in which everything looks like a formula. */
    private List<String> results(String name, Map<String, String> settings) throws Exception {
        Files.writeString(folder.resolve("inbox").resolve(name), "");
        var config = new TreeMap<>(settings);
        config.put(DIR, folder.toString());
        var files = FilesConfig.read(config(config), check.fields());
        Batch batch =
                store.batches().begin(new Batch.Origin(name, name, "files", "")).join();
        store.batches()
                .describe(
                        batch.id(),
                        "{'format':'CSV','encoding':'UTF_8','mark':false,'header':'id;text;n','delimiter':';','lineEnd':'\\n'}"
                                .replace('\'', '"'))
                .join();
        var row = new Batch.Row(1, "invalid", "@id", "=x: is not a field", "=1;\"-2+3\";-700");
        store.batches()
                .accept(new BatchChunk(batch.id(), 1, List.of(), i -> "", List.of(row), further -> {}))
                .join();
        new Results(store, new Inbox(files), files).write(batch.id());
        return List.of(
                Files.readString(folder.resolve("results/" + name + ".results.csv")),
                Files.readString(folder.resolve("results/" + name + ".rejected.csv")));
    }

    @Test
    void resultsAreForProgramsWhereTheyAreNotSetToBeOpenedInASpreadsheet() throws Exception {
        assertThat(results("for-programs.csv", Map.of()))
                .satisfiesExactly(
                        rows -> assertThat(rows).startsWith("line,").contains("1,@id,invalid,invalid,,'=x: is not"),
                        rejected -> assertThat(rejected)
                                .isEqualTo("id;text;n;switchboard.reason\n=1;\"-2+3\";-700;\"=x: is not a field\"\n"));
        assertThat(results("for-people.csv", Map.of("switchboard.files.results.excel", "true")))
                .satisfiesExactly(
                        rows -> assertThat(rows)
                                .startsWith("\ufeffline,")
                                .contains("1,'@id,invalid,invalid,,'=x: is not"),
                        rejected -> assertThat(rejected)
                                .isEqualTo(
                                        "\ufeffid;text;n;switchboard.reason\n'=1;\"'-2+3\";-700;\"'=x: is not a field\"\n"));
    }

    @Test
    void resultsAreReadByWhoMayAndByNobodyElse() throws Exception {
        results("default.csv", Map.of());
        results("wide.csv", Map.of("switchboard.files.results.permissions", "664"));
        for (String ending : List.of(".results.csv", ".rejected.csv", ".summary.json")) {
            assertThat(permissions("default.csv" + ending)).isEqualTo("rw-r-----");
            assertThat(permissions("wide.csv" + ending)).isEqualTo("rw-rw-r--");
        }
        assertThatThrownBy(() -> results("no.csv", Map.of("switchboard.files.results.permissions", "0777")))
                .hasMessageStartingWith("switchboard.files.results.permissions: must be such as 0640");
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("results").resolve(name)));
    }

    @Test
    void aLongNameHasResultsUnderAShorterOne() throws Exception {
        for (String stem : new String[] {"n".repeat(251), "주".repeat(80), "x." + "n".repeat(248)}) {
            var batch = store.batches()
                    .begin(new Batch.Origin(stem + ".csv", stem, "files", ""))
                    .join();
            assertThat(send("direct:results", "{}", Map.of(), Map.of("subject", batch.id()))
                            .getException())
                    .isNull();
            assertThat(folder.resolve("results").toFile().list((dir, name) -> name.contains(batch.id())))
                    .hasSize(2)
                    .allMatch(name -> name.startsWith(stem.substring(0, 60)));
        }
    }
}
