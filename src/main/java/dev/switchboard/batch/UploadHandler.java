package dev.switchboard.batch;

import dev.switchboard.intake.WebLimits;
import dev.switchboard.message.Refused;
import dev.switchboard.message.Visible;
import dev.switchboard.security.Access;
import dev.switchboard.security.Caller;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the body of {@code POST /batches} to disk as it comes, and gives the file to the route {@code uploadBatch}. It
 * stands before the limit that all other bodies have. No thread waits for the sender.
 */
public final class UploadHandler implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(UploadHandler.class);
    private static final Set<String> PARAMETERS = Set.of("name", "profile");

    private final Supplier<Uploads> uploads;
    private final Supplier<ProducerTemplate> routes;
    private final Supplier<Access> access;
    private final Duration timeout;

    /**
     * Receives files.
     *
     * @param timeout how long nothing may come of a file
     */
    public UploadHandler(
            Supplier<Uploads> uploads, Supplier<ProducerTemplate> routes, Supplier<Access> access, Duration timeout) {
        this.uploads = uploads;
        this.routes = routes;
        this.access = access;
        this.timeout = timeout;
    }

    /** Takes its place among those who handle requests. */
    public void register(Router router) {
        router.post("/batches")
                .order(RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT - 1)
                .handler(this);
    }

    @Override
    public void handle(RoutingContext http) {
        var body = new UploadBody(http.request(), uploads.get().most());
        blocking(http, () -> begin(http))
                .compose(upload -> receive(http, body, upload))
                .onSuccess(done -> answer(http, done))
                .onFailure(e -> refuse(http, e));
    }

    private static <T> Future<T> blocking(RoutingContext http, Callable<T> task) {
        return http.vertx().executeBlocking(task, false);
    }

    /** Finds out, before anything is read, whether the file would be taken. */
    private Upload begin(RoutingContext http) {
        HttpServerRequest request = http.request();
        Caller caller = caller(http);
        if (caller != null) {
            access.get().admit(caller, "uploadBatch");
            caller.requireUnbound();
        }
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw Refused.because(415, "Send no Content-Encoding; the name of a packed file ends in .gz.");
        }
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.regionMatches(true, 0, "multipart/", 0, "multipart/".length())) {
            throw Refused.because(415, "Send the file itself as the body, and no form with it.");
        }
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > uploads.get().most()) {
            throw UploadBody.tooLarge(uploads.get().most());
        }
        for (String given : request.params(true).names()) {
            if (!PARAMETERS.contains(given)) {
                throw Refused.because(400, Visible.of(given) + ": is not a parameter of this call");
            }
        }
        return uploads.get().begin(parameter(request, "name"), parameter(request, "profile"));
    }

    private static @Nullable Caller caller(RoutingContext http) {
        return Caller.of(http.user(), http.request().remoteAddress());
    }

    private static String parameter(HttpServerRequest request, String name) {
        List<String> values = request.params(true).getAll(name);
        if (values.size() > 1) {
            throw Refused.because(400, name + ": is given more than once");
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    private Future<Exchange> receive(RoutingContext http, UploadBody body, Upload upload) {
        long timer = http.vertx().setPeriodic(timeout.toMillis(), any -> body.endWhereNothingComes());
        return http.vertx()
                .fileSystem()
                .open(
                        upload.file().toString(),
                        new OpenOptions().setCreateNew(true).setPerms("rw-r-----"))
                .recover(e -> Future.failedFuture(Uploads.notTaken(e)))
                .compose(body::to)
                .onComplete(any -> http.vertx().cancelTimer(timer))
                .compose(whole -> blocking(http, () -> give(upload, caller(http))))
                .eventually(() -> blocking(http, () -> {
                    Uploads.discard(upload.file());
                    return upload;
                }));
    }

    private Exchange give(Upload upload, @Nullable Caller caller) {
        return routes.get().send("direct:uploadBatch", exchange -> {
            exchange.setProperty("upload", upload);
            exchange.setProperty(Caller.PROPERTY, caller);
            exchange.setProperty(Access.ADMITTED, true);
        });
    }

    private static void answer(RoutingContext http, Exchange done) {
        if (done.getException() != null) {
            refuse(http, done.getException());
            return;
        }
        Message message = done.getMessage();
        HttpServerResponse response = http.response();
        response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 500, Integer.class));
        message.getHeaders().forEach((name, value) -> {
            if (!name.startsWith("Camel")) {
                response.putHeader(name, String.valueOf(value));
            }
        });
        response.end(Buffer.buffer(message.getBody(byte[].class)));
    }

    private static void refuse(RoutingContext http, Throwable e) {
        HttpServerResponse response = http.response();
        if (e instanceof HttpClosedException || response.closed()) {
            LOG.info("An upload ended before its file: the connection was closed");
            return;
        }
        WebLimits.answer(http, refusal(e));
    }

    private static Refused refusal(Throwable e) {
        if (e instanceof Refused refused) {
            return refused;
        }
        LOG.error("An upload failed", e);
        return Refused.because(500, "The bus failed; its log says more.");
    }
}
