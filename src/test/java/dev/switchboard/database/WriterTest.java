package dev.switchboard.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WriterTest {

    @TempDir
    Path folder;

    private Database database;
    private Writer writer;
    private final AtomicInteger commits = new AtomicInteger();

    @BeforeEach
    void open() {
        database = Database.open("jdbc:sqlite:" + folder.resolve("s.db"), "", "", null);
        writer = new Writer(database, new Clock(0), new Writer.Hooks() {
            @Override
            public void connected(Sql sql) {}

            @Override
            public long lastNumber(Sql sql) {
                return 0;
            }

            @Override
            public void beforeCommit(Transaction transaction) {}

            @Override
            public void lost() {}

            @Override
            public void committed(Transaction transaction, int changes, long nanos) {
                commits.incrementAndGet();
            }
        });
    }

    @AfterEach
    void close() {
        writer.close();
        database.close();
    }

    private static Writer.Change<String> note(String name) {
        return transaction -> {
            transaction.sql().update("insert into lane (name, epoch, paused) values (?, 0, null)", name);
            return name;
        };
    }

    private List<String> names() {
        return database.read(sql -> sql.list("select name from lane order by name", Row::text));
    }

    /** Keeps the writer busy until the latch is counted down, so that what follows shares a commit. */
    private CountDownLatch hold() {
        var busy = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        writer.dispatch(transaction -> {
            busy.countDown();
            go.await();
            return "";
        });
        try {
            // what comes before the writer has begun would share the commit that is held
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return go;
    }

    @Test
    void whatAFutureSaysIsDoneIsOnDisk() {
        assertThat(writer.intake(note("a")).join()).isEqualTo("a");
        assertThat(names()).containsExactly("a");
    }

    @Test
    void aChangeThatFailsFailsAlone() {
        CountDownLatch go = hold();
        CompletableFuture<String> first = writer.intake(note("a"));
        CompletableFuture<String> twice = writer.intake(note("a"));
        CompletableFuture<String> last = writer.dispatch(note("b"));
        go.countDown();
        assertThat(first.join()).isEqualTo("a");
        assertThat(last.join()).isEqualTo("b");
        assertThatThrownBy(twice::join).hasMessageContaining("UNIQUE");
        assertThat(names()).containsExactly("a", "b");
    }

    @Test
    void anErrorOfOursFailsTheChangeAndNotTheWriter() {
        CompletableFuture<String> broken = writer.dispatch(transaction -> {
            throw new AssertionError("a mistake");
        });
        assertThatThrownBy(broken::join).hasMessageContaining("a mistake");
        assertThat(writer.dispatch(note("a")).join()).isEqualTo("a");
    }

    @Test
    void changesThatWaitShareACommitAndIntakeGoesFirst() {
        CountDownLatch go = hold();
        var order = new ArrayList<String>();
        writer.dispatch(transaction -> order.add("dispatch"));
        for (int i = 0; i < 20; i++) {
            writer.dispatch(note("d" + i));
        }
        CompletableFuture<Boolean> last = writer.intake(transaction -> order.add("intake"));
        go.countDown();
        last.join();
        assertThat(order).containsExactly("intake", "dispatch");
        assertThat(commits.get()).isLessThanOrEqualTo(2);
        assertThat(names()).hasSize(20);
    }

    @Test
    void closingWritesWhatWaits() {
        CountDownLatch go = hold();
        for (int i = 0; i < 2_000; i++) {
            writer.intake(note("n" + i));
        }
        go.countDown();
        writer.close();
        assertThat(names()).hasSize(2_000);
        assertThat(writer.intake(note("late")))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsRejected() {
        CountDownLatch go = hold();
        List<CompletableFuture<String>> futures = IntStream.range(0, 30_000)
                .mapToObj(i -> writer.intake(transaction -> ""))
                .toList();
        assertThat(futures)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .hasSize(10_000);
        go.countDown();
    }

    @Test
    void manyThreadsWriteEachOfTheirChangesOnce() throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int t = 0; t < 16; t++) {
            int thread = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 50; i++) {
                    writer.intake(note(thread + "-" + i)).join();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread each : threads) {
            each.join();
        }
        assertThat(names()).hasSize(800);
        assertThat(commits.get()).isLessThan(800);
    }
}
