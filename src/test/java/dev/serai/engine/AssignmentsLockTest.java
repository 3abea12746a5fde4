package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 14: what everybody relies on who waits for a partition, for room or for the group. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AssignmentsLockTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AssignmentsLock lock = new AssignmentsLock();

    @AfterEach
    void forgetInterrupt() {
        Thread.interrupted();
    }

    @Test
    void wait_endsWithTheChangeThatItIsFor_andGivesTheLockUpMeanwhile() throws Exception {
        AtomicBoolean changed = new AtomicBoolean();
        CountDownLatch waits = new CountDownLatch(1);
        CompletableFuture<Boolean> isSo = CompletableFuture.supplyAsync(() -> lock.get(() -> {
            waits.countDown();
            return lock.await(changed::get, PATIENCE);
        }));
        waits.await();

        // Taken only when the other thread, which has it twice, waits.
        lock.run(() -> {
            changed.set(true);
            lock.signal();
        });

        assertThat(isSo.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void wait_withoutPatience_saysHowItIs() {
        assertThat(lock.await(() -> false, Duration.ZERO)).isFalse();
        assertThat(lock.await(() -> true, Duration.ZERO)).isTrue();
    }

    @Test
    void waitThatIsInterrupted_ends_andTheThreadStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThat(lock.await(() -> false, PATIENCE)).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }

    @Test
    void threadToBeEndedByAnInterrupt_isEnded_thoughThereIsNothingToWaitFor() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> lock.awaitInterruptibly(() -> true, PATIENCE))
                .isInstanceOf(InterruptedException.class);
    }
}
