package dev.switchboard.security;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.access.ApiKey;
import dev.switchboard.access.AuditEntry;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Sha256;
import dev.switchboard.security.Operations.Audit;
import dev.switchboard.security.Operations.Operation;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.RouteFolder;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.auth.User;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConstants;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Runs before every call of the API, whichever way it comes: finds out who calls, refuses what the caller's roles do not allow,
 * and audits a change before it is made. Leaves the caller as a property of the exchange.
 */
public final class Access implements Processor {

    /** The property of an exchange whose caller has been admitted to what its route does. */
    public static final String ADMITTED = "admitted";

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final Pattern SEARCH_IN_QUERY = Pattern.compile("((?:^|&)q=)[^&]*");
    private static final Pattern SEARCH_IN_BODY = Pattern.compile("(\"q\"\\s*:\\s*)\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final Pattern DRY_RUN_IN_QUERY = Pattern.compile("(?:^|&)dryRun=true(?:&|$)");
    private static final Pattern DRY_RUN_IN_BODY = Pattern.compile("(?<!\\\\)\"dryRun\"\\s*:\\s*true\\b");
    private static final int LONGEST_DETAIL = 2_000;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int FAILED = 500;

    private final Keys keys;
    private final Operations operations;
    private final BoundedAudit audit;
    private final RateLimiter limiter = new RateLimiter(System::nanoTime);

    /**
     * Knows keys and calls.
     *
     * @throws IllegalArgumentException when a call names no roles
     */
    public Access(Keys keys, RouteFolder folder, BoundedAudit audit) {
        this.keys = keys;
        this.operations = new Operations(folder);
        this.audit = audit;
    }

    @Override
    public void process(Exchange exchange) {
        operations.find(ExchangeHelper.getRouteId(exchange)).ifPresent(operation -> enter(exchange, operation));
    }

    private void enter(Exchange exchange, Operation operation) {
        Caller caller = Caller.of(exchange).orElseGet(() -> ofRequest(exchange));
        exchange.setProperty(Caller.PROPERTY, caller);
        try {
            if (exchange.getProperty(ADMITTED) == null) {
                admit(caller, operation);
            }
            requireLane(exchange, caller, operation);
        } catch (Refused e) {
            if (e.status() == FORBIDDEN) {
                audit(exchange, caller, operation, e.status());
            }
            throw e;
        }
        audit(exchange, caller, operation, null);
    }

    /** Compares the lane exactly as the path has it: a key is not for a lane that is written in another way. */
    private static void requireLane(Exchange exchange, Caller caller, Operation operation) {
        if (operation.path().contains("{vendor}/{account}")) {
            caller.requireLane(header(exchange, "vendor") + "/" + header(exchange, "account"));
        }
    }

    private static String header(Exchange exchange, String name) {
        return exchange.getMessage().getHeader(name, "", String.class);
    }

    /** A call without a request comes from the bus itself, or from an operator's own route: it may do what needs no login. */
    private Caller ofRequest(Exchange exchange) {
        User user = exchange.getMessage().getHeader(VertxPlatformHttpConstants.AUTHENTICATED_USER, User.class);
        SocketAddress address =
                exchange.getMessage().getHeader(VertxPlatformHttpConstants.REMOTE_ADDRESS, SocketAddress.class);
        Caller caller = Caller.of(user, address);
        if (caller != null) {
            return caller;
        }
        if (keys.isOpen()) {
            return Caller.of(Caller.anyone(), null);
        }
        throw Refused.because(401, "Give a valid key of the API or access token: Authorization: Bearer.");
    }

    /**
     * Lets a caller make a call.
     *
     * @throws Refused (429) when the caller's key has called too often, refused calls included; (403) when no role of it may
     */
    public void admit(Caller caller, String operation) {
        admit(caller, operations.find(operation).orElseThrow());
    }

    /** Returns the calls that roles allow, by their ids. */
    public Set<String> allowed(Set<String> roles) {
        return operations.of(roles);
    }

    private void admit(Caller caller, Operation operation) {
        ApiKey key = caller.key();
        if (key != null && key.perSecond() != null && !limiter.pass(key.name(), key.perSecond())) {
            throw Refused.tooOften("The key " + key.name() + " may make " + key.perSecond() + " requests a second.");
        }
        if (caller.roles().stream().noneMatch(operation.roles()::contains)) {
            throw Refused.because(
                    403,
                    operation.id() + " is for " + String.join(", ", operation.roles()) + "; " + caller.name() + " is "
                            + String.join(", ", caller.roles()) + ".");
        }
        if (!operation.lanes() && !caller.lanes().isEmpty()) {
            throw Refused.because(
                    403,
                    operation.id() + " is not for keys that are limited to lanes; " + caller.name() + " is limited to "
                            + String.join(", ", caller.lanes()) + ".");
        }
    }

    private void audit(Exchange exchange, Caller caller, Operation operation, @Nullable Integer status) {
        if (operation.audit() == Audit.NONE) {
            return;
        }
        var entry = new AuditEntry(
                0,
                System.currentTimeMillis(),
                caller.name(),
                caller.address(),
                operation.id(),
                subject(exchange, operation),
                detail(exchange, operation),
                status);
        if (status == null) {
            auditResult(exchange, audit.write(entry));
        } else {
            Store.written(audit.writeOrCount(entry));
        }
    }

    private void auditResult(Exchange exchange, long seq) {
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                int ok = done.isFailed() ? FAILED : OK;
                var unused =
                        audit.ended(seq, done.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, ok, Integer.class));
            }
        });
    }

    private static String subject(Exchange exchange, Operation operation) {
        Matcher parameter = PARAMETER.matcher(operation.path());
        return parameter.replaceAll(found -> {
            String value = header(exchange, found.group(1));
            return Matcher.quoteReplacement(operation.audit() == Audit.PSEUDONYM ? pseudonym(value) : value);
        });
    }

    /** Rows of the audit are never changed, so they hold no customer's id that may have to be erased; who knows the id can still find them. */
    private static String pseudonym(String id) {
        return "sha256:" + Sha256.hex(id).substring(0, 16);
    }

    /** Leaves out what a caller searched for: it may name a customer, whose data may have to be erased; rows of the audit never are. */
    private static @Nullable String detail(Exchange exchange, Operation operation) {
        boolean all = operation.audit() == Audit.ALL;
        String body = all ? exchange.getMessage().getBody(String.class) : null;
        String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class);
        ObjectNode detail = Json.object();
        if (isFound(DRY_RUN_IN_QUERY, query) || isFound(DRY_RUN_IN_BODY, body)) {
            detail.put("dryRun", true);
        }
        if (all && query != null && !query.isEmpty()) {
            detail.put("query", AuditEntry.cut(SEARCH_IN_QUERY.matcher(query).replaceAll("$1***"), LONGEST_DETAIL));
        }
        if (body != null && !body.isBlank()) {
            detail.put("body", AuditEntry.cut(SEARCH_IN_BODY.matcher(body).replaceAll("$1\"***\""), LONGEST_DETAIL));
        }
        return detail.isEmpty() ? null : detail.toString();
    }

    private static boolean isFound(Pattern pattern, @Nullable String text) {
        return text != null && pattern.matcher(text).find();
    }
}
