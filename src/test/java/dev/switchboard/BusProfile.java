package dev.switchboard;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The whole bus inside a test: sandbox vendors, embedded broker, folders of its own under target/, free ports. */
public final class BusProfile implements QuarkusTestProfile {

    private static final String BROKER_PORT = "test.broker-port";
    private static final String VENDOR_PORT = "test.vendor-port";

    /** Returns the folder of this run. */
    public static String folder() {
        return "target/bus/" + ProcessHandle.current().pid();
    }

    /** Returns the port of the embedded broker; the same in every class loader. */
    public static String brokerPort() {
        return port(BROKER_PORT);
    }

    /** Returns the port at which the lanes thulium/waits, rated and shut look for their vendor; a test may listen there. */
    public static String vendorPort() {
        return port(VENDOR_PORT);
    }

    private static String port(String property) {
        return (String) System.getProperties().computeIfAbsent(property, any -> Integer.toString(freePort()));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        var settings = new HashMap<String, String>();
        settings.put("quarkus.http.test-port", "0");
        settings.put("quarkus.management.test-port", "0");
        settings.put("switchboard.data-dir", folder() + "/data");
        settings.put("switchboard.files.dir", folder() + "/files");
        settings.put("switchboard.broker.port", brokerPort());
        settings.put("switchboard.sandbox.enabled", "true");
        settings.put("switchboard.lane.retry", "20ms,20ms,20ms");
        settings.put("switchboard.lane.timeout", "2s");
        settings.put("switchboard.shutdown.delay", "0s");
        settings.put("switchboard.files.max-upload", "2MiB");
        settings.put("switchboard.files.profiles.strict.check-first", "true");
        settings.put("switchboard.files.profiles.strict.max-invalid", "1");
        settings.put("switchboard.files.profiles.few.max-invalid", "50");
        settings.put("switchboard.files.profiles.share.max-invalid", "10%");
        settings.put("switchboard.files.profiles.quick.quiet", "200ms");
        settings.put("switchboard.files.profiles.quick.columns.고객번호", "customerId");
        settings.put("switchboard.files.profiles.quick.columns.대화방", "conversationId");
        settings.put("switchboard.files.profiles.quick.columns.내용", "text");
        settings.put("switchboard.files.profiles.quick.defaults.vendor", "happytalk");
        settings.put("switchboard.files.profiles.quick.defaults.operation", "send");
        settings.put("switchboard.files.profiles.few.defaults.vendor", "happytalk");
        settings.put("switchboard.files.profiles.few.defaults.operation", "send");
        // An account with one of HappyTalk's two apis; it refuses connections.
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.biz-url", "http://127.0.0.1:9");
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.client-id", "id-chat-only");
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.client-secret", "secret-chat-only");
        for (String account : List.of("waits", "rated", "shut")) {
            String prefix = "switchboard.vendors.thulium.accounts." + account + ".";
            settings.put(prefix + "url", "http://127.0.0.1:" + vendorPort());
            settings.put(prefix + "username", "user-" + account);
            settings.put(prefix + "password", "password-" + account);
            settings.put(prefix + "lane.retry", "30m,30m,30m");
        }
        settings.put("switchboard.vendors.thulium.accounts.rated.lane.rate", "1/m");
        String staffed = "switchboard.vendors.happytalk.accounts.staffed.";
        settings.put(staffed + "biz-url", "http://127.0.0.1:" + vendorPort());
        settings.put(staffed + "client-id", "id-staffed");
        settings.put(staffed + "client-secret", "secret-staffed");
        settings.put(staffed + "lane.gate", "1s");
        LocalTime opens = LocalTime.now(ZoneOffset.UTC).plusHours(2).truncatedTo(ChronoUnit.MINUTES);
        settings.put("switchboard.vendors.thulium.accounts.shut.lane.zone", "UTC");
        settings.put("switchboard.vendors.thulium.accounts.shut.lane.hours", opens + "-" + opens.plusHours(1));
        return settings;
    }
}
