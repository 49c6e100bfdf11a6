package dev.switchboard.intake;

import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * Which headers an answer of the API has. Camel would answer an unknown path or method with all that came, so that
 * {@code GET /nothing?Set-Cookie=a} set a cookie, and fail where such a value can be no header.
 */
@Singleton
@Named("answerHeaders")
public final class AnswerHeaders extends HttpHeaderFilterStrategy {

    private static final Set<String> OURS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        OURS.addAll(Set.of(
                "Allow",
                "Cache-Control",
                "Content-Disposition",
                "Location",
                "Retry-After",
                "WWW-Authenticate",
                "X-Content-Type-Options"));
    }

    /** Returns whether a header of an answer's message is one of the answer. */
    static boolean isOurs(String name, Object value) {
        return (OURS.contains(name) || name.equalsIgnoreCase(Exchange.CONTENT_TYPE)) && !isNoValue(value);
    }

    @Override
    public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
        return !OURS.contains(name) || isNoValue(value) || super.applyFilterToCamelHeaders(name, value, exchange);
    }

    /** Camel takes the answer's type from what came, too. */
    @Override
    public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
        return (name.equalsIgnoreCase(Exchange.CONTENT_TYPE) && isNoValue(value))
                || super.applyFilterToExternalHeaders(name, value, exchange);
    }

    private static boolean isNoValue(Object value) {
        return value.toString().chars().anyMatch(character -> character < ' ' || character > '~');
    }
}
