package dev.switchboard.delivery;

import dev.switchboard.vendor.OAuth;
import dev.switchboard.vendor.Signature;
import dev.switchboard.vendor.Vendor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Adds an access token and a signature to requests, where the vendor's folder says so. The request is as it leaves, so the signature is
 * over these very bytes.
 */
final class ApiLogin {

    private final AccessTokens tokens;

    ApiLogin(AccessTokens tokens) {
        this.tokens = tokens;
    }

    /** Sends a request. */
    interface Call {
        ClassicHttpResponse send(ClassicHttpRequest request) throws IOException, HttpException;
    }

    /**
     * Sends a request, and once more with a new token if the vendor refused the old one: with 401 it says that nothing was done.
     *
     * @throws DeliveryFailed when there is no token; the request has not left then, or was refused
     */
    ClassicHttpResponse send(Attempt attempt, ClassicHttpRequest request, Call call) throws IOException, HttpException {
        Vendor.Api api = attempt.account().api(attempt.operation().api());
        OAuth oauth = api.oauth();
        if (oauth == null) {
            return call.send(prepared(attempt, api, request, null));
        }
        String token = tokens.get(attempt, oauth, null);
        ClassicHttpResponse answer = call.send(prepared(attempt, api, request, token));
        boolean whole = request.getEntity() == null || request.getEntity().isRepeatable();
        if (answer.getCode() != HttpURLConnection.HTTP_UNAUTHORIZED || !attempt.reached() || !whole) {
            return answer;
        }
        answer.close();
        return call.send(prepared(attempt, api, request, tokens.get(attempt, oauth, token)));
    }

    private static ClassicHttpRequest prepared(
            Attempt attempt, Vendor.Api api, ClassicHttpRequest request, @Nullable String token) throws IOException {
        Signature signature = api.signature();
        if (token == null && signature == null) {
            return request;
        }
        ClassicHttpRequest prepared = ClassicRequestBuilder.copy(request).build();
        if (token != null) {
            prepared.setHeader("Authorization", "Bearer " + token);
        }
        if (signature != null) {
            sign(attempt, signature, prepared);
        }
        return prepared;
    }

    private static void sign(Attempt attempt, Signature signature, ClassicHttpRequest request) throws IOException {
        var body = new ByteArrayOutputStream();
        HttpEntity entity = request.getEntity();
        if (entity != null) {
            entity.writeTo(body);
        }
        String now = Long.toString(Instant.now().getEpochSecond());
        if (signature.timestamp() != null) {
            request.setHeader(signature.timestamp(), now);
        }
        Vendor.Setting secret = attempt.account().vendor().settings().get(signature.secret());
        request.setHeader(
                signature.header(),
                signature.of(
                        Map.of(
                                "method", bytes(request.getMethod()),
                                "path", bytes(request.getRequestUri()),
                                "timestamp", bytes(now),
                                "body", body.toByteArray()),
                        attempt.account().settings(),
                        secret != null && "base64".equals(secret.type())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
