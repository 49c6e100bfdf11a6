package dev.switchboard.operate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Group;
import dev.switchboard.message.Json;
import dev.switchboard.security.Caller;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Store;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Lists messages and dead letters, and groups of these. */
@Singleton
@Named("messageLists")
public final class MessageLists {

    private static final Set<String> DEAD_LETTERS = deadLetterFilters();
    private static final Set<String> LIST =
            Stream.concat(DEAD_LETTERS.stream(), Stream.of(Waits.NAME)).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> GROUPS = groupFilters();
    private static final List<String> COLUMNS =
            Export.columns("id vendor account operation conversationId customerId type text url labels state"
                    + " waitingFor/reason waitingFor/until failure/class failure/api failure/code"
                    + " failure/message failure/meaning failure/deadLetter failure/mayHaveBeenSent"
                    + " source/intake source/batch source/line replaces replacedBy fallback fallbackOf reason notBefore expiresAt"
                    + " acceptedAt finishedAt dueAt");
    private static final List<String> GROUP_COLUMNS =
            Export.columns("vendor account class code deadLetter count mayHaveBeenSent firstSeen lastSeen cutoff"
                    + " meaning example/id example/message");

    private static Set<String> groupFilters() {
        return Set.of("state", "vendor", "account", "class", "code", "deadLetter", "batch", "format");
    }

    private static Set<String> deadLetterFilters() {
        var names = new HashSet<>(Filters.NAMES);
        names.addAll(Set.of("after", "limit", "format"));
        return Set.copyOf(names);
    }

    private final Store store;
    private final Waits waits;

    /** Lists what a store holds. */
    public MessageLists(Store store, Waits waits) {
        this.store = store;
        this.waits = waits;
    }

    /** Lists messages by the query's parameters: {@code {"messages":[…],"next":"cursor"}}. */
    public Object list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, LIST);
        Filter filter = seen(Filters.of(given), caller);
        given.with(Waits.NAME, value -> filter.waiting(waits.wanted(value)));
        return found("messages", filter, given, caller);
    }

    /** A caller who sees no customers cannot find them out by searching for them either. */
    private static Filter seen(Filter filter, @Nullable Caller caller) {
        if (caller == null) {
            return filter;
        }
        filter.within(caller.lanes());
        if (!caller.seesOthers()) {
            return filter.sender(caller.name());
        }
        return caller.seesPersonalData() ? filter : filter.withoutCustomers();
    }

    /** Lists dead and uncertain messages by the query's parameters. */
    public Object deadLetters(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, DEAD_LETTERS);
        return found("dead-letters", seen(Filters.of(given), caller).states(Filter.FAILED), given, caller);
    }

    private Object found(String name, Filter filter, Parameters given, @Nullable Caller caller) {
        var listing = new Listing<>((after, most) -> search(filter, after, most, caller), Found::seq, Found::view);
        String format = Export.format(given);
        if (format == null) {
            return listing.page("messages", given);
        }
        int most = given.number("limit", Integer.MAX_VALUE, 1, 999_999_999);
        return new Export(name, format, COLUMNS, listing.all(given, most));
    }

    private List<Found> search(Filter filter, long after, int most, @Nullable Caller caller) {
        List<Found> found = store.messages().search(filter, after, most);
        waits.explain(found.stream().map(Found::view).toList(), caller);
        return found;
    }

    /** Counts dead letters of each cause, most first: {@code {"groups":[…]}}. */
    public Object groups(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, GROUPS);
        String format = Export.format(given);
        ObjectNode all = Json.object();
        var groups = all.putArray("groups");
        store.messages()
                .deadLetterGroups(seen(Filters.of(given), caller).states(Filter.FAILED))
                .forEach(group -> groups.add(describe(group)));
        return format == null ? all : Export.of("dead-letter-groups", format, GROUP_COLUMNS, groups);
    }

    private static ObjectNode describe(Group group) {
        int slash = group.lane().indexOf('/');
        ObjectNode described = Json.object()
                .put("vendor", group.lane().substring(0, slash))
                .put("account", group.lane().substring(slash + 1))
                .put("class", group.failureClass())
                .put("code", group.code())
                .put("deadLetter", group.deadLetter())
                .put("count", group.count())
                .put("mayHaveBeenSent", group.mayHaveBeenSent())
                .put("firstSeen", Json.time(group.first()))
                .put("lastSeen", Json.time(group.last()))
                .put("cutoff", Json.time(group.last()))
                .put("meaning", group.example().meaning());
        described
                .putObject("example")
                .put("id", group.example().id())
                .put("meaning", group.example().meaning())
                .put("message", group.example().words());
        return described;
    }
}
