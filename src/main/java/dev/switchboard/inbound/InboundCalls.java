package dev.switchboard.inbound;

import dev.switchboard.intake.Problem;
import dev.switchboard.message.Refused;
import dev.switchboard.security.RateLimiter;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Inbound;
import dev.switchboard.vendor.Vendors;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what vendors send, {@code POST /inbound/VENDOR/ACCOUNT/SECRET/…}. A vendor gets its answer when the event is on disk; a
 * store that is full answers 503.
 */
public final class InboundCalls implements Handler<HttpServerRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(InboundCalls.class);
    private static final Pattern PATH = Pattern.compile("/inbound/([^/]+)/([^/]+)/([^/]+)(/.*)?");
    private static final int LONGEST_BODY = 1 << 20;
    private static final Duration LONGEST_READ = Duration.ofSeconds(30);
    private static final int WRONG_PER_SECOND = 20;

    private final Vertx vertx;
    private final Vendors vendors;
    private final Supplier<ProducerTemplate> routes;
    private final RateLimiter wrong = new RateLimiter(System::nanoTime);
    private final RateLimiter told = new RateLimiter(System::nanoTime);

    /** A call whose secret is right. */
    private record Call(Account account, Inbound inbound, String path, CallerProof proof) {}

    /** Hands calls to the route {@code direct:inbound}. */
    public InboundCalls(Vertx vertx, Vendors vendors, Supplier<ProducerTemplate> routes) {
        this.vertx = vertx;
        this.vendors = vendors;
        this.routes = routes;
    }

    /** Returns whether a vendor may call for any account. */
    public static boolean isOn(Vendors vendors) {
        return vendors.accounts().stream().anyMatch(Receiver::isCalled);
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<Call> found = find(request);
        if (found.isEmpty()) {
            boolean slow = wrong.pass(request.remoteAddress().hostAddress(), WRONG_PER_SECOND);
            refuse(
                    request,
                    slow
                            ? Refused.because(404, "There is no such address.")
                            : Refused.tooOften("Too many wrong calls; try again in a second."));
        } else if (!request.method().equals(HttpMethod.POST)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST");
            refuse(request, Refused.because(405, "Call this address with POST."));
        } else if (passes(found.get(), found.get().proof.faultOf(request), request)) {
            read(request, found.get());
        }
    }

    private Optional<Call> find(HttpServerRequest request) {
        Matcher path = PATH.matcher(String.valueOf(request.path()));
        if (!path.matches()) {
            return Optional.empty();
        }
        return vendors.account(path.group(1), path.group(2))
                .filter(account -> CallerProof.isSecret(account, path.group(3)))
                .flatMap(account -> Optional.ofNullable(account.vendor().inbound())
                        .map(inbound -> new Call(
                                account,
                                inbound,
                                path.group(4) == null ? "" : path.group(4),
                                new CallerProof(account))));
    }

    /** Refuses a call that is not from the vendor, or only says so in the log. */
    private boolean passes(Call call, Optional<String> fault, HttpServerRequest request) {
        if (fault.isEmpty()) {
            return true;
        }
        boolean taken = call.proof.isObserved();
        if (told.pass(call.account.lane(), 1)) {
            LOG.warn("A call for {} is {}: {}", call.account.lane(), taken ? "taken" : "refused", fault.get());
        }
        if (!taken) {
            request.response().putHeader("WWW-Authenticate", "Basic");
            refuse(request, Refused.because(401, "This call is not authenticated."));
        }
        return taken;
    }

    private void read(HttpServerRequest request, Call call) {
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            refuse(request, Refused.because(415, "Send the body without Content-Encoding."));
            return;
        }
        Buffer body = Buffer.buffer();
        long late = vertx.setTimer(
                LONGEST_READ.toMillis(), timer -> request.connection().close());
        request.exceptionHandler(e -> vertx.cancelTimer(late));
        request.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > LONGEST_BODY) {
                vertx.cancelTimer(late);
                request.handler(rest -> {});
                request.endHandler(end -> {});
                refuse(request, Refused.because(413, "A call is at most 1 MiB long."));
            }
        });
        request.endHandler(end -> {
            vertx.cancelTimer(late);
            byte[] bytes = body.getBytes();
            if (passes(call, call.proof.faultOf(request.headers(), bytes), request)) {
                keep(request, call, bytes);
            }
        });
    }

    private void keep(HttpServerRequest request, Call call, byte[] body) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        vertx.executeBlocking(
                        () -> routes.get()
                                .send(
                                        "direct:inbound",
                                        exchange -> InboundEvent.begin(exchange, call.account, call.path, type, body)),
                        false)
                .onSuccess(done -> answer(request.response(), call.inbound, done))
                .onFailure(e -> fail(request.response(), e));
    }

    private static void answer(HttpServerResponse response, Inbound inbound, Exchange done) {
        if (done.getException() instanceof Refused refused) {
            Problem.answer(response, refused);
        } else if (done.getException() != null) {
            fail(response, done.getException());
        } else if (inbound.answer().isMissingNode()) {
            response.end();
        } else {
            response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(inbound.answer().toString());
        }
    }

    /** The event is not kept, so the vendor has to send it again. */
    private static void fail(HttpServerResponse response, Throwable e) {
        LOG.error("A vendor's call could not be kept", e);
        Problem.answer(response, Refused.forNow("The event could not be kept; the bus's log says why.", 5));
    }

    private static void refuse(HttpServerRequest request, Refused refused) {
        if (!request.response().ended()) {
            Problem.answer(request.response(), refused);
        }
    }
}
