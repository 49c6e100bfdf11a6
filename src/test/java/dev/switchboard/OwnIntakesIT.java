package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The samples of {@code samples/routes} that need a database or a mail server. */
@Tag("soak")
class OwnIntakesIT {

    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    private Path folder;
    private String url;

    @BeforeEach
    void prepare() throws Exception {
        mail.start();
        folder = RunningBus.newFolder("own-intakes");
        Path routes = Files.createDirectories(folder.resolve("routes"));
        for (String sample : new String[] {"sql-poll", "mail"}) {
            String file = sample + ".camel.yaml";
            Files.copy(Path.of("samples/routes", file), routes.resolve(file));
        }
        url = "jdbc:sqlite:" + folder.resolve("orders.db");
        change("create table outgoing (number integer, customer text, room text, text text, state text)");
    }

    @AfterEach
    void stop() {
        mail.stop();
    }

    private void change(String statement) throws SQLException {
        try (Connection orders = DriverManager.getConnection(url);
                Statement change = orders.createStatement()) {
            change.executeUpdate(statement);
        }
    }

    private Map<Integer, String> states() throws SQLException {
        try (Connection orders = DriverManager.getConnection(url);
                Statement query = orders.createStatement();
                ResultSet rows = query.executeQuery("select number, state from outgoing")) {
            var states = new TreeMap<Integer, String>();
            while (rows.next()) {
                states.put(rows.getInt(1), String.valueOf(rows.getString(2)));
            }
            return states;
        }
    }

    private RunningBus start() throws Exception {
        var settings = new HashMap<String, String>();
        settings.put("switchboard.sandbox.enabled", "true");
        settings.put("switchboard.broker.url", "embedded");
        settings.put("switchboard.broker.port", String.valueOf(Ports.free()));
        settings.put("switchboard.routes.dir", folder.resolve("routes").toString());
        settings.put("sql-poll.url", url);
        settings.put("sql-poll.delay", "200");
        settings.put("mail.server", "smtp:127.0.0.1:" + mail.getSmtp().getPort());
        settings.put("mail.to", "team@shop.example");
        settings.put("mail.from", "bus@shop.example");
        return RunningBus.start(folder, settings);
    }

    @Test
    void eachRowIsSubmittedOnceAndOneThatIsWrongIsMarked() throws Exception {
        change(
                "insert into outgoing values (1, 'mina88', 'r-1', '감사', null), (2, 'mina88', 'r-2', '', null), (3, 'mina88', 'r-3', 'c', null)");
        RestClient rest;
        try (RunningBus bus = start()) {
            rest = bus.rest();
            await().untilAsserted(
                            () -> assertThat(states()).isEqualTo(Map.of(1, "submitted", 2, "refused", 3, "submitted")));
            assertThat(rest.finished("order-1").path("text").asText()).isEqualTo("감사");
            assertThat(rest.finished("order-3").path("state").asText()).isEqualTo("delivered");
            assertThat(rest.get("/messages/order-2").status()).isEqualTo(404);
            bus.kill();
        }
        change("update outgoing set state = null where number = 3");
        try (RunningBus bus = start()) {
            rest = bus.rest();
            await().untilAsserted(() -> assertThat(states()).containsEntry(3, "submitted"));
            assertThat(rest.finished("order-3").path("attempts")).hasSize(1);
        }
    }

    @Test
    void aDeadLetterIsMailedAndAWaitForTheServerLosesNone() throws Exception {
        int port = mail.getSmtp().getPort();
        try (RunningBus bus = start()) {
            bus.rest().submit(RestClient.send("drop", "first").put("id", "first"));
            assertThat(mail.waitForIncomingEmail(20_000, 1)).isTrue();
            MimeMessage first = mail.getReceivedMessages()[0];
            assertThat(first.getSubject()).isEqualTo("Switchboard: a message may or may not have been sent");
            assertThat(first.getContent().toString()).contains("Message first to happytalk/default");
            mail.stop();
            bus.rest().submit(RestClient.send("drop", "second").put("id", "second"));
            assertThat(bus.rest().finished("second").path("state").asText()).isEqualTo("uncertain");
            var again = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
            again.start();
            try {
                assertThat(again.waitForIncomingEmail(60_000, 1)).isTrue();
                assertThat(again.getReceivedMessages()[0].getContent().toString())
                        .contains("Message second");
            } finally {
                again.stop();
            }
        }
    }
}
