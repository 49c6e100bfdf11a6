package dev.switchboard.bench.spring;

import jakarta.jms.ConnectionFactory;
import java.net.URI;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.http.HttpHeaders;
import org.springframework.integration.http.dsl.Http;
import org.springframework.integration.jms.JmsHeaderMapper;
import org.springframework.integration.jms.dsl.Jms;
import org.springframework.integration.json.JsonToObjectTransformer;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.client.RestTemplate;

/** REST to a persistent queue, and from the queue to the vendor. */
@SpringBootApplication(proxyBeanMethods = false)
class Relay {

    private static final String QUEUE = "messages";

    record Accepted(UUID id, String state) {}

    public static void main(String[] arguments) {
        SpringApplication.run(Relay.class, arguments);
    }

    /** Both subscribers run on the caller's thread, one after the other: no answer without a message on disk. */
    @Bean
    IntegrationFlow intake(ConnectionFactory connections, JmsHeaderMapper noHeaders) {
        return IntegrationFlow.from(Http.inboundGateway("/messages")
                        .requestMapping(request -> request.methods(HttpMethod.POST))
                        .requestPayloadType(byte[].class)
                        .mappedRequestHeaders()
                        .mappedResponseHeaders())
                .publishSubscribeChannel(accepted -> accepted.subscribe(flow -> flow.handle(
                        Jms.outboundAdapter(connections).headerMapper(noHeaders).destination(QUEUE))))
                .handle((body, headers) -> accepted(headers.getId()))
                .get();
    }

    private static Message<Accepted> accepted(UUID id) {
        return MessageBuilder.withPayload(new Accepted(id, "accepted"))
                .setHeader(HttpHeaders.STATUS_CODE, HttpStatus.ACCEPTED)
                .build();
    }

    /** An exception rolls the session back; the broker hands the message out again after its redelivery delay. */
    @Bean
    IntegrationFlow delivery(
            JmsHeaderMapper noHeaders,
            RestTemplate calls,
            @Value("${relay.url}") String url,
            @Value("${relay.concurrency}") int concurrency) {
        return IntegrationFlow.from(Jms.messageDrivenChannelAdapter(Broker.consuming())
                        .configureListenerContainer(container -> container
                                .sessionTransacted(true)
                                .concurrentConsumers(concurrency)
                                .errorHandler(failure -> {}))
                        .headerMapper(noHeaders)
                        .destination(QUEUE))
                .transform(new JsonToObjectTransformer(Incoming.class))
                .transform(Incoming.class, Incoming::call)
                .handle(Http.outboundGateway(URI.create(url + "/v1/chat/write"), calls)
                        .httpMethod(HttpMethod.POST)
                        .mappedRequestHeaders()
                        .mappedResponseHeaders()
                        .expectedResponseType(Answer.class))
                .handle(Answer.class, (answer, headers) -> answer.delivered())
                .nullChannel();
    }
}
