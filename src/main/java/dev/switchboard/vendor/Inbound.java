package dev.switchboard.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a vendor calls the bus, as {@code inbound} in its {@code vendor.yaml} says.
 *
 * @param answer the JSON that the vendor gets with the status 200; missing: nothing
 * @param calls what it calls, by the names of the routes that shape it: {@code direct:<vendor>-inbound-<name>}
 */
public record Inbound(JsonNode answer, Map<String, Call> calls) {

    /** An answer that the file leaves out is missing. */
    public Inbound {
        answer = answer == null ? MissingNode.getInstance() : answer;
    }

    /**
     * One call.
     *
     * @param path what follows the account's address, such as {@code /message/{customer}}; empty: nothing
     * @param duplicate JSON pointers to what makes two calls the same event; empty: the vendor names nothing
     */
    public record Call(List<String> path, List<String> duplicate) {

        /** Lists that the file leaves out are empty. */
        public Call {
            path = path == null ? List.of("") : path;
            duplicate = duplicate == null ? List.of() : duplicate;
        }

        boolean takes(String called) {
            return path.stream().anyMatch(each -> called.matches(each.replaceAll("\\{[^/}]+}", "[^/]+") + "/?"));
        }
    }

    /** Returns the name of the call that has a path. */
    public Optional<String> find(String path) {
        return calls.entrySet().stream()
                .filter(call -> call.getValue().takes(path))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns what makes two calls the same event. */
    public List<String> duplicate(@Nullable String call) {
        Call found = calls.get(call);
        return found == null ? List.of() : found.duplicate();
    }
}
