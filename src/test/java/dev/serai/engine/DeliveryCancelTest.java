package dev.serai.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.testing.IdleCommitter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15: an event that nobody wants any more ends what it waits for, and goes on to its answer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DeliveryCancelTest {
    private final Delivery delivery =
            LoneDelivery.of(IdleCommitter.of(new Assignments(1, Long.MAX_VALUE)), "the event");

    @Test
    void waitOfTheEventItself_ends_onceAndForAll() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> ended = new AtomicReference<>();
        AtomicReference<@Nullable Boolean> interrupted = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                delivery.awaitWanted(() -> {
                    waits.countDown();
                    new CountDownLatch(1).await();
                    return true;
                });
            } catch (Throwable e) {
                ended.set(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        waits.await();

        delivery.cancel("hung up");
        thread.join();

        assertThat(ended.get()).isInstanceOf(DeliveryCancelledException.class).hasMessage("hung up");
        assertThat(interrupted.get())
                .as("what comes after it must not trip over it")
                .isFalse();
        assertThatThrownBy(() -> delivery.awaitWanted(() -> true)).isInstanceOf(DeliveryCancelledException.class);
        assertThatThrownBy(delivery::requireWanted).isInstanceOf(DeliveryCancelledException.class);
        assertThat(delivery.isUnwanted()).isTrue();
        assertThat(delivery.isRevoked()).isFalse();
    }

    @Test
    void waitOfItsAnswer_goesOn() throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        CountDownLatch goesOn = new CountDownLatch(1);
        AtomicReference<@Nullable Object> result = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                result.set(delivery.await(() -> {
                    waits.countDown();
                    goesOn.await();
                    return Thread.currentThread().isInterrupted();
                }));
            } catch (Throwable e) {
                result.set(e);
            }
        });
        waits.await();

        delivery.cancel("hung up");
        goesOn.countDown();
        thread.join();

        assertThat(result.get()).isEqualTo(false);
        assertThat(delivery.await(() -> "as ever")).isEqualTo("as ever");
        delivery.requireKept();
    }

    /** Some make another exception of an interrupt. */
    @Test
    void waitThatFailsOtherwiseOnceCancelled_endsAsCancelled() {
        assertThatThrownBy(() -> delivery.awaitWanted(() -> {
                    delivery.cancel("hung up");
                    throw new IllegalStateException("interrupted while asking");
                }))
                .isInstanceOf(DeliveryCancelledException.class);
    }

    @Test
    void waitThatFails_failsAsItDoes() {
        assertThatThrownBy(() -> delivery.awaitWanted(() -> {
                    throw new IllegalStateException("of its own");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void secondCancel_changesNothing() {
        delivery.cancel("first");
        delivery.cancel("second");

        assertThat(delivery.cancelled()).contains("first");
    }

    @Test
    void revokedAndCancelled_isLeftToTheNextOwner() {
        delivery.cancel("hung up");
        delivery.revoke();

        assertThatThrownBy(() -> delivery.awaitWanted(() -> true)).isInstanceOf(DeliveryRevokedException.class);
        assertThatThrownBy(delivery::requireWanted).isInstanceOf(DeliveryRevokedException.class);
    }
}
