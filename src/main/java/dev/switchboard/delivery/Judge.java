package dev.switchboard.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import dev.switchboard.message.Disposition;
import dev.switchboard.message.FailureClass;
import dev.switchboard.vendor.RouteFolder;
import dev.switchboard.vendor.Vendor;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a vendor's answer by the api's fail-code table first and the HTTP status second. After a success the body is the
 * answer as a {@link JsonNode}; what is no success is thrown as {@link DeliveryFailed}.
 */
public final class Judge implements Processor {

    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

    private final Map<String, FailCodes> apis = new HashMap<>();
    private final FailCodes http;

    /**
     * Reads the tables of all apis.
     *
     * @throws IllegalArgumentException when one cannot be read or contradicts itself; the text names file and row
     */
    public Judge(RouteFolder folder, Collection<Vendor> vendors) {
        this.http = FailCodes.read(folder, "http.fail-codes.yaml");
        vendors.forEach(vendor -> vendor.apis()
                .keySet()
                .forEach(api -> apis.put(
                        vendor.name() + "/" + api,
                        FailCodes.read(folder, "vendors/" + vendor.name() + "/" + api + ".fail-codes.yaml"))));
    }

    @Override
    public void process(Exchange exchange) {
        Attempt attempt = Attempt.of(exchange);
        Answer answer = read(exchange, attempt);
        FailCodes api = api(attempt);
        attempt.answered(answer.status(), api.inBody() ? api.codeOf(answer).orElse(null) : null, api.wordsOf(answer));
        judge(attempt, api, answer);
        exchange.getMessage().setBody(answer.json());
    }

    /**
     * Ends an attempt that cannot be done, as its route has found out from answers that were successes.
     *
     * @param failureClass as in a table of fail codes
     * @param meaning a sentence for people
     * @throws DeliveryFailed always
     */
    public void fail(String failureClass, String meaning) {
        throw DeliveryFailed.because(FailureClass.of(failureClass), Disposition.DEAD_LETTER, meaning)
                .build();
    }

    /**
     * Finds the row's code that explains a vendor's code: that code itself, or a pattern such as {@code 4xx}. There are only so
     * many of them, whatever a vendor answers.
     */
    public Optional<String> known(String vendor, String code) {
        return Stream.concat(
                        apis.entrySet().stream()
                                .filter(api -> api.getKey().startsWith(vendor + "/"))
                                .map(Map.Entry::getValue),
                        Stream.of(http))
                .flatMap(table -> table.rows().stream())
                .map(FailCodes.Row::code)
                .filter(pattern -> FailCodes.matches(pattern, code))
                .findFirst();
    }

    private FailCodes api(Attempt attempt) {
        String name = attempt.message().vendor() + "/" + attempt.operation().api();
        FailCodes found = apis.get(name);
        if (found == null) {
            throw new IllegalStateException("there is no fail-code table of " + name);
        }
        return found;
    }

    private static Answer read(Exchange exchange, Attempt attempt) {
        var head = Answer.Head.of(exchange.getMessage(), attempt.limits().maxAnswer());
        attempt.answered(head.status(), null, null);
        try (InputStream body = exchange.getMessage().getBody(InputStream.class)) {
            return Answer.read(head, body);
        } catch (AnswerTooLong e) {
            throw unexplained(attempt, head.status(), "The answer is longer than max-answer.")
                    .maybeSent(!attempt.harmless())
                    .cause(e)
                    .build();
        } catch (IOException e) {
            throw lost(attempt, e);
        }
    }

    private void judge(Attempt attempt, FailCodes api, Answer answer) {
        String operation = attempt.message().operation();
        Optional<FailCodes.Row> row = api.row(answer, operation);
        boolean success = row.isEmpty() && api.success(answer);
        if (success && (answer.ok() || !api.inBody())) {
            return;
        }
        boolean readable = api.inBody() && api.codeOf(answer).isPresent() && !success;
        if (row.isEmpty() && !readable) {
            row = http.row(answer, operation);
        }
        if (row.isPresent() && Disposition.of(row.get().disposition()) == Disposition.DELIVERED) {
            return;
        }
        attempt.keepAnswer(answer.text());
        throw failure(attempt, api, answer, row);
    }

