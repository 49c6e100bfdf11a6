package dev.switchboard.bench;

import dev.switchboard.bench.Measured.Turn;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What turns of one thing are to those of another, turn by turn: what slows the machine slows both. */
record Ratios(List<Double> all) {

    /** Divides each turn of the one by the same turn of the other. */
    static <T> Ratios of(List<T> ours, List<T> theirs, ToDoubleFunction<T> what) {
        return new Ratios(IntStream.range(0, ours.size())
                .mapToObj(i -> what.applyAsDouble(ours.get(i)) / what.applyAsDouble(theirs.get(i)))
                .toList());
    }

    double median() {
        return median(all.stream());
    }

    static double median(List<Turn> turns, ToDoubleFunction<Turn> what) {
        return median(turns.stream().map(what::applyAsDouble));
    }

    private static double median(Stream<Double> numbers) {
        List<Double> sorted = numbers.sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** Returns the median, and in brackets the least and the most. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median(), Collections.min(all), Collections.max(all));
    }
}
