package dev.switchboard;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** The whole bus inside a test: sandbox vendors, embedded broker, folders of its own under target/, free ports. */
public final class BusProfile implements QuarkusTestProfile {

    private static final String BROKER_PORT = "test.broker-port";

    /** Returns the folder of this run. */
    public static String folder() {
        return "target/bus/" + ProcessHandle.current().pid();
    }

    /** Returns the port of the embedded broker; the same in every class loader. */
    public static String brokerPort() {
        return (String) System.getProperties().computeIfAbsent(BROKER_PORT, any -> Integer.toString(freePort()));
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
        // An account with one of HappyTalk's two apis; nobody listens there.
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.biz-url", "http://127.0.0.1:9");
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.client-id", "id-chat-only");
        settings.put("switchboard.vendors.happytalk.accounts.chat-only.client-secret", "secret-chat-only");
        return settings;
    }
}