    private static DeliveryFailed failure(Attempt attempt, FailCodes api, Answer answer, Optional<FailCodes.Row> row) {
        String code = api.codeOf(answer).orElse(Integer.toString(answer.status()));
        boolean maybe = row.map(found -> found.maybeSent() && !attempt.prepares())
                .orElse(!attempt.harmless() && !notDone(answer.status()));
        return row.map(found -> known(attempt, answer, found))
                .orElseGet(() -> unmapped(attempt, api, answer))
                .maybeSent(maybe)
                .said(code, attempt.words())
                .retryAfter(retryAfter(answer.retryAfter()))
                .build();
    }

    private static DeliveryFailed.Builder unmapped(Attempt attempt, FailCodes api, Answer answer) {
        String meaning = "No table explains this answer (HTTP " + answer.status() + ").";
        boolean said = api.inBody() && api.codeOf(answer).isPresent();
        return said
                ? DeliveryFailed.because(FailureClass.UNMAPPED, Disposition.DEAD_LETTER, meaning)
                : unexplained(attempt, answer.status(), meaning);
    }

    /** What met an answer that says nothing is tried again where that does no harm. */
    private static DeliveryFailed.Builder unexplained(Attempt attempt, int status, String meaning) {
        boolean harmless = notDone(status) || attempt.mayRepeat();
        Disposition disposition = harmless ? Disposition.RETRY : Disposition.DEAD_LETTER;
        return DeliveryFailed.because(FailureClass.UNMAPPED, disposition, meaning)
                .unexplained();
    }

    private static boolean notDone(int status) {
        return status >= 300 && status < 500;
    }

    private static DeliveryFailed.Builder known(Attempt attempt, Answer answer, FailCodes.Row row) {
        Disposition disposition = Disposition.of(row.disposition());
        boolean uncertain = disposition == Disposition.RETRY && row.maybeSent() && !attempt.prepares();
        if (uncertain && !attempt.mayRepeat()) {
            return DeliveryFailed.because(FailureClass.UNCERTAIN, Disposition.PARK, row.meaning())
                    .uncertain(true);
        }
        FailureClass failureClass = FailureClass.of(String.valueOf(row.failureClass()));
        return failureClass == FailureClass.UNMAPPED && row.html()
                ? unexplained(attempt, answer.status(), row.meaning())
                : DeliveryFailed.because(failureClass, disposition, row.meaning())
                        .sentBefore(row.sentBefore())
                        .uncertain(uncertain);
    }

    /** Makes the failure of a call that brought no answer, or half of one. */
    public static DeliveryFailed lost(Attempt attempt, Throwable cause) {
        String what = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        if (!attempt.left()) {
            return DeliveryFailed.because(
                            FailureClass.UNAVAILABLE, Disposition.RETRY, "The vendor could not be reached: " + what)
                    .cause(cause)
                    .build();
        }
        String meaning = "No whole answer came, the request may have reached the vendor: " + what;
        return (attempt.mayRepeat()
                        ? DeliveryFailed.because(FailureClass.UNAVAILABLE, Disposition.RETRY, meaning)
                        : DeliveryFailed.because(FailureClass.UNCERTAIN, Disposition.PARK, meaning))
                .uncertain(true)
                .maybeSent(true)
                .cause(cause)
                .build();
    }

    /** Reads seconds or a date (RFC 9110); at most an hour ahead. */
    static @Nullable Instant retryAfter(@Nullable String header) {
        if (header == null) {
            return null;
        }
        Instant now = Instant.now();
        Instant latest = now.plus(LONGEST_RETRY_AFTER);
        try {
            String asIs = header.strip();
            Instant asked = asIs.matches("\\d+")
                    ? now.plusSeconds(asIs.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(asIs))
                    : ZonedDateTime.parse(asIs, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            return asked.isAfter(latest) ? latest : asked;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
