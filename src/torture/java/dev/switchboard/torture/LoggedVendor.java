package dev.switchboard.torture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.RestClient;
import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Makes a {@link FakeVendor} both vendors, which log what they were asked for and what they did, and suffer a {@link Trouble}. */
final class LoggedVendor implements AutoCloseable {

    private static final Answer WRITTEN = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    private static final Answer STOPPED = Answer.of(200, "{\"status\":\"closed\"}");
    private static final String STOP = "/api/chat_conversations/";
    private static final long SLOWEST = TimeUnit.MILLISECONDS.toNanos(8);

    private final FakeVendor vendor = FakeVendor.start();
    private final RequestLog log;
    private final Random random;
    private volatile Trouble trouble = Trouble.NONE;

    LoggedVendor(Path folder, long seed) throws IOException {
        this.log = new RequestLog(folder.resolve("vendor.log"));
        this.random = new Random(seed);
        vendor.dropUnreadWhen(this::cutUnread).answerBy(this::answer);
    }

    String url() {
        return vendor.url();
    }

    /** From now on this goes wrong. */
    void suffer(Trouble what) {
        trouble = what;
    }

    List<Seen> log() throws IOException {
        return log.read();
    }

    private boolean cutUnread() {
        Trouble now = trouble;
        boolean cut = now.cutsUnread(random) && now.hits(random);
        if (cut) {
            log.add(new Seen(Instant.now(), Kind.SEND, Seen.UNREAD, false));
        }
        return cut;
    }

    private Answer answer(Request request) {
        Kind kind = kind(request.path());
        Answer good = kind == Kind.STOP ? STOPPED : WRITTEN;
        Trouble present = trouble;
        Trouble now = present.hits(random) ? present : Trouble.NONE;
        Trouble.Reaction reaction = now.react(good, kind, random);
        log.add(new Seen(Instant.now(), kind, id(kind, request), reaction.performed()));
        LockSupport.parkNanos(random.nextLong(SLOWEST));
        return reaction.answer();
    }

    private static Kind kind(String path) {
        return path.startsWith(STOP) ? Kind.STOP : path.endsWith("/end") ? Kind.END : Kind.SEND;
    }

    private static String id(Kind kind, Request request) {
        if (kind == Kind.STOP) {
            return request.path().substring(STOP.length(), request.path().lastIndexOf('/'));
        }
        try {
            JsonNode body = RestClient.JSON.readTree(request.body());
            return body.path("room_id").asText() + "."
                    + body.path("uuid").asText().substring("user-".length());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        vendor.close();
        log.close();
    }
}
