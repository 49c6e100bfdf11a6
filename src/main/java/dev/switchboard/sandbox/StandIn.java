package dev.switchboard.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import dev.switchboard.vendor.Vendor;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One vendor's stand-in: what the section {@code sandbox} of its {@code vendor.yaml} says. */
final class StandIn {

    private final Map<String, String> names = new HashMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Description description;

    private StandIn(String address, Description description) {
        this.description = description;
        var addressed = new Values(empty(), Map.of("address", address));
        description.settings.forEach((name, value) -> settings.put(name, addressed.text(value)));
        names.putAll(settings);
        names.put("address", address);
    }

    /**
     * What the section holds.
     *
     * @param settings what an account needs that talks to the stand-in
     * @param otherwise the answer to a request for nothing that is offered
     * @param calls with which the vendor tells the bus of events, by their kinds
     */
    record Description(
            Map<String, String> settings,
            Otherwise otherwise,
            Map<String, Api> apis,
            Map<String, Operation> operations,
            Map<String, Callback> calls) {

        /** A vendor that only answers makes no calls. */
        Description {
            calls = calls == null ? Map.of() : calls;
        }
    }

    /** A code of an api. */
    record Otherwise(String api, int code, @Nullable String message) {}

    /**
     * Reads a vendor's section.
     *
     * @param address where the vendor's paths begin, such as {@code http://127.0.0.1:9900/acme}
     * @throws IllegalArgumentException when the section is wrong; the text names the vendor's file
     */
    static StandIn read(Vendor vendor, String address) {
        try {
            var standIn = new StandIn(address, Vendor.yaml().treeToValue(vendor.sandbox(), Description.class));
            standIn.rehearse();
            return standIn;
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            throw new IllegalArgumentException(
                    "routes/vendors/" + vendor.name() + "/vendor.yaml, sandbox: " + e.getMessage(), e);
        }
    }

    /** Returns the settings of an account that talks to this stand-in. */
    Map<String, String> settings() {
        return Collections.unmodifiableMap(settings);
    }

    /** Returns the calls with which it tells the bus of events, by their kinds. */
    Map<String, Callback> calls() {
        return Collections.unmodifiableMap(description.calls);
    }

    /** Returns the name of the call, by which requests are counted. */
    Optional<String> call(Request request) {
        return operation(request).map(matched -> matched.operation.path());
    }

    Answer answer(Request request) {
        return operation(request)
                .map(matched -> answer(matched.operation, values(matched.request)))
                .orElseGet(() -> api(description.otherwise.api)
                        .fail(description.otherwise.code, description.otherwise.message, "", values(request)));
    }

    private Answer answer(Operation operation, Values values) {
        Api api = api(operation.api());
        Optional<Check> breach = Stream.concat(api.checks().stream(), operation.checks().stream())
                .filter(check -> !check.holds(values.request(), values))
                .findFirst();
        return breach.map(check -> api.fail(check.code(), check.message(), check.field(), values))
                .orElseGet(() -> answer(Magic.of(operation.conversation(values.request())), operation, values));
    }

    private Answer answer(Magic magic, Operation operation, Values values) {
        return switch (magic.kind()) {
            case "fail" -> api(operation.api()).failUnsigned(magic.number(), magic.word(), operation.field(), values);
            case "http" -> Answer.of(magic.number(), retryAfter(magic.number()), "");
            case "slow" -> success(operation, values).after(Duration.ofMillis(magic.number()));
            case "drop" -> Answer.drop();
            case "garbage" -> Answer.of(200, Map.of("Content-Type", "text/plain"), "%% this is not JSON {");
            default -> success(operation, values);
        };
    }

    private static Answer success(Operation operation, Values values) {
        return operation.success().answer(values, null, Map.of());
    }

    private static Map<String, String> retryAfter(int status) {
        return status == 429 || status == 503 ? Map.of("Retry-After", "1") : Map.of();
    }

    private record Matched(Operation operation, Request request) {}

    private Optional<Matched> operation(Request request) {
        return description.operations.values().stream()
                .flatMap(operation -> operation.match(request).map(found -> new Matched(operation, found)).stream())
                .findFirst();
    }

    private Api api(String name) {
        return Objects.requireNonNull(description.apis.get(name), "there is no api " + name);
    }

    private Values values(Request request) {
        return new Values(request, names);
    }

    private static Request empty() {
        return new Request("", "", null, new Headers(), new byte[0]);
    }

    /** Fills every template once, so that a misspelt name stops the start and not a request. */
    private void rehearse() {
        Values empty = values(empty());
        description.apis.values().forEach(api -> {
            api.checks().forEach(check -> check.holds(empty.request(), empty));
            api.codes().forEach(code -> api.fail(code.code(), code.message(), "", empty));
        });
        description.operations.values().forEach(operation -> {
            api(operation.api());
            operation.checks().forEach(check -> check.holds(empty.request(), empty));
            operation.conversation(empty.request());
            success(operation, empty);
        });
        api(description.otherwise.api);
        description.calls.values().forEach(call -> call.fill(Caller.values(new Caller.Said("", "", "", ""))));
    }

    /** Returns whether a vendor's file describes a stand-in at all. */
    static boolean isDescribed(JsonNode sandbox) {
        return sandbox.isObject();
    }
}
