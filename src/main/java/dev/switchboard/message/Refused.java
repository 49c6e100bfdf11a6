package dev.switchboard.message;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What came in, or was asked for, is refused: nothing was stored or changed. Carries what the asker has to know. */
public final class Refused extends RuntimeException {

    private final int status;
    private final String title;
    private final transient List<Fault> faults;
    private final transient Map<String, String> headers;

    private Refused(int status, String title, List<Fault> faults, Map<String, String> headers) {
        super(faults.isEmpty() ? title : faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
        this.status = status;
        this.title = title;
        this.faults = faults;
        this.headers = headers;
    }

    /** Refuses with a status of HTTP (RFC 9110) and the sentence that says why. */
    public static Refused because(int status, String title) {
        return new Refused(status, title, List.of(), Map.of());
    }

    /** Refuses for now; the same may be tried again after some seconds. */
    public static Refused forNow(String title, int retryAfterSeconds) {
        return new Refused(503, title, List.of(), Map.of("Retry-After", Integer.toString(retryAfterSeconds)));
    }

    /** Refuses a caller who calls too often; the call may be tried again after a second. */
    public static Refused tooOften(String title) {
        return new Refused(429, title, List.of(), Map.of("Retry-After", "1"));
    }

    /** Refuses what is no message, with each thing that is wrong with it. */
    public static Refused invalid(List<Fault> faults) {
        return new Refused(422, "The message is not valid.", List.copyOf(faults), Map.of());
    }

    /** Refuses what is no message, with the one thing that is wrong with it. */
    public static Refused invalid(String field, String rule, String detail) {
        return invalid(List.of(Fault.of(field, rule, detail)));
    }

    /** Refuses a request that cannot be understood, with each parameter that is wrong. */
    public static Refused notUnderstood(List<Fault> faults) {
        return new Refused(400, "The request is not understood.", List.copyOf(faults), Map.of());
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public List<Fault> faults() {
        return faults;
    }

    /** Returns headers that the answer has to carry, such as {@code Retry-After}. */
    public Map<String, String> headers() {
        return headers;
    }
}
