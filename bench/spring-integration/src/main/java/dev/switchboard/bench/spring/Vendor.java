package dev.switchboard.bench.spring;

import java.util.List;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.web.client.RestTemplate;

/** How the vendor is called: one kept-alive connection a consumer, and no retry but the broker's. */
@Configuration(proxyBeanMethods = false)
class Vendor {

    @Bean
    RestTemplate calls(@Value("${relay.concurrency}") int concurrency) {
        var template = new RestTemplate(new HttpComponentsClientHttpRequestFactory(client(concurrency)));
        template.setClientHttpRequestInitializers(List.of(request -> {
            request.getHeaders().set("HT-Client-Id", "id");
            request.getHeaders().set("HT-Client-Secret", "secret");
        }));
        return template;
    }

    private static HttpClient client(int connections) {
        return HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.ofSeconds(30))
                        .build())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
    }
}
