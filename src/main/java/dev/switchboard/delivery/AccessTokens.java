package dev.switchboard.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.vendor.OAuth;
import dev.switchboard.vendor.Settings;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.entity.UrlEncodedFormEntity;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.jspecify.annotations.Nullable;

/**
 * The access tokens of accounts (OAuth 2, RFC 6749). Each is kept until shortly before it expires, and fetched by one attempt at a time;
 * the others wait for it. No message is ever uncertain because of a token: its request has not left while the token is fetched.
 */
final class AccessTokens implements AutoCloseable {

    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);
    private static final long USUAL_SECONDS = 3_600;

    /** What RFC 6749 calls the faults that only an operator can fix. */
    private static final Set<String> REFUSALS =
            Set.of("invalid_client", "invalid_grant", "unauthorized_client", "invalid_scope", "unsupported_grant_type");

    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    private final CloseableHttpClient client;
    private final ScheduledExecutorService deadlines;

    AccessTokens(VendorNetwork network, ScheduledExecutorService deadlines) {
        this.deadlines = deadlines;
        HttpClientBuilder builder = HttpClientBuilder.create()
                .setConnectionManager(VendorCall.connections(network))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement();
        network.configure(builder);
        this.client = builder.build();
    }

    /** What one account has for one api. */
    private static final class Held {
        private final ReentrantLock lock = new ReentrantLock();
        private volatile @Nullable Token token;
        private @Nullable DeliveryFailed failure;
        private long failedAt;
        private @Nullable String refresh;
    }

    /**
     * A token.
     *
     * @param until when a new one is fetched, by {@link System#nanoTime}
     * @param of what it was fetched with
     */
    private record Token(String text, long until, Map<String, String> of) {

        private boolean fits(Map<String, String> form, @Nullable String refused) {
            return until - System.nanoTime() > 0 && of.equals(form) && !text.equals(refused);
        }
    }

    /**
     * Returns the token that an attempt's request needs.
     *
     * @param refused the one that the vendor has just refused, if any
     * @throws DeliveryFailed when there is none: {@code unauthorized} if the credentials were refused, otherwise {@code unavailable}
     */
    String get(Attempt attempt, OAuth oauth, @Nullable String refused) {
        Held own = held.computeIfAbsent(
                attempt.account().lane() + "/" + attempt.operation().api(), name -> new Held());
        Settings settings = attempt.account().settings();
        Map<String, String> with = new TreeMap<>(oauth.form(settings));
        with.put(oauth.client(), settings.get(oauth.client()));
        with.put(oauth.secret(), settings.get(oauth.secret()));
        Token token = own.token;
        if (token != null && token.fits(with, refused)) {
            return token.text;
        }
        long began = System.nanoTime();
        lock(own, attempt);
        try {
            token = own.token;
            if (token == null || !token.fits(with, refused)) {
                if (own.failure != null && own.failedAt - began > 0) {
                    throw own.failure; // of the call that this attempt has waited for
                }
                token = fetch(attempt, oauth, own, with);
                own.token = token;
            }
            return token.text;
        } catch (DeliveryFailed e) {
            own.failure = e;
            if (e.getFailureClass() == FailureClass.UNAUTHORIZED) {
                own.refresh = null;
            }
            own.failedAt = System.nanoTime();
            throw e;
        } finally {
            own.lock.unlock();
        }
    }

    private static void lock(Held own, Attempt attempt) {
        try {
            if (!own.lock.tryLock(attempt.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw unavailable("another attempt still waits for it", null).build();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the bus is stopping", e).build();
        }
    }

    private Token fetch(Attempt attempt, OAuth oauth, Held own, Map<String, String> with) {
        Settings settings = attempt.account().settings();
        Map<String, String> form = new TreeMap<>(oauth.form(settings));
        Token before = own.token;
        if (oauth.refresh() != null && own.refresh != null && before != null && before.of.equals(with)) {
            form.put("refresh_token", own.refresh);
        }
        HttpPost request;
        try {
            request = request(oauth, settings, form);
        } catch (IllegalArgumentException e) {
            throw unavailable("its address is wrong", e).build();
        }
        Duration limit = attempt.remaining().compareTo(LONGEST_CALL) < 0 ? attempt.remaining() : LONGEST_CALL;
        ScheduledFuture<?> deadline = deadlines.schedule(request::cancel, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return client.execute(request, answer -> token(attempt, own, answer, with));
        } catch (IOException e) {
            throw unavailable(deadline.isDone() ? "no answer within " + limit : String.valueOf(e.getMessage()), e)
                    .build();
        } finally {
            deadline.cancel(false);
        }
    }

    private static HttpPost request(OAuth oauth, Settings settings, Map<String, String> form) {
        String id = settings.get(oauth.client());
        String secret = settings.get(oauth.secret());
        var request = new HttpPost(settings.get(oauth.token()));
        request.setHeader(HttpHeaders.ACCEPT, "application/json");
        if (oauth.inBody()) {
            form.put("client_id", id);
            form.put("client_secret", secret);
        } else {
            byte[] login = (encoded(id) + ":" + encoded(secret)).getBytes(StandardCharsets.UTF_8);
            request.setHeader(
                    HttpHeaders.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(login));
        }
        List<BasicNameValuePair> pairs = new ArrayList<>();
        form.forEach((name, value) -> pairs.add(new BasicNameValuePair(name, value)));
        request.setEntity(new UrlEncodedFormEntity(pairs, StandardCharsets.UTF_8));
        return request;
    }

    /** RFC 6749, 2.3.1, has the id and the secret encoded before they are put together. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Token token(Attempt attempt, Held own, ClassicHttpResponse answer, Map<String, String> with)
            throws IOException {
        byte[] body = answer.getEntity() == null
                ? new byte[0]
                : answer.getEntity().getContent().readNBytes(LONGEST_ANSWER);
        JsonNode said = read(body);
        String text = said.path("access_token").asText();
        String type = said.path("token_type").asText("Bearer");
        if (answer.getCode() != 200 || text.isEmpty() || !type.equalsIgnoreCase("Bearer")) {
            throw refused(answer, said);
        }
        attempt.account().hide(text);
        if (said.hasNonNull("refresh_token")) {
            own.refresh = said.path("refresh_token").asText();
            attempt.account().hide(own.refresh);
        }
        long seconds = Math.max(0, said.path("expires_in").asLong(USUAL_SECONDS));
        long early = Math.min(30, seconds / 10);
        return new Token(text, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds - early), with);
    }

    private JsonNode read(byte[] body) {
        try {
            JsonNode read = json.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** The vendor's own words are short names; a text that comes with them may hold anything, so it is left out. */
    private static DeliveryFailed refused(ClassicHttpResponse answer, JsonNode said) {
        String error = said.path("error").asText();
        boolean credentials = REFUSALS.contains(error) || answer.getCode() == 401;
        String code = REFUSALS.contains(error) ? error : Integer.toString(answer.getCode());
        Header after = answer.getFirstHeader(HttpHeaders.RETRY_AFTER);
        DeliveryFailed.Builder failed = credentials
                ? DeliveryFailed.because(
                        FailureClass.UNAUTHORIZED,
                        Disposition.STOP_CIRCUIT,
                        "The vendor gives no access token for these credentials.")
                : unavailable("HTTP " + answer.getCode() + " without a token", null);
        return failed.said(code, null)
                .retryAfter(Judge.retryAfter(after == null ? null : after.getValue()))
                .build();
    }

    private static DeliveryFailed.Builder unavailable(String why, @Nullable Exception cause) {
        DeliveryFailed.Builder failed = DeliveryFailed.because(
                FailureClass.UNAVAILABLE, Disposition.RETRY, "The vendor's access token could not be fetched: " + why);
        return cause == null ? failed : failed.cause(cause);
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
