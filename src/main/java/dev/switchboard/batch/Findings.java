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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a dry run has found in a file. */
final class Findings {

    /** Where messages go, and what they ask for. */
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
    final List<PlacedFault> first = new ArrayList<>();
    final SortedMap<String, Long> rules = new TreeMap<>();
    final SortedMap<Errand, Long> errands = new TreeMap<>();

    @Nullable
    Layout layout;

    @Nullable
    String stopped;

    @Nullable
    String warning;

    long messages;
    long duplicates;
    long firstDuplicate;
    long invalid;
    long remembered;

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

    /** Counts a message, even one that would not be sent any more. */
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

    /** Repeats were found only among this number of ids. */
    void remembered(long ids) {
        remembered = ids;
    }

    long faults() {
        return rules.values().stream().mapToLong(Long::longValue).sum();
    }

    long records() {
        return messages + duplicates + invalid;
    }
}
