package dev.switchboard;

import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** Answers for a vendor, and notes how many requests were with it at the same time. */
final class Traffic implements Function<Request, Answer> {

    static final Answer DONE = Answer.of(200, "{\"code\":0,\"room_id\":\"r\",\"message\":\"\"}");
    static final Answer HANG = DONE.with(Answer.Fault.HANG);

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    private final List<Arrival> arrivals = new ArrayList<>();
    private volatile Function<Request, Answer> behaviour = request -> DONE;
    private int inside;
    private int answered;

    /**
     * A request as it came.
     *
     * @param inside how many the vendor had not answered then, this one among them
     * @param answered how many it had answered
     */
    record Arrival(Request request, int inside, int answered) {}

    /** Says what is answered from now on. */
    Traffic answer(Function<Request, Answer> next) {
        behaviour = next;
        return this;
    }

    /** From now on each request is done after some time. */
    Traffic doneAfter(Duration time) {
        return answer(request -> after(time, DONE));
    }

    /** Answers after some time. */
    static Answer after(Duration time, Answer answer) {
        await(NEVER, time);
        return answer;
    }

    /** Answers when a latch opens. */
    static Answer after(CountDownLatch latch, Answer answer) {
        await(latch, Duration.ofMinutes(5));
        return answer;
    }

    private static void await(CountDownLatch latch, Duration time) {
        try {
            boolean opened = latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
            if (!opened && latch != NEVER) {
                throw new IllegalStateException("nobody let the vendor answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that hangs is not counted as being with the vendor, as the vendor does not see when it is given up. */
    @Override
    public Answer apply(Request request) {
        come(request);
        Answer answer = HANG;
        try {
            answer = behaviour.apply(request);
            return answer;
        } finally {
            go(answer);
        }
    }

    private synchronized void come(Request request) {
        inside++;
        arrivals.add(new Arrival(request, inside, answered));
    }

    private synchronized void go(Answer answer) {
        inside--;
        answered += answer.fault() == Answer.Fault.NONE ? 1 : 0;
    }

    /** Returns what came, in order. */
    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Returns how many requests came. */
    synchronized int count() {
        return arrivals.size();
    }

    /** Returns how many requests hold something. */
    long count(Predicate<Request> which) {
        return arrivals().stream().map(Arrival::request).filter(which).count();
    }

    /** Returns how many were with the vendor at the same time, at most. */
    int mostAtOnce() {
        return arrivals().stream().mapToInt(Arrival::inside).max().orElse(0);
    }

    /** Returns when requests came, by the monotonic clock. */
    long[] times() {
        return arrivals().stream()
                .mapToLong(arrival -> arrival.request().nanoTime())
                .sorted()
                .toArray();
    }
}
