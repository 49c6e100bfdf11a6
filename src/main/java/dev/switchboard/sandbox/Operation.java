package dev.switchboard.sandbox;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call that a vendor offers.
 *
 * @param api the family it belongs to
 * @param methods the HTTP methods it takes
 * @param path the path behind the vendor's prefix; a segment in braces takes any value
 * @param conversation the place where a magic value may stand
 * @param checks in addition to the api's own checks
 * @param success the answer otherwise
 */
record Operation(
        String api,
        List<String> methods,
        String path,
        @Nullable String conversation,
        List<Check> checks,
        Reply success) {

    /** An operation without checks takes everything. */
    Operation {
        checks = checks == null ? List.of() : checks;
    }

    /** Returns the request with the path's values in it, or empty where it is a request for something else. */
    Optional<Request> match(Request request) {
        String[] wanted = path.split("/", -1);
        String[] got = request.path().split("/", -1);
        if (!methods.contains(request.method()) || wanted.length != got.length) {
            return Optional.empty();
        }
        var segments = new HashMap<String, String>();
        for (int i = 0; i < wanted.length; i++) {
            if (isName(wanted[i]) && !got[i].isEmpty()) {
                segments.put(wanted[i].substring(1, wanted[i].length() - 1), Request.decoded(got[i]));
            } else if (!wanted[i].equals(got[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(request.with(Map.copyOf(segments)));
    }

    @Nullable
    String conversation(Request request) {
        return conversation == null ? null : Place.parse(conversation).read(request);
    }

    /** Returns the field that a failure names where no check chose one. */
    String field() {
        return conversation == null ? "" : Place.parse(conversation).field();
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}
