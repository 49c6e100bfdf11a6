package dev.switchboard.batch;

import dev.switchboard.message.Refused;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** The body of a request on its way to the disk; what has been read and not written is little. Used by one event loop. */
final class UploadBody {

    private final HttpServerRequest request;
    private final long most;
    private final Promise<Void> read = Promise.promise();
    private long length;
    private long lengthBefore = -1;

    /** Nothing is read until it is known where to. */
    UploadBody(HttpServerRequest request, long most) {
        this.request = request;
        this.most = most;
        request.pause();
        request.exceptionHandler(read::tryFail);
    }

    /** Returns a future that fails with {@link Refused}, or when the connection ends before the body. */
    Future<Void> to(AsyncFile file) {
        request.handler(buffer -> add(file, buffer));
        request.endHandler(end -> read.tryComplete());
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.resume();
        return read.future()
                .onFailure(torn -> stop())
                .eventually(() -> file.close().recover(e -> Future.failedFuture(Uploads.notTaken(e))));
    }

    private void add(AsyncFile file, Buffer buffer) {
        length += buffer.length();
        if (length > most) {
            read.tryFail(tooLarge(most));
            return;
        }
        file.write(buffer).onFailure(this::fail);
        if (file.writeQueueFull()) {
            request.pause();
            file.drainHandler(drained -> request.resume());
        }
    }

    /** Several writes fail when one does. */
    private void fail(Throwable e) {
        if (!read.future().isComplete()) {
            read.tryFail(Uploads.notTaken(e));
        }
    }

    private void stop() {
        request.handler(rest -> {});
        request.pause();
    }

    /** Ends a body of which nothing has come since this was asked before. */
    void endWhereNothingComes() {
        if (length == lengthBefore) {
            read.tryFail(Refused.because(408, "The file stopped coming."));
        }
        lengthBefore = length;
    }

    static Refused tooLarge(long most) {
        return Refused.because(
                413,
                "A file may have " + most + " bytes (switchboard.files.max-upload). Drop larger ones into inbox/.");
    }
}
