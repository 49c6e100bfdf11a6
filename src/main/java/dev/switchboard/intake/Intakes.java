package dev.switchboard.intake;

import dev.switchboard.store.StoreListener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of each intake: whether it works, why not, and when its last message came. */
public final class Intakes implements StoreListener {

    private static final List<String> NAMES = List.of("rest", "file", "queue");

    private final Map<String, Instant> last = new ConcurrentHashMap<>();
    private final Map<String, String> troubles = new ConcurrentHashMap<>();

    /**
     * How an intake is.
     *
     * @param name {@code rest}, {@code file} or {@code queue}
     * @param why why it takes nothing now; null where it works
     * @param lastMessage when its last message came, since the start; null where none has
     */
    public record Intake(
            String name, @Nullable String why, @Nullable Instant lastMessage) {

        /** Returns {@code running} or {@code failing}. */
        public String state() {
            return why == null ? "running" : "failing";
        }
    }

    @Override
    public void cameIn(String intake, String result, long messages) {
        last.put(intake, Instant.now());
    }

    /** Notes that an intake cannot take anything. */
    void fails(String intake, String why) {
        troubles.put(intake, why);
    }

    /** Notes that an intake works. */
    void works(String intake) {
        troubles.remove(intake);
    }

    /** Returns all intakes. */
    public List<Intake> all() {
        return NAMES.stream()
                .map(name -> new Intake(name, troubles.get(name), last.get(name)))
                .toList();
    }
}
