package dev.switchboard.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receives spans as OTLP over HTTP, and reads of its protocol buffers what the tests look at. */
public final class Collector implements AutoCloseable {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;

    private final HttpServer server;
    private final List<Received> spans = new CopyOnWriteArrayList<>();

    /** A span, with ids in hexadecimal; {@code attributes} is their raw text. */
    public record Received(String trace, String id, String parent, String name, String attributes) {}

    public Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Received> spans() {
        return List.copyOf(spans);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] request = exchange.getRequestBody().readAllBytes();
        for (byte[] resource : fields(request).getOrDefault(1, List.of())) {
            for (byte[] scope : fields(resource).getOrDefault(2, List.of())) {
                fields(scope).getOrDefault(2, List.of()).forEach(span -> spans.add(received(fields(span))));
            }
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static Received received(Map<Integer, List<byte[]>> span) {
        var attributes = new StringBuilder();
        span.getOrDefault(9, List.of())
                .forEach(each -> attributes
                        .append(new String(each, StandardCharsets.UTF_8))
                        .append('\n'));
        return new Received(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                new String(span.getOrDefault(5, List.of()).get(0), StandardCharsets.UTF_8),
                attributes.toString());
    }

    private static String hex(Map<Integer, List<byte[]>> span, int field) {
        return span.getOrDefault(field, List.of()).stream()
                .map(HexFormat.of()::formatHex)
                .findFirst()
                .orElse("");
    }

    /** Returns the fields of a message that have a length, by their numbers. */
    private static Map<Integer, List<byte[]>> fields(byte[] message) {
        var fields = new HashMap<Integer, List<byte[]>>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long key = varint(in);
            switch ((int) (key & 7)) {
                case VARINT -> varint(in);
                case FIXED64 -> in.getLong();
                case BYTES -> {
                    var value = new byte[(int) varint(in)];
                    in.get(value);
                    fields.computeIfAbsent((int) (key >> 3), any -> new ArrayList<>())
                            .add(value);
                }
                default -> in.getInt();
            }
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
