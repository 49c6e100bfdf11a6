package dev.switchboard.delivery;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Sends a request only over a connection that has nothing unread. What a vendor sends behind an answer, or when it gives an idle connection
 * up, would otherwise be the answer to the next message, which the vendor has not seen.
 */
final class CleanConnections extends HttpRequestExecutor {

    private static final ThreadLocal<@Nullable SessionInputBuffer> READ = new ThreadLocal<>();

    private final Map<HttpClientConnection, SessionInputBuffer> buffers =
            Collections.synchronizedMap(new WeakHashMap<>());

    /** Makes parsers that note through which buffer this thread has read. */
    static HttpMessageParserFactory<ClassicHttpResponse> parsers(Http1Config config) {
        var parsers = new DefaultHttpResponseParserFactory(config);
        return sameConfig -> {
            HttpMessageParser<ClassicHttpResponse> parser = parsers.create();
            return (buffer, in) -> {
                READ.set(buffer);
                return parser.parse(buffer, in);
            };
        };
    }

    @Override
    public ClassicHttpResponse execute(
            ClassicHttpRequest request,
            HttpClientConnection connection,
            @Nullable HttpResponseInformationCallback information,
            HttpContext context)
            throws IOException, HttpException {
        if (hasUnread(connection)) {
            connection.close(CloseMode.IMMEDIATE);
            throw new IOException("the vendor has sent something that is no answer to this request");
        }
        if (!Method.CONNECT.isSame(request.getMethod())) {
            Attempt.of(VendorCall.exchange(context)).leaves();
        }
        ClassicHttpResponse answer = super.execute(request, connection, information, context);
        SessionInputBuffer buffer = READ.get();
        if (buffer != null) {
            buffers.put(connection, buffer);
        }
        return answer;
    }

    private boolean hasUnread(HttpClientConnection connection) throws IOException {
        SessionInputBuffer buffer = buffers.get(connection);
        return (buffer != null && buffer.length() > 0)
                || (connection instanceof ManagedHttpClientConnection managed
                        && managed.getSocket().getInputStream().available() > 0);
    }
}
