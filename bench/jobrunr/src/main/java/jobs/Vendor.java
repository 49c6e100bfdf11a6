package jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.util.Timeout;
import org.jobrunr.jobs.lambdas.JobRequestHandler;

/** Makes the call. When it throws, JobRunr notes why and runs the job again later. */
public final class Vendor implements JobRequestHandler<Deliver> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String url;
    private final CloseableHttpClient http;

    Vendor(String url, int connections) {
        this.url = url + "/v1/chat/write";
        http = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(connections)
                        .setMaxConnTotal(connections)
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.ofSeconds(30))
                        .build())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableRedirectHandling()
                .disableContentCompression()
                .build();
    }

    @Override
    public void run(Deliver message) throws IOException {
        var wanted = JSON.createObjectNode()
                .put("uuid", message.customerId())
                .put("room_id", message.conversationId())
                .put("type", "text")
                .put("msg", message.text());
        var post = new HttpPost(url);
        post.setHeader("HT-Client-Id", "id");
        post.setHeader("HT-Client-Secret", "secret");
        post.setEntity(new ByteArrayEntity(JSON.writeValueAsBytes(wanted), ContentType.APPLICATION_JSON));
        http.execute(post, answer -> {
            byte[] body = EntityUtils.toByteArray(answer.getEntity());
            if (answer.getCode() != 200) {
                throw new IOException("the vendor answered with status " + answer.getCode());
            }
            JsonNode said = JSON.readTree(body);
            if (said.path("code").asInt(-1) != 0) {
                throw new IOException("the vendor answered with code " + said.path("code"));
            }
            return said;
        });
    }
}
