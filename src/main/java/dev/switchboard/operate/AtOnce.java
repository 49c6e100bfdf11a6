package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Message;
import dev.switchboard.message.MessageId;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.vendor.MessageCheck;
import dev.switchboard.vendor.Vendors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Headers;

/** Makes the message of a call that is answered at once, without the queue. It passes the same check as all others. */
@Singleton
@Named("atOnce")
public final class AtOnce {

    private static final Set<String> IN_PATH = Set.of("vendor", "account", "conversationId");

    private final MessageCheck check;
    private final Vendors vendors;
    private final SenderLimits limits;

    /** Makes messages that are checked. */
    public AtOnce(MessageCheck check, Vendors vendors, SenderLimits limits) {
        this.limits = limits;
        this.check = check;
        this.vendors = vendors;
    }

    /**
     * Makes a message of a call's parameters, and sets what vendors' routes need in the exchange.
     *
     * @param operation what the message asks for
     * @param fields the parameters that are fields of it, separated by commas
     * @throws Refused (404) when it asks for a conversation that the caller may not read
     */
    public Message message(
            @ExchangeProperty("operation") String operation,
            @ExchangeProperty("fields") String fields,
            @Headers Map<String, Object> parameters,
            Exchange exchange) {
        ObjectNode json = Json.object();
        json.put("id", MessageId.next());
        json.put("operation", operation);
        for (String field : List.of(("vendor,account," + fields).split(",", -1))) {
            Object value = parameters.get(field);
            if (value != null) {
                json.put(field, IN_PATH.contains(field) ? PathSegment.decoded(value.toString()) : value.toString());
            }
        }
        Message message = check.check(json);
        Caller caller = exchange.getProperty(Caller.PROPERTY, Caller.class);
        if (caller != null && message.conversationId() != null && !limits.mayRead(message, caller)) {
            throw Refused.because(404, "There is no conversation with this id that you have sent to.");
        }
        exchange.setProperty("vendor", message.vendor());
        exchange.setProperty("account", message.account());
        exchange.setProperty(
                "settings",
                vendors.account(message.vendor(), message.account())
                        .orElseThrow()
                        .settings());
        return message;
    }
}
