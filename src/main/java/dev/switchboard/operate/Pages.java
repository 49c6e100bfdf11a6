package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Store;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All messages that match, newest first, read from the store a page at a time. */
final class Pages implements Iterator<List<ObjectNode>> {

    private static final int PAGE = 500;

    private final Store store;
    private final Filter filter;
    private long after;
    private int left;

    Pages(Store store, Filter filter, long after, int most) {
        this.store = store;
        this.filter = filter;
        this.after = after;
        this.left = most;
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    @Override
    public List<ObjectNode> next() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        int most = Math.min(PAGE, left);
        List<Found> found = store.messages().search(filter, after, most);
        left = found.size() < most ? 0 : left - most;
        if (!found.isEmpty()) {
            after = found.get(found.size() - 1).seq();
        }
        return found.stream().map(Found::view).toList();
    }
}
