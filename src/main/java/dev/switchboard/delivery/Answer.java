package dev.switchboard.delivery;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.switchboard.charset.NamedCharset;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor answered. The body is read once, straight into a tree; of its text only the beginning is kept.
 *
 * @param status the HTTP status
 * @param retryAfter the header of that name
 * @param json the body, or a missing node where it is not JSON
 * @param text the first 64 KiB of the body
 */
record Answer(int status, @Nullable String retryAfter, JsonNode json, String text) {

    private static final int KEPT = 64 * 1024;
    /** More values than the longest transcripts have; small ones take many times their length of memory. */
    private static final int MOST_TOKENS = 500_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(new AnswerTree());

    /**
     * What stands before the body.
     *
     * @param retryAfter the header of that name
     * @param type the header {@code Content-Type}, whose character set is used
     * @param encoding the header {@code Content-Encoding}; gzip is unpacked, though no call asks for it
     * @param longest how many bytes the body may have, unpacked
     */
    record Head(
            int status,
            @Nullable String retryAfter,
            @Nullable String type,
            @Nullable String encoding,
            long longest) {

        static Head of(Message answer, long longest) {
            return new Head(
                    answer.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, int.class),
                    answer.getHeader("Retry-After", String.class),
                    answer.getHeader(Exchange.CONTENT_TYPE, String.class),
                    answer.getHeader(Exchange.CONTENT_ENCODING, String.class),
                    longest);
        }

        private boolean isPacked() {
            return encoding != null
                    && Set.of("gzip", "x-gzip").contains(encoding.strip().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Reads the body to its end, or to the end of the kept part where it is not JSON.
     *
     * @throws IOException when the rest of the answer does not come
     */
    static Answer read(Head head, @Nullable InputStream body) throws IOException {
        if (body == null) {
            return new Answer(head.status, head.retryAfter, MissingNode.getInstance(), "");
        }
        try {
            var beginning = new Beginning(head.isPacked() ? new GZIPInputStream(body) : body, head.longest);
            Charset charset = charset(head.type);
            JsonNode json = parse(beginning, charset);
            if (json.isMissingNode()) {
                beginning.fill();
            }
            return new Answer(head.status, head.retryAfter, json, beginning.text(charset));
        } catch (ZipException | EOFException e) {
            return new Answer(
                    head.status, head.retryAfter, MissingNode.getInstance(), "This is not gzip: " + e.getMessage());
        }
    }

    /** Numbers that Jackson cannot hold make it fail as if it were broken. */
    private static JsonNode parse(InputStream body, Charset charset) throws IOException {
        try {
            return charset.equals(StandardCharsets.UTF_8)
                    ? JSON.readTree(body)
                    : JSON.readTree(new InputStreamReader(body, charset));
        } catch (JsonProcessingException | ArithmeticException | NumberFormatException e) {
            return MissingNode.getInstance();
        }
    }

    /** Jackson tells the kinds of Unicode apart better than what is named does. */
    private static Charset charset(@Nullable String type) {
        Charset named = NamedCharset.of(type).orElse(StandardCharsets.UTF_8);
        return named.name().startsWith("UTF-") ? StandardCharsets.UTF_8 : named;
    }

    /** Returns whether a name on the way to a place in the body stands twice. */
    boolean hasTwice(String place) {
        return AnswerTree.hasTwice(json, place);
    }

    /** Returns whether the body is JSON, or nothing. */
    boolean readable() {
        return !json.isMissingNode() || text.isBlank();
    }

    /** Returns whether the body is an HTML page. */
    boolean html() {
        String page = text.startsWith("\uFEFF") ? text.substring(1) : text;
        String start = page.stripLeading().toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }

    boolean ok() {
        return status >= 200 && status < 300;
    }

    /** Keeps the first bytes of what is read through it, and ends what is too long. */
    private static final class Beginning extends FilterInputStream {
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

        private final long longest;
        private long count;

        private Beginning(InputStream in, long longest) {
            super(in);
            this.longest = longest;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                count += read;
                if (count > longest) {
                    throw new AnswerTooLong(longest);
                }
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

        private String text(Charset charset) {
            return kept.toString(charset);
        }
    }
}
