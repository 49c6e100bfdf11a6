package dev.switchboard.bench;

import dev.switchboard.vendor.Answer;
import dev.switchboard.vendor.FakeVendor;
import dev.switchboard.vendor.Request;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Has a {@link FakeVendor} note when each message arrives, and answer at once or after a time that can be set. */
final class TimedVendor implements AutoCloseable {

    private final Journey journey;
    private final FakeVendor vendor = FakeVendor.start().forgetful().answerBy(this::answer);
    private final AtomicInteger held = new AtomicInteger();
    private volatile CountDownLatch recovery = new CountDownLatch(0);
    private volatile long latency;

    TimedVendor(Journey journey) {
        this.journey = journey;
    }

    String url() {
        return vendor.url();
    }

    /** Lets it take its time from now on. */
    void answerAfter(Duration time) {
        recovery = new CountDownLatch(1);
        latency = time.toNanos();
    }

    /** Returns how many calls wait for their answer. */
    int holds() {
        return held.get();
    }

    /** Lets it answer at once from now on, and answers those who wait. */
    void recover() {
        latency = 0;
        recovery.countDown();
    }

    private Answer answer(Request request) {
        journey.arrives(Load.number(request.body()));
        long time = latency;
        if (time > 0) {
            hold(time);
        }
        return Singles.WRITTEN;
    }

    private void hold(long time) {
        held.incrementAndGet();
        try {
            recovery.await(time, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            held.decrementAndGet();
        }
    }

    @Override
    public void close() {
        recover();
        vendor.close();
    }
}
