package dev.switchboard.delivery;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * How camel-http posts events: through the proxy and with the certificates that are set for vendors, in so much time, and with no
 * interest in what the answer holds but its status.
 */
@Singleton
@Named("eventCall")
public final class EventCall implements HttpClientConfigurer {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Executor LATE =
            CompletableFuture.delayedExecutor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);

    private final VendorNetwork network;

    public EventCall(VendorNetwork network) {
        this.network = network;
    }

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        network.configure(client);
        client.setConnectionManagerShared(true)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .addExecInterceptorFirst("status", EventCall::call);
    }

    private static ClassicHttpResponse call(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        CompletableFuture<?> late =
                CompletableFuture.runAsync(() -> ((Cancellable) scope.originalRequest).cancel(), LATE);
        try (ClassicHttpResponse response = chain.proceed(request, scope)) {
            return new BasicClassicHttpResponse(response.getCode());
        } finally {
            late.cancel(false);
        }
    }
}
