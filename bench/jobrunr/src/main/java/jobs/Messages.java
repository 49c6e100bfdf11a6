package jobs;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.JobNotFoundException;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/** REST to a job in a database, which workers of this process run; its state can be asked for by its id. */
public final class Messages {

    private static final int WORKERS = 32;
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private final StorageProvider store;
    private final JobRequestScheduler jobs;

    private Messages(StorageProvider store, JobRequestScheduler jobs) {
        this.store = store;
        this.jobs = jobs;
    }

    /** Runs it: port, the vendor's address, and the database's JDBC URL. */
    public static void main(String[] arguments) {
        var vendor = new Vendor(arguments[1], WORKERS);
        StorageProvider store = SqlStorageProviderFactory.using(database(arguments[2]));
        JobRequestScheduler jobs = JobRunr.configure()
                .useStorageProvider(store)
                .useJobActivator(new JobActivator() {
                    @Override
                    public <T> T activateJob(Class<T> type) {
                        return type.cast(vendor);
                    }
                })
                // It refuses a shorter interval.
                .useBackgroundJobServer(BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                        .andWorkerCount(WORKERS)
                        .andPollInterval(Duration.ofSeconds(5)))
                .initialize()
                .getJobRequestScheduler();
        new Messages(store, jobs).serve(Integer.parseInt(arguments[0]));
    }

    private static DataSource database(String url) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        if (url.startsWith("jdbc:sqlite:")) {
            // One connection writes at a time; the migration needs two.
            config.setMaximumPoolSize(2);
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty("synchronous", "FULL");
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
            config.addDataSourceProperty("busy_timeout", "30000");
        } else {
            config.setUsername("postgres");
            config.setMaximumPoolSize(WORKERS);
        }
        return new HikariDataSource(config);
    }

    private void serve(int port) {
        Undertow.builder()
                .addHttpListener(port, "127.0.0.1")
                .setWorkerThreads(WORKERS)
                .setHandler(new BlockingHandler(Handlers.routing()
                        .post("/messages", this::accept)
                        .get("/messages/{id}", this::show)))
                .build()
                .start();
    }

    /** Answers when the job is on disk. */
    private void accept(HttpServerExchange exchange) throws Exception {
        Deliver message = JSON.readValue(exchange.getInputStream(), Deliver.class);
        UUID id = jobs.enqueue(message).asUUID();
        exchange.setStatusCode(202);
        answer(exchange, "accepted", id);
    }

    private void show(HttpServerExchange exchange) {
        UUID id = UUID.fromString(exchange.getQueryParameters().get("id").getFirst());
        try {
            answer(exchange, store.getJobById(id).getState().name().toLowerCase(), id);
        } catch (JobNotFoundException e) {
            exchange.setStatusCode(404);
        }
    }

    private static void answer(HttpServerExchange exchange, String state, UUID id) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
        exchange.getResponseSender().send("{\"id\":\"" + id + "\",\"state\":\"" + state + "\"}");
    }
}
