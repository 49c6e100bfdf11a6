package dev.switchboard.intake;

import dev.switchboard.store.StoreListener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of each intake: whether it works, why not, and when its last message came. */
public final class Intakes implements StoreListener {

    /** The name of the intake of dropped files. */
    public static final String FILE = "file";

    /** An intake that works. */
    public static final Condition RUNNING = new Condition("running", null);

    /** Intakes as messages name them, and the route of each that takes messages. */
    private static final List<Map.Entry<String, String>> ROUTES =
            List.of(Map.entry("rest", "submitMessage"), Map.entry(FILE, "files"), Map.entry("queue", "queue"));

    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Function<String, Condition> ofRoute;

    /**
     * Whether an intake takes messages.
     *
     * @param state {@code running}, {@code failing}, {@code suspended}, {@code stopped} or {@code off}
     * @param why why it takes nothing now; null where it works
     */
    public record Condition(String state, @Nullable String why) {}

    /**
     * How an intake is.
     *
     * @param name {@code rest}, {@code file} or {@code queue}
     * @param state its condition's
     * @param why its condition's
     * @param lastMessage when its last message came, since the start; null where none has
     */
    public record Intake(
            String name,
            String state,
            @Nullable String why,
            @Nullable Instant lastMessage) {}

    /** @param ofRoute says of a route whether it runs */
    public Intakes(Function<String, Condition> ofRoute) {
        this.ofRoute = ofRoute;
    }

    @Override
    public void cameIn(String intake, String result, long messages) {
        last.put(intake, Instant.now());
    }

    /** Notes that an intake cannot take anything. */
    public void fails(String intake, String why) {
        troubles.put(intake, why);
    }

    /** Notes that an intake works. */
    public void works(String intake) {
        troubles.remove(intake);
    }

    /** Returns all intakes. */
    public List<Intake> all() {
        return ROUTES.stream()
                .map(each -> intake(each.getKey(), each.getValue()))
                .toList();
    }

    private Intake intake(String name, String route) {
        Condition condition = ofRoute.apply(route);
        String trouble = troubles.get(name);
        if (condition.why == null && trouble != null) {
            condition = new Condition("failing", trouble);
        }
        return new Intake(name, condition.state, condition.why, last.get(name));
    }
}
