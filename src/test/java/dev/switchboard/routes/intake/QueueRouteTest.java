package dev.switchboard.routes.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchboard.intake.Intakes;
import dev.switchboard.intake.QueueContainers;
import dev.switchboard.intake.QueueReason;
import dev.switchboard.intake.QueueRequest;
import dev.switchboard.message.Refused;
import dev.switchboard.routes.RouteTest;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.client.impl.ClientMessageImpl;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.activemq.artemis.reader.TextMessageUtil;
import org.apache.camel.Exchange;
import org.apache.camel.component.jms.JmsBinding;
import org.apache.camel.component.jms.JmsMessage;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueRouteTest extends RouteTest {
    private static final String MESSAGE = "{'vendor':'thulium','account':'crm','operation':'end','conversationId':'c'}";

    QueueRouteTest() {
        super("intake/queue");
    }

    @Override
    protected void bindToRegistry(Registry registry) throws Exception {
        super.bindToRegistry(registry);
        registry.bind("queueRequest", new QueueRequest());
        registry.bind("queueReason", new QueueReason((intake, status) -> {}));
        registry.bind("queueContainers", new QueueContainers(store, new Intakes(route -> Intakes.RUNNING)));
    }

    @BeforeEach
    void ends() throws Exception {
        advise("queue", ends -> {
            ends.replaceFromWith("direct:queue");
            replaceStore(ends, "mock:accept-queue");
        });
    }

    private MockEndpoint accept() {
        return getMockEndpoint("mock:accept-queue");
    }

    private MockEndpoint invalid() {
        return getMockEndpoint("mock:jms:queue:switchboard.invalid");
    }

    /** Makes what a CORE client receives. */
    private static ActiveMQMessage received(Object body) throws Exception {
        byte type = body instanceof String ? Message.TEXT_TYPE : Message.BYTES_TYPE;
        var core = new ClientMessageImpl(type, true, 1_000, 0, (byte) 4, 100);
        core.putStringProperty("CamelHttpUri", "x");
        if (body instanceof String text) {
            TextMessageUtil.writeBodyText(core.getBodyBuffer(), SimpleString.of(text));
        } else {
            core.getBodyBuffer().writeBytes((byte[]) body);
        }
        ActiveMQMessage jms = ActiveMQMessage.createMessage(core, null);
        jms.setJMSCorrelationID("c-1");
        jms.doBeforeReceive();
        jms.setJMSMessageID("ID:1");
        return jms;
    }

    private Exchange arrives(Object body) throws Exception {
        ActiveMQMessage jms = received(body);
        return template.send(
                "direct:queue", exchange -> exchange.setIn(new JmsMessage(exchange, jms, null, new JmsBinding())));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCheckedMessageReachesTheStoreWithoutTheSendersHeaders(boolean bytes) throws Exception {
        String text = MESSAGE.replace('\'', '"');
        assertThat(arrives(bytes ? utf8(text) : text).getException()).isNull();
        assertThat(accept().getReceivedCounter()).isEqualTo(1);
        Exchange accepted = accept().getReceivedExchanges().get(0);
        assertThat(accepted.getMessage()
                        .getBody(dev.switchboard.message.Message.class)
                        .json())
                .isEqualTo(json(MESSAGE));
        assertThat(accepted.getMessage().getHeaders()).isEmpty();
        assertThat(accepted.getProperties())
                .containsEntry("jmsId", "ID:1")
                .containsEntry("correlationId", "c-1")
                .containsEntry("expiresAt", "1970-01-01T00:00:01Z");
        assertThat(invalid().getReceivedCounter()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no json", "[]", "{\"vendor\":\"nobody\",\"operation\":\"x\"}", "{} {}"})
    void whatIsNoMessageGoesAsideUnchangedWithTheReason(String body) throws Exception {
        assertThat(arrives(body).getException()).isNull();
        assertThat(accept().getReceivedCounter()).isZero();
        assertThat(invalid().getReceivedCounter()).isEqualTo(1);
        var aside = invalid()
                .getReceivedExchanges()
                .get(0)
                .getMessage(JmsMessage.class)
                .getJmsMessage();
        assertThat(aside.getBody(String.class)).isEqualTo(body);
        assertThat(aside.getJMSCorrelationID()).isEqualTo("c-1");
        assertThat(aside.getStringProperty("reason")).isNotBlank();
    }

    @Test
    void whileTheStoreIsFullTheMessageIsKeptInHand() throws Exception {
        accept().whenExchangeReceived(1, exchange -> {
            throw Refused.forNow("Full.", 7);
        });
        assertThat(arrives(MESSAGE.replace('\'', '"')).getException()).isNull();
        assertThat(accept().getReceivedCounter()).isEqualTo(2);
        assertThat(accept().getReceivedExchanges()
                        .get(1)
                        .getMessage()
                        .getBody(dev.switchboard.message.Message.class)
                        .json())
                .isEqualTo(json(MESSAGE));
        assertThat(invalid().getReceivedCounter()).isZero();
    }
}
