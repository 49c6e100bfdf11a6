package dev.switchboard.delivery;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What camel-http's calls of vendors have in common: the attempt's deadline, the longest answer, what is noted of a
 * request, and how a call that brings no answer is told. HttpClient's own time-outs are for one read each, so a vendor
 * that drips would hold a slot for ever.
 */
@Singleton
@Named("vendorCall")
public final class VendorCall implements HttpClientConfigurer, HttpActivityListener, AutoCloseable {

    private static final TimeValue TRUSTED_IDLENESS = TimeValue.ofMilliseconds(500);
    private static final int KEPT = 64 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;
    private static final int MOST_HEADERS = 200;

    private final ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, task -> {
        var thread = new Thread(task, "vendor-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    private final CleanConnections connections = new CleanConnections();
    private final VendorNetwork network;
    private final AccessTokens tokens;
    private final ApiLogin login;

    /** Makes the calls' deadlines. */
    public VendorCall(VendorNetwork network) {
        this.network = network;
        this.tokens = new AccessTokens(network, deadlines);
        this.login = new ApiLogin(tokens);
        deadlines.setRemoveOnCancelPolicy(true);
    }

    /**
     * Makes the pool of connections for all vendors. The head of an answer is bounded, or one without an end would take the
     * memory of all lanes. Lanes bound how many are used, so the pool does not: with a bound
     * of its own, calls that hang on one account would keep those of another waiting.
     */
    public static HttpClientConnectionManager connections(VendorNetwork network) {
        PoolingHttpClientConnectionManagerBuilder pool =
                PoolingHttpClientConnectionManagerBuilder.create().useSystemProperties();
        network.trust().map(DefaultClientTlsStrategy::new).ifPresent(pool::setTlsSocketStrategy);
        Http1Config heads = Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(MOST_HEADERS + 1) // it fails at so many
                .build();
        return pool.setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(heads)
                        .responseParserFactory(CleanConnections.parsers(heads))
                        .build())
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(10))
                        .setValidateAfterInactivity(TRUSTED_IDLENESS)
                        .build())
                .build();
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        network.configure(client);
        client.setConnectionManagerShared(true)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableContentCompression()
                .setKeepAliveStrategy((response, context) -> idle(response, context))
                .setRequestExecutor(connections)
                .addExecInterceptorFirst("attempt", this::call);
    }

    /** A connection is used again only within what the vendor promises and the account's {@code idle}. */
    private static TimeValue idle(HttpResponse response, HttpContext context) {
        Duration own = Attempt.of(exchange(context)).limits().idle();
        TimeValue promised = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
        boolean shorter = promised != null && promised.getDuration() >= 0 && promised.toMilliseconds() < own.toMillis();
        return shorter ? TimeValue.ofMilliseconds(Math.max(1, promised.toMilliseconds() - 100)) : TimeValue.of(own);
    }

    static @Nullable Exchange exchange(HttpContext context) {
        return (Exchange) context.getAttribute("org.apache.camel.Exchange");
    }

    private ClassicHttpResponse call(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain) {
        Exchange exchange = exchange(scope.clientContext);
        Attempt attempt = Attempt.of(exchange);
        attempt.calls(exchange);
        attempt.requested(describe(request));
        if (exchange != null && attempt.isPreview()) {
            // what stands behind the call in the routes has no answer to work on
            exchange.setRouteStop(true);
            return new BasicClassicHttpResponse(HttpStatus.SC_NO_CONTENT);
        }
        if (exchange != null) {
            // the answer is unpacked where its length is bounded
            exchange.setProperty(Exchange.SKIP_GZIP_ENCODING, true);
        }
        Runnable cut = () -> ((Cancellable) scope.originalRequest).cancel();
        ScheduledFuture<?> deadline =
                deadlines.schedule(cut, attempt.remaining().toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = login.send(attempt, request, each -> chain.proceed(each, scope));
            if (!attempt.reached()) {
                response.close();
                throw new IOException("the proxy answered with HTTP " + response.getCode());
            }
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                deadline.cancel(false);
            } else {
                response.setEntity(new BoundedEntity(entity, attempt.limits().maxAnswer(), deadline, cut));
            }
            return response;
        } catch (DeliveryFailed e) {
            deadline.cancel(false);
            if (exchange != null) {
                Attempt.clear(exchange);
            }
            throw e;
        } catch (IOException | HttpException | RuntimeException e) {
            boolean late = !deadline.cancel(false);
            if (exchange != null) {
                Attempt.clear(exchange);
            }
            throw Judge.lost(
                    attempt,
                    late
                            ? new IOException(
                                    "no answer within " + attempt.limits().timeout(), e)
                            : e);
        }
    }

    /** Writes the request as JSON: a tree for it would take three times as long. */
    private static String describe(ClassicHttpRequest request) {
        var json = new StringBuilder(512);
        field(json.append('{'), "method", request.getMethod());
        field(json.append(','), "url", request.getScheme() + "://" + request.getAuthority() + request.getRequestUri());
        HttpEntity entity = request.getEntity();
        if (entity != null && entity.isRepeatable()) {
            try (InputStream body = entity.getContent()) {
                field(json.append(','), "body", new String(body.readNBytes(KEPT), StandardCharsets.UTF_8));
            } catch (IOException e) {
                field(json.append(','), "unreadable", String.valueOf(e.getMessage()));
            }
        }
        return json.append('}').toString();
    }

    private static void field(StringBuilder json, String name, String value) {
        json.append('"').append(name).append("\":\"");
        JsonStringEncoder.getInstance().quoteAsString(value, json);
        json.append('"');
    }

    @Override
    public void onRequestSubmitted(
            Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {
        // being a listener makes camel-http put the exchange into the call's context, which is all that is wanted
    }

    @Override
    public void onResponseReceived(
            Object source, Exchange exchange, HttpHost host, HttpResponse response, HttpEntity entity, long elapsed) {
        // see above
    }

    @Override
    @PreDestroy
    public void close() throws IOException {
        deadlines.shutdownNow();
        tokens.close();
    }

    /** An answer's body that ends at a limit, and whose end is the end of the deadline. */
    private static final class BoundedEntity extends HttpEntityWrapper {
        private final InputStream content;

        private BoundedEntity(HttpEntity entity, long limit, ScheduledFuture<?> deadline, Runnable cut)
                throws IOException {
            super(entity);
            this.content = new BoundedStream(entity.getContent(), limit, deadline, cut);
        }

        /** Returns the same each time, as the one behind it is read only once. */
        @Override
        public InputStream getContent() {
            return content;
        }
    }

    /** Reads up to the limit; a connection whose answer was not read to its end is cut, not read out. */
    private static final class BoundedStream extends InputStream {
        private final InputStream in;
        private final long limit;
        private final ScheduledFuture<?> deadline;
        private final Runnable cut;
        private long count;
        private boolean ended;

        private BoundedStream(InputStream in, long limit, ScheduledFuture<?> deadline, Runnable cut) {
            this.in = in;
            this.limit = limit;
            this.deadline = deadline;
            this.cut = cut;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            ended = read < 0;
            count += Math.max(0, read);
            if (ended) {
                deadline.cancel(false);
            }
            if (count > limit) {
                throw new AnswerTooLong(limit);
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            try {
                if (!ended && in.read() >= 0) {
                    cut.run();
                }
            } catch (IOException e) {
                cut.run();
            }
            ended = true;
            deadline.cancel(false);
            in.close();
        }
    }
}
