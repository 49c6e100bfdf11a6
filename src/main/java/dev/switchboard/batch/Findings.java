package dev.switchboard.batch;

import dev.switchboard.message.Fault;
import dev.switchboard.message.Message;
import dev.switchboard.records.FileRecord;
import dev.switchboard.records.Layout;
import dev.switchboard.records.Place;
import dev.switchboard.records.PlacedFault;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a dry run has found in a file. */
final class Findings {

    /** Whom messages go to, and what they ask for. */
    record Errand(String vendor, String account, String operation) implements Comparable<Errand> {

        private static final Comparator<Errand> ORDER = Comparator.comparing(Errand::vendor)
                .thenComparing(Errand::account)
                .thenComparing(Errand::operation);

        @Override
        public int compareTo(Errand other) {
            return ORDER.compare(this, other);
        }
    }

    private final int most;
    private final List<PlacedFault> first = new ArrayList<>();
    private final SortedMap<String, Long> rules = new TreeMap<>();
    private final SortedMap<Errand, Long> errands = new TreeMap<>();
    private @Nullable Layout layout;
    private @Nullable String stopped;
    private @Nullable String warning;
    private long messages;
    private long duplicates;
    private long firstDuplicate;
    private long invalid;
    private long remembered;

    /**
     * Begins with nothing.
     *
     * @param most how many faults are kept; all are counted
     */
    Findings(int most) {
        this.most = most;
    }

    void layout(Layout found) {
        layout = found;
    }

    /** Counts a message; one that would not be sent any more is counted all the same. */
    void message(Message message, boolean sent) {
        messages++;
        if (sent) {
            errands.merge(new Errand(message.vendor(), message.account(), message.operation()), 1L, Long::sum);
        }
    }

    void duplicate(FileRecord record) {
        duplicates++;
        firstDuplicate = firstDuplicate == 0 ? record.line() : firstDuplicate;
    }

    void invalid() {
        invalid++;
    }

    /** Counts a fault; its place is looked for only where the fault is kept. */
    void fault(Fault fault, Supplier<Place> place) {
        rules.merge(fault.rule(), 1L, Long::sum);
        if (first.size() < most) {
            first.add(new PlacedFault(place.get(), fault));
        }
    }

    void fault(PlacedFault fault) {
        fault(fault.fault(), fault::place);
    }

    /** The file would be stopped. */
    void stopped(String why) {
        stopped = why;
    }

    /** Nothing of the file would be sent. */
    void nothingSent() {
        errands.clear();
    }

    void warning(String text) {
        warning = text;
    }

    /** Repeats of other ids than so many have not been seen. */
    void remembered(long ids) {
        remembered = ids;
    }

    List<PlacedFault> first() {
        return first;
    }

    long faults() {
        return rules.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> rules() {
        return rules;
    }

    Map<Errand, Long> errands() {
        return errands;
    }

    @Nullable
    Layout layout() {
        return layout;
    }

    @Nullable
    String stopped() {
        return stopped;
    }

    @Nullable
    String warning() {
        return warning;
    }

    long messages() {
        return messages;
    }

    long duplicates() {
        return duplicates;
    }

    /** Returns the line of the first duplicate; 0 where there is none. */
    long firstDuplicate() {
        return firstDuplicate;
    }

    /** Returns how many records are no messages. */
    long invalidOnes() {
        return invalid;
    }

    long records() {
        return messages + duplicates + invalid;
    }

    /** Returns how many ids the others were held against; 0 where all were. */
    long remembered() {
        return remembered;
    }
}
