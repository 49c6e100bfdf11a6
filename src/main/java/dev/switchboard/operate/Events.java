package dev.switchboard.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchboard.message.Json;
import dev.switchboard.message.Refused;
import dev.switchboard.security.Caller;
import dev.switchboard.security.SenderLimits;
import dev.switchboard.store.Filter;
import dev.switchboard.store.Found;
import dev.switchboard.store.Store;
import dev.switchboard.vendor.Account;
import dev.switchboard.vendor.Vendor;
import dev.switchboard.vendor.Vendors;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.jspecify.annotations.Nullable;

/** Lists what vendors sent, and what was said in a conversation in both directions. */
@Singleton
@Named("events")
public final class Events {

    private static final Set<String> LIST =
            Set.of("vendor", "account", "conversation", "kind", "since", "after", "limit");
    private static final Set<String> PAGE = Set.of("after", "limit");
    private static final String[] KINDS = {"message", "started", "ended", "assigned", "read", "other"};

    private final Store store;
    private final Vendors vendors;
    private final SenderLimits limits;
    private final Waits waits;
    private final Set<String> carriers;

    /** Lists what a store holds. */
    public Events(Store store, Vendors vendors, SenderLimits limits, Waits waits) {
        this.store = store;
        this.vendors = vendors;
        this.limits = limits;
        this.waits = waits;
        this.carriers = vendors.all().stream()
                .filter(vendor -> vendor.operations().values().stream().anyMatch(Vendor.Operation::inbound))
                .map(Vendor::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Lists events by the query's parameters, newest first: {@code {"events":[…],"next":"cursor"}}. */
    public ObjectNode list(
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, LIST);
        String vendor = given.get("vendor");
        String account = given.get("account");
        given.with("kind", kind -> Filters.named("kind", kind, KINDS));
        long since = given.get("since") == null ? 0 : Filters.time("since", given.get("since"));
        String conversation = given.get("conversation");
        Stream<Filter> filters = conversation == null
                ? events(null)
                : vendors.accounts().stream()
                        .filter(each -> isOf(each, vendor, account))
                        .flatMap(each -> events(each.lane() + "/" + conversation));
        List<Filter> all = filters.map(filter -> filter.from(since)).toList();
        Predicate<ObjectNode> wanted = mayRead(caller)
                .and(event -> is(event, "vendor", vendor) && is(event, "account", account))
                .and(event -> is(event, "kind", given.get("kind")));
        return new EventPage((after, most) -> search(all, after, most), carriers, wanted, false).read("events", given);
    }

    /**
     * Returns what was said in a conversation in both directions, in the order of time, the newest page of it first: {@code
     * {"conversationId":…,"timeline":[…],"next":"cursor"}}.
     *
     * @throws Refused (404) where there is none, or none that the caller may read
     */
    public ObjectNode conversation(
            @Header("vendor") String vendor,
            @Header("account") String account,
            @Header("conversationId") String conversation,
            @Header(Exchange.HTTP_QUERY) @Nullable String query,
            @ExchangeProperty(Caller.PROPERTY) @Nullable Caller caller) {
        var given = new Parameters(query, PAGE);
        String lane = PathSegment.decoded(vendor) + "/" + PathSegment.decoded(account);
        String id = PathSegment.decoded(conversation);
        if (caller != null && !limits.mayReadConversation(lane, id, caller)) {
            throw Refused.because(404, "There is no conversation with this id that you have sent to.");
        }
        List<Filter> filters = Stream.concat(
                        Stream.of(new Filter().within(List.of(lane)).conversation(id)), events(lane + "/" + id))
                .toList();
        ObjectNode page = new EventPage(
                        (after, most) -> explained(search(filters, after, most), caller), carriers, any -> true, true)
                .read("timeline", given);
        if (page.path("timeline").isEmpty() && given.get("after") == null) {
            throw Refused.because(404, "There is no conversation with this id.");
        }
        ObjectNode whole = Json.object()
                .put("vendor", lane.substring(0, lane.indexOf('/')))
                .put("account", lane.substring(lane.indexOf('/') + 1))
                .put("conversationId", id);
        ArrayNode timeline = whole.putArray("timeline");
        page.path("timeline").forEach(entry -> timeline.insert(0, entry));
        return page.has("next") ? whole.set("next", page.path("next")) : whole;
    }

    /** A filter within no lanes would ask for all of them. */
    private Stream<Filter> events(@Nullable String conversation) {
        var filter = new Filter().within(List.copyOf(carriers));
        if (conversation != null) {
            filter.conversation(conversation);
        }
        return carriers.isEmpty() ? Stream.empty() : Stream.of(filter);
    }

    private static boolean isOf(Account each, @Nullable String vendor, @Nullable String account) {
        return (vendor == null || each.vendor().name().equals(vendor))
                && (account == null || each.name().equals(account));
    }

    private static boolean is(JsonNode event, String field, @Nullable String wanted) {
        return wanted == null || event.path(field).asText().equals(wanted);
    }

    /** Looks each conversation up once. */
    private Predicate<ObjectNode> mayRead(@Nullable Caller caller) {
        if (caller == null) {
            return any -> true;
        }
        var known = new HashMap<String, Boolean>();
        return event -> {
            String lane =
                    event.path("vendor").asText() + "/" + event.path("account").asText();
            String conversation = event.path("conversationId").textValue();
            return caller.isFor(lane)
                    && known.computeIfAbsent(
                            lane + "/" + conversation, any -> limits.mayReadConversation(lane, conversation, caller));
        };
    }

    private List<Found> search(List<Filter> filters, long after, int most) {
        return filters.stream()
                .flatMap(filter -> store.messages().search(filter, after, most).stream())
                .sorted(Comparator.comparing(Found::seq).reversed())
                .limit(most)
                .toList();
    }

    private List<Found> explained(List<Found> found, @Nullable Caller caller) {
        waits.explain(found.stream().map(Found::view).toList(), caller);
        return found;
    }
}
