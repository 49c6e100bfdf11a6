package dev.switchboard.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.RestClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebLimitsTest {

    private static final ExtFormatter LINES = new PatternFormatter("%s");

    private final Vertx vertx = Vertx.vertx();
    private final Logger logger = Logger.getLogger(WebLimits.class.getName());
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(LINES.formatMessage(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        logger.addHandler(handler);
    }

    @AfterEach
    void close() {
        logger.removeHandler(handler);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aFailureIsAProblemAndItsLogLineHasNoQuery() {
        Router router = Router.router(vertx);
        new WebLimits(1_000, Duration.ofSeconds(5)).register(router);
        router.get("/fails").handler(http -> {
            throw new IllegalStateException("of a test");
        });
        HttpServer server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        var answer = new RestClient(URI.create("http://127.0.0.1:" + server.actualPort())).get("/fails?customer=anna");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Content-Type")).isEqualTo(Problem.MEDIA_TYPE);
        assertThat(answer.text()).doesNotContain("of a test");
        assertThat(log).containsExactly("GET /fails failed");
    }
}
