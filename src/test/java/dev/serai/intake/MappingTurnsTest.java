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
@Timeout(value = 120, unit = TimeUnit.SECONDS)
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

    /** Those of the slow intake that have a turn, or are in the queue for one, are before the other; all others are not. */
    @Test
    void intakeOfSlowRecords_doesNotMakeOthersWaitForAllOfThem() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch otherHadItsTurn = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger inVain = new AtomicInteger();
        for (int i = 0; i < SLOW; i++) {
            take("slow", () -> {
                int number = begun.incrementAndGet();
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                try {
                    goOn.await();
                    if (number > 2 * AT_ONCE && !otherHadItsTurn.await(30, TimeUnit.SECONDS)) {
                        inVain.incrementAndGet();
                    }
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
        Thread other = take("other", otherHadItsTurn::countDown);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> other.getState() == Thread.State.WAITING);

        goOn.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(inVain.get()).isZero();
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
