package dev.switchboard;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;

/**
 * Offers no HTTP/2 in any TLS handshake. Quarkus has a setting for its own port only; the management port would offer it, and each
 * TLS configuration decides for itself.
 */
public final class Http1Only implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1;

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        return name.startsWith("quarkus.tls.") && name.endsWith("alpn")
                ? ConfigValue.builder().withName(name).withValue("false").build()
                : context.proceed(name);
    }
}
