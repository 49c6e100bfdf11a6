package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.routes.RouteTest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RouteTest.Profile.class)
class CustomersRouteTest extends RouteTest {

    @BeforeEach
    void advise() throws Exception {
        advise("eraseCustomer", ends -> {});
    }

    private Exchange erase(String query) {
        return send("direct:eraseCustomer", "", Map.of("id", "no%2Fbody", Exchange.HTTP_QUERY, query), Map.of());
    }

    @Test
    void countsAreAnswered() throws Exception {
        Exchange done = erase("vendor=happytalk");
        assertThat(done.getException()).isNull();
        JsonNode counts = json(done.getMessage().getBody(String.class));
        assertThat(counts.toString()).isEqualTo("{\"erased\":0,\"discarded\":0,\"pending\":0}");
        assertThat(done.getMessage().getHeaders()).doesNotContainKey("id");
    }

    @Test
    void aFilterThatNobodyKnowsIsRefusedAndNothingIsErased() throws Exception {
        assertProblem(erase("vendro=happytalk"), 400);
    }
}
