package dev.serai.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for whom. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MappingTurnsTest {
    private static final int AT_ONCE = 2;
    private static final int SLOW = 50;

    private final MappingTurns turns = new MappingTurns(AT_ONCE);
    private final List<Thread> threads = new ArrayList<>();

    private Thread take(String intake, Runnable work) {
        Thread thread = Thread.startVirtualThread(() -> {
            try {
                turns.take(intake, work);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        threads.add(thread);
        return thread;
    }

    /** The records of the other have begun that were in the queue before, and those that were being mapped. */
    @Test
    void intakeOfSlowRecords_doesNotMakeOthersWaitForAllOfThem() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        for (int i = 0; i < SLOW; i++) {
            take("slow", () -> {
                begun.incrementAndGet();
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    running.decrementAndGet();
                }
            });
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> begun.get() == AT_ONCE
                        && threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        AtomicInteger before = new AtomicInteger();
        Thread other = take("other", () -> before.set(begun.get()));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> other.getState() == Thread.State.WAITING);

        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(before.get()).isLessThanOrEqualTo(2 * AT_ONCE);
        assertThat(begun.get()).isEqualTo(SLOW);
        assertThat(most.get()).isEqualTo(AT_ONCE);
    }

    @Test
    void turn_isGivenBack_whenTheWorkFails() throws Exception {
        for (int i = 0; i < 2 * AT_ONCE; i++) {
            try {
                turns.take("failing", () -> {
                    throw new IllegalStateException("of the test");
                });
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("of the test");
            }
        }
        AtomicInteger ran = new AtomicInteger();
        turns.take("failing", ran::incrementAndGet);

        assertThat(ran.get()).isEqualTo(1);
    }
}
