package dev.switchboard.intake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Fault;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.vendor.MessageCheck;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.ExchangeHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what went wrong into an answer as in RFC 9457, with one entry for each wrong field. */
@Singleton
@Named("problem")
public final class Problem implements Processor {

    static final String MEDIA_TYPE = "application/problem+json";

    static final String OURS = "The bus failed; its log says more.";

    private static final Logger LOG = LoggerFactory.getLogger(Problem.class);
    private static final String SUBMIT = "submitMessage";
    private final Refusals refusals;

    /** Makes answers, and says which messages were refused. */
    public Problem(Refusals refusals) {
        this.refusals = refusals;
    }

    @Override
    public void process(Exchange exchange) {
        Refused refused = refusal(exchange);
        if (SUBMIT.equals(ExchangeHelper.getRouteId(exchange))) {
            refusals.refused("rest", refused.status());
        }
        exchange.getMessage().removeHeaders("*");
        refused.headers().forEach(exchange.getMessage()::setHeader);
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, refused.status());
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, MEDIA_TYPE);
        exchange.getMessage().setBody(describe(refused));
    }

    /** Finds out what a failed exchange has to tell the one who asked. */
    static Refused refusal(Exchange exchange) {
        Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        Refused known = known(caught);
        if (known != null) {
            return known;
        }
        LOG.error("{} failed", exchange.getFromRouteId(), caught);
        return Refused.because(500, OURS);
    }

    private static @Nullable Refused known(@Nullable Throwable caught) {
        for (Throwable cause = caught; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refused refused) {
                return refused;
            }
            if (cause instanceof JsonProcessingException notJson) {
                return MessageCheck.notJson(notJson);
            }
        }
        return null;
    }

    /** Answers a request with why it is refused. */
    public static Future<Void> answer(HttpServerResponse response, Refused refused) {
        response.setStatusCode(refused.status()).putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        refused.headers().forEach(response::putHeader);
        return response.end(describe(refused));
    }

    /** Writes what an asker has to know. */
    static String describe(Refused refused) {
        ObjectNode problem = Json.object();
        problem.put("type", "about:blank");
        problem.put("title", refused.title());
        problem.put("status", refused.status());
        for (Fault fault : refused.faults()) {
            ObjectNode error = problem.withArray("errors").addObject();
            error.put("field", fault.field());
            error.put("rule", fault.rule());
            if (fault.limit() != null) {
                error.set("limit", Json.MAPPER.valueToTree(fault.limit()));
            }
            if (fault.length() != null) {
                error.put("length", fault.length());
            }
            error.put("detail", fault.detail());
        }
        return problem.toString();
    }
}
