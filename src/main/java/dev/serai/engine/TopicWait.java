package dev.serai.engine;

import dev.serai.loop.RepeatedWarning;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * The wait of events whose records their topic does not take until an operator has mended it, and what the log says of it:
 * once for all of them. Thread-safe; who waits blocks.
 */
public final class TopicWait {
    /** Between two attempts. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final RepeatedWarning waiting;
    private final String whoWaits;

    /** @param whoWaits begins the warning, such as {@code Events wait} */
    public TopicWait(Logger log, String whoWaits) {
        waiting = new RepeatedWarning(log);
        this.whoWaits = whoWaits;
    }

    /**
     * Waits until the event may be tried again.
     *
     * @throws DeliveryRevokedException if it is no longer this process's by then
     */
    public void await(Delivery delivery, RecordRefusedException refused) throws InterruptedException {
        waiting.met(refused.topic(), whoWaits + ": " + refused.getMessage());
        delivery.await(() -> {
            Thread.sleep(PAUSE);
            return true;
        });
    }

    /** Records are taken; says so if they were not. */
    public void over(String text) {
        waiting.over(text);
    }
}
