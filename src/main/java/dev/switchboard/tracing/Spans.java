package dev.switchboard.tracing;

import dev.switchboard.message.Message;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spans of a message: its acceptance, and each attempt. What hangs them together is kept with the message as W3C trace
 * context ({@code 00-<trace>-<span>-<flags>}), so that an attempt after a restart belongs to the same trace. They show ids and
 * codes, no text and no customer.
 */
public final class Spans {

    private static final String TRACEPARENT = "traceparent";
    private static final TextMapGetter<String> ALONE = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals(TRACEPARENT) ? carrier : null;
        }
    };

    private final Tracer tracer;

    /** Makes spans that OpenTelemetry exports as it is set up. */
    public Spans(OpenTelemetry telemetry) {
        this.tracer = telemetry.getTracer("dev.switchboard");
    }

    /**
     * Begins the acceptance of a message.
     *
     * @param intake {@code rest} or {@code queue}
     * @param traceparent what its sender gave
     */
    public Span acceptance(Message message, String intake, @Nullable String traceparent) {
        SpanKind kind = intake.equals("rest") ? SpanKind.SERVER : SpanKind.CONSUMER;
        return about(message, span("accept " + intake, kind, traceparent)).startSpan();
    }

    /** Returns what the attempts of a message follow: its acceptance, or the sender's where that was not recorded. */
    public static @Nullable String traceparent(Span acceptance, @Nullable String senders) {
        SpanContext context = acceptance.getSpanContext();
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : senders;
    }

    /**
     * Notes an attempt that has ended now.
     *
     * @param traceparent kept with the message
     * @param failed the class of its failure, null where it was delivered
     */
    public void attempt(
            Message message, int number, Instant began, @Nullable String traceparent, @Nullable String failed) {
        Span span = about(message, span(message.vendor() + " " + message.operation(), SpanKind.CLIENT, traceparent))
                .setAttribute("switchboard.attempt", (long) number)
                .setStartTimestamp(began)
                .startSpan();
        if (failed != null) {
            span.setStatus(StatusCode.ERROR).setAttribute("error.type", failed);
        }
        span.end();
    }

    private SpanBuilder span(String name, SpanKind kind, @Nullable String traceparent) {
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, ALONE);
        return tracer.spanBuilder(name).setParent(parent).setSpanKind(kind);
    }

    private static SpanBuilder about(Message message, SpanBuilder span) {
        return span.setAttribute("switchboard.message.id", message.id())
                .setAttribute("switchboard.lane", message.lane());
    }
}
