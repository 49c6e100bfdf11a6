package dev.switchboard.bench.camel;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;

/** REST to a queue on disk, from the queue to the vendor, and what cannot be delivered into a queue of dead letters. */
public class Messages extends RouteBuilder {

    /** What came in, as far as it is sent on. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Message(String conversationId, String customerId, String text) {}

    /** What the vendor wants to have. */
    public record Call(String uuid, @JsonProperty("room_id") String room, String type, String msg) {
        static Call of(Message message) {
            return new Call(message.customerId, message.conversationId, "text", message.text);
        }
    }

    /** What the vendor said. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Answer(int code, String message) {}

    @Override
    public void configure() {
        from("platform-http:/messages?httpMethodRestrict=POST")
                .routeId("intake")
                .convertBodyTo(byte[].class)
                .removeHeaders("*")
                .setHeader("id", simple("${exchangeId}"))
                .to(ExchangePattern.InOnly, "jms:queue:messages")
                .setHeader(Exchange.HTTP_RESPONSE_CODE, constant(202))
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .setBody(simple("{\"id\":\"${header.id}\",\"state\":\"accepted\"}"));

        from("jms:queue:messages?transacted=true&cacheLevelName=CACHE_CONSUMER&concurrentConsumers=32")
                .routeId("delivery")
                .errorHandler(deadLetterChannel("jms:queue:messages.dead")
                        .useOriginalMessage()
                        .maximumRedeliveries(4)
                        .redeliveryDelay(1_000)
                        .useExponentialBackOff()
                        .backOffMultiplier(5)
                        .maximumRedeliveryDelay(30_000)
                        .onPrepareFailure(Messages::sayWhy))
                .unmarshal()
                .json(Message.class)
                .transform()
                .body(Message.class, Call::of)
                .marshal()
                .json()
                .to("direct:call");

        // A route of its own, so that a redelivery makes the call again and not only reads its answer again.
        from("direct:call")
                .routeId("call")
                .errorHandler(noErrorHandler())
                // Camel counts its tries in such a header: without it a message is tried forever.
                .removeHeaders("*", "CamelRedelivery*")
                .setHeader(Exchange.CONTENT_TYPE, constant("application/json"))
                .setHeader("HT-Client-Id", constant("id"))
                .setHeader("HT-Client-Secret", constant("secret"))
                .to("{{vendor.url}}/v1/chat/write?httpMethod=POST")
                .unmarshal()
                .json(Answer.class)
                .filter(exchange -> exchange.getMessage().getBody(Answer.class).code() != 0)
                .throwException(IllegalStateException.class, "the vendor said ${body}")
                .end();
    }

    private static void sayWhy(Exchange exchange) {
        Exception cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        exchange.getMessage().setHeader("cause", cause.toString());
    }
}
