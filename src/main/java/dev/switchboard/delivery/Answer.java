package dev.switchboard.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor answered. The body is read once, straight into a tree; of its text only the beginning is kept.
 *
 * @param status the HTTP status
 * @param retryAfter the header of that name
 * @param json the body, or a missing node where it is no JSON
 * @param text the first 64 KiB of the body
 */
record Answer(int status, @Nullable String retryAfter, JsonNode json, String text) {

    private static final int KEPT = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /**
     * Reads the body to its end, or to the end of the kept part where it is no JSON.
     *
     * @throws IOException when the rest of the answer does not come
     */
    static Answer read(int status, @Nullable String retryAfter, @Nullable InputStream body) throws IOException {
        if (body == null) {
            return new Answer(status, retryAfter, MissingNode.getInstance(), "");
        }
        var beginning = new Beginning(body);
        JsonNode json = parse(beginning);
        if (json.isMissingNode()) {
            beginning.fill();
        }
        return new Answer(status, retryAfter, json, beginning.text());
    }

    private static JsonNode parse(InputStream body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Says whether the body is JSON, or nothing. */
    boolean readable() {
        return !json.isMissingNode() || text.isBlank();
    }

    /** Says whether the body is an HTML page. */
    boolean html() {
        String page = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String start = page.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    boolean ok() {
        return status >= 200 && status < 300;
    }

    /** Keeps the first bytes of what is read through it. */
    private static final class Beginning extends FilterInputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        private Beginning(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            if (read >= 0 && kept.size() < KEPT) {
                kept.write(read);
            }
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                kept.write(bytes, offset, Math.min(read, KEPT - kept.size()));
            }
            return read;
        }

        private void fill() throws IOException {
            var rest = new byte[8192];
            while (kept.size() < KEPT && read(rest, 0, rest.length) >= 0) {
                // what is read is kept
            }
        }

        private String text() {
            return kept.toString(StandardCharsets.UTF_8);
        }
    }
}
