package dev.serai.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.wire.Priority;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DecodingBudgetTest {
    private static final long KIB = 1024;

    @AutoClose
    private final DecodingBudget budget = new DecodingBudget("tests", 100 * KIB, 4 * KIB);

    @Test
    void light_neverWaitsAndIsNotCounted() throws Exception {
        DecodingBudget.Part all = take(100 * KIB);

        DecodingBudget.Part light = take(4 * KIB);
        light.close();

        assertThat(budget.taken()).isEqualTo(100 * KIB);
        all.close();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void heavy_waitsUntilThereIsRoom() throws Exception {
        DecodingBudget.Part first = take(60 * KIB);
        DecodingBudget.Part second = take(30 * KIB);
        CountDownLatch came = new CountDownLatch(1);
        Thread third = takes(budget.part(50 * KIB), came::countDown);
        await().until(() -> budget.waiting() == 1);

        second.close();
        assertThat(budget.waiting()).isEqualTo(1);
        first.close();

        came.await();
        third.join();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void heavierThanAll_runsAlone() throws Exception {
        try (DecodingBudget.Part alone = budget.part(1_000_000 * KIB)) {
            alone.take();
            assertThat(budget.taken()).isEqualTo(100 * KIB);
        }
        assertThat(budget.taken()).isZero();
    }

    /** Issue 17: however many batch events are heavy, a live one finds half of it free. */
    @Test
    void batchEvents_haveHalfOfIt() throws Exception {
        DecodingBudget.Part first = budget.part(30 * KIB, Priority.BATCH);
        first.take();
        CountDownLatch came = new CountDownLatch(1);
        // Heavier than half: as heavy as the half is, among batch events.
        Thread second = takes(budget.part(60 * KIB, Priority.BATCH), came::countDown);
        await().until(() -> budget.waiting() == 1);

        take(70 * KIB).close();
        assertThat(came.getCount()).isEqualTo(1);
        first.close();
        first.close();

        came.await();
        second.join();
        assertThat(budget.taken()).isZero();
        assertThat(budget.waiting()).isZero();
        DecodingBudget.Part last = budget.part(50 * KIB, Priority.BATCH);
        last.take();
        last.close();
    }

    /** Else what is heaviest would never get its turn among others that are less heavy. */
    @Test
    void heavyOnes_getTheirPartsInTheirOrder() throws Exception {
        DecodingBudget.Part all = take(100 * KIB);
        Queue<Long> order = new ConcurrentLinkedQueue<>();
        List<Long> weights = List.of(100 * KIB, 60 * KIB, 90 * KIB, 70 * KIB);
        for (int i = 0; i < weights.size(); i++) {
            long weight = weights.get(i);
            takes(budget.part(weight), () -> order.add(weight));
            int queued = i + 1;
            await().until(() -> budget.waiting() == queued);
        }

        all.close();

        await().until(() -> order.size() == weights.size());
        assertThat(order).containsExactlyElementsOf(weights);
    }

    @Test
    void partThatIsGivenBackTwice_countsOnce() throws Exception {
        DecodingBudget.Part part = take(50 * KIB);
        DecodingBudget.Part other = take(50 * KIB);

        part.close();
        part.close();

        assertThat(budget.taken()).isEqualTo(50 * KIB);
        other.close();
    }

    @Test
    void interrupt_endsTheWaitAndTakesNothing() throws Exception {
        DecodingBudget.Part all = take(100 * KIB);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try (DecodingBudget.Part part = budget.part(50 * KIB)) {
                part.take();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        await().until(() -> budget.waiting() == 1);

        waiter.interrupt();

        interrupted.await();
        all.close();
        assertThat(budget.taken()).isZero();
    }

    @Test
    void uninterruptibleWait_getsItsPartInSpiteOfAnInterrupt() throws Exception {
        DecodingBudget.Part all = take(100 * KIB);
        CountDownLatch came = new CountDownLatch(1);
        Thread waiter = Thread.ofVirtual().start(() -> {
            try (DecodingBudget.Part part = budget.part(50 * KIB)) {
                part.takeUninterruptibly();
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
                came.countDown();
            }
        });
        await().until(() -> budget.waiting() == 1);
        waiter.interrupt();

        all.close();

        came.await();
    }

    @Test
    void partThatWasNeverTaken_givesNothingBack() throws Exception {
        DecodingBudget.Part taken = take(50 * KIB);

        budget.part(50 * KIB).close();

        assertThat(budget.taken()).isEqualTo(50 * KIB);
        taken.close();
    }

    /** As when a wait ends well and fails nevertheless, because its event was revoked meanwhile. */
    @Test
    void partThatIsClosedBeforeItIsTaken_isGivenBackAtOnce() throws Exception {
        DecodingBudget.Part part = budget.part(50 * KIB);
        part.close();

        part.take();

        assertThat(budget.taken()).isZero();
    }

    /** The platform's threads share the cores by time: heavy work does not keep light work from being begun. */
    @Test
    void heavy_isDecodedByAThreadOfThePlatform_lightByTheCallers() throws Exception {
        DecodingBudget.Part heavy = take(50 * KIB);

        assertThat(budget.decode(heavy, Thread::currentThread)).isNotEqualTo(Thread.currentThread());
        assertThat(budget.decode(heavy, () -> Thread.currentThread().isVirtual()))
                .isFalse();
        assertThat(budget.decode(budget.part(KIB), Thread::currentThread)).isEqualTo(Thread.currentThread());
    }

    @Test
    void whatDecodingThrows_isThrown() throws Exception {
        DecodingBudget.Part heavy = take(50 * KIB);

        assertThatThrownBy(() -> budget.decode(heavy, () -> {
                    throw new IllegalStateException("broken");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> budget.decode(heavy, () -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
    }

    /** On a thread of its own, which gives it back when this is done. */
    private static Thread takes(DecodingBudget.Part part, Runnable whenTaken) {
        return Thread.ofVirtual().start(() -> {
            try (part) {
                part.take();
                whenTaken.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private DecodingBudget.Part take(long weight) throws InterruptedException {
        DecodingBudget.Part part = budget.part(weight);
        part.take();
        return part;
    }
}
