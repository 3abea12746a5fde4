package dev.serai.batch.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a thread to stop, and wakes it from its pauses. Thread-safe. */
final class StopFlag {
    private final CountDownLatch raised = new CountDownLatch(1);

    void raise() {
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Pauses, and returns whether the thread is to stop; at once if it is, or if it is interrupted, which it then still is. */
    boolean isRaisedWithin(Duration pause) {
        try {
            return raised.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
