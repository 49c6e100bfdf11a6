package dev.switchboard.intake;

import dev.switchboard.message.Refused;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.Charset;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts short what takes too long to arrive, is too long, or is framed in two ways at once; and says so as any other refusal is
 * said. Files that are uploaded have limits of their own.
 */
public final class WebLimits {

    private static final String UPLOADS = "/batches";
    private static final long LINGER_MILLIS = 2_000;
    private static final Logger LOG = LoggerFactory.getLogger(WebLimits.class);

    private final long largest;
    private final Duration timeout;

    /**
     * Limits requests.
     *
     * @param largest how many bytes a body may have
     * @param timeout how long a request may take to arrive, whole
     */
    public WebLimits(long largest, Duration timeout) {
        this.largest = largest;
        this.timeout = timeout;
    }

    /** Registers before all other handlers of requests. */
    public void register(Router router) {
        router.route().order(Integer.MIN_VALUE).handler(this::admit).failureHandler(this::tell);
        router.errorHandler(400, this::tell);
    }

    private void admit(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.method().equals(HttpMethod.HEAD)) {
            http.reroute(HttpMethod.GET, request.uri());
            return;
        }
        String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
            refuse(http, Refused.because(400, "Send the body as it is, or chunked."));
            return;
        }
        if (!isReadable(http)) {
            refuse(http, Refused.because(415, "The Content-Type cannot be read, or its charset is unknown."));
            return;
        }
        if (coding != null) {
            // Netty removes a Content-Length next to it, so it is not known whether there was one. RFC 9112, 6.3: the
            // connection ends with a request that had both, as what follows could be another sender's request
            http.addEndHandler(done -> close(http));
        }
        boolean upload = request.path() != null && request.path().equals(UPLOADS);
        if (!upload && isPacked(request)) {
            refuse(http, Refused.because(415, "Send the body as it is, without a Content-Encoding."));
            return;
        }
        if (!upload && length(request) > largest) {
            refuse(http, tooLarge());
            return;
        }
        if (!upload) {
            cutSlowOnes(http);
        }
        http.next();
    }

    private static boolean isPacked(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .anyMatch(encoding -> !encoding.isBlank() && !encoding.strip().equalsIgnoreCase("identity"));
    }

    /** Checked here because Camel's consumer reads it in the same way and would fail. */
    private static boolean isReadable(RoutingContext http) {
        try {
            String charset = http.parsedHeaders().contentType().parameter("charset");
            return charset == null || Charset.isSupported(charset);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Parses without a check: Netty has refused lengths that are not numbers. */
    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? 0 : Long.parseLong(length.strip());
    }

    private Refused tooLarge() {
        return Refused.because(413, "The body is longer than " + largest + " bytes.");
    }

    private void cutSlowOnes(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.isEnded()) {
            return;
        }
        long timer = http.vertx().setTimer(timeout.toMillis(), any -> {
            if (!request.isEnded() && !http.response().ended()) {
                refuse(http, Refused.because(408, "The request did not arrive within " + timeout.toSeconds() + " s."));
            }
        });
        http.addEndHandler(done -> http.vertx().cancelTimer(timer));
    }

    private void tell(RoutingContext http) {
        if (http.failure() instanceof HttpClosedException) {
            return; // the caller has gone
        }
        if (isUnreadable(http.failure())) {
            refuse(http, Refused.because(400, "The request is not HTTP."));
        } else if (http.statusCode() == 413) {
            refuse(http, tooLarge());
        } else if (http.statusCode() == 400) {
            refuse(http, Refused.because(400, "The request is not understood."));
        } else if (http.statusCode() == 500 && !(http.failure() instanceof SecurityException)) {
            // Quarkus would log the whole address, and with it whom or what the caller searched for
            LOG.error("{} {} failed", http.request().method(), http.request().path(), http.failure());
            refuse(http, Refused.because(500, Problem.OURS));
        } else {
            http.next();
        }
    }

    /** What Netty could not parse reaches its reader as such a failure. */
    private static boolean isUnreadable(@Nullable Throwable failure) {
        if (failure == null) {
            return false;
        }
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("io.netty.handler.codec.http.");
    }

    /** Refuses a request that is whole, or ends the connection that still brings one. */
    public static void answer(RoutingContext http, Refused refused) {
        if (http.request().isEnded()) {
            Problem.answer(http.response(), refused);
        } else {
            refuse(http, refused);
        }
    }

    static void refuse(RoutingContext http, Refused refused) {
        HttpServerResponse response = http.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            http.request().connection().close();
            return;
        }
        response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        Problem.answer(response, refused).onComplete(told -> close(http));
    }

    /** A connection that is closed while its sender still sends takes the answer with it, so a little more is read. */
    private static void close(RoutingContext http) {
        HttpServerRequest request = http.request();
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        request.handler(rest -> {});
        request.endHandler(end -> request.connection().close());
        request.resume();
        http.vertx().setTimer(LINGER_MILLIS, any -> request.connection().close());
    }
}
