package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A long list, newest first: by pages, each of which says where the next one begins, or all of it, read a page at a time.
 *
 * @param reader reads some of it
 * @param number the number of an entry, to go on after
 * @param view how an entry is shown
 */
record Listing<T>(Reader<T> reader, ToLongFunction<T> number, Function<T, ObjectNode> view) {

    static final int MOST = 1_000;
    private static final int AT_ONCE = 500;

    /** Reads some entries that come after a number. */
    @FunctionalInterface
    interface Reader<T> {
        List<T> read(long after, int most);
    }

    /** Returns a page, as {@code limit} and {@code after} ask for it: <code>{"NAME":[…],"next":"cursor"}</code>. */
    ObjectNode page(String name, Parameters given) {
        int limit = given.number("limit", 100, 1, MOST);
        List<T> found = reader.read(cursor(given.get("after")), limit + 1);
        ObjectNode page = Json.object();
        var list = page.putArray(name);
        found.stream().limit(limit).map(view).forEach(list::add);
        if (found.size() > limit) {
            page.put("next", Long.toString(number.applyAsLong(found.get(limit - 1)), 36));
        }
        return page;
    }

    /** Reads where a page begins: the number of the last entry of the page before. */
    static long cursor(@Nullable String value) {
        try {
            return value == null ? Long.MAX_VALUE : Long.parseLong(value, 36);
        } catch (NumberFormatException e) {
            throw Refused.invalid("after", "format", "must be the value of next on the page before");
        }
    }

    /** Goes through so many entries at most, after {@code after}. */
    Iterator<List<ObjectNode>> all(Parameters given, int most) {
        long begin = cursor(given.get("after"));
        return new Iterator<>() {
            private long after = begin;
            private int left = most;

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public List<ObjectNode> next() {
                if (left <= 0) {
                    throw new NoSuchElementException();
                }
                int wanted = Math.min(AT_ONCE, left);
                List<T> found = reader.read(after, wanted);
                left = found.size() < wanted ? 0 : left - wanted;
                after = found.isEmpty() ? after : number.applyAsLong(found.get(found.size() - 1));
                return found.stream().map(view).toList();
            }
        };
    }
}
