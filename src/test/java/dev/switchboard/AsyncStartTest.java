package dev.switchboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AsyncStartTest {

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private final AsyncStart<AutoCloseable> part = new AsyncStart<>("part", () -> {
        opened.incrementAndGet();
        return closed::incrementAndGet;
    });

    @Test
    void itIsOpenedOnceHoweverOftenItIsBegunAndTaken() {
        part.begin();
        part.begin();
        assertThat(part.take()).isSameAs(part.take());
        assertThat(opened).hasValue(1);
    }

    @Test
    void itIsOpenedWhenItIsTakenWhereNobodyHasBegun() {
        part.take();
        assertThat(opened).hasValue(1);
    }

    @Test
    void itIsOpenedBesideWhatElseIsDone() {
        var other = new CountDownLatch(1);
        var slow = new AsyncStart<AutoCloseable>("slow", () -> {
            try {
                other.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return closed::incrementAndGet;
        });
        slow.begin();
        other.countDown();
        assertThat(slow.take()).isNotNull();
    }

    @Test
    void whoTakesItGetsTheVerySentenceOfItsFailure() {
        var failure = new IllegalArgumentException("switchboard.store.url: is wrong");
        var wrong = new AsyncStart<AutoCloseable>("wrong", () -> {
            throw failure;
        });
        wrong.begin();
        assertThatThrownBy(wrong::take).isSameAs(failure);
        assertThatThrownBy(wrong::take).isSameAs(failure);
        wrong.closeUntaken();
    }

    @Test
    void itIsClosedWhereNobodyTookIt() {
        part.begin();
        part.closeUntaken();
        assertThat(closed).hasValue(1);
    }

    @Test
    void whoTookItClosesIt() {
        part.take();
        part.closeUntaken();
        assertThat(closed).hasValue(0);
    }

    @Test
    void whatWasNeverBegunIsNotOpenedToBeClosed() {
        part.closeUntaken();
        assertThat(opened).hasValue(0);
    }
}
