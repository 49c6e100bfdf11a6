package dev.switchboard.routes.operate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.operate.Customers;
import dev.switchboard.routes.ApiRouteTest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;

class CustomersRouteTest extends ApiRouteTest {

    CustomersRouteTest() {
        super("operate/customers");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("customers", new Customers(store));
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
