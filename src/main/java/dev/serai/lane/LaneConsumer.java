package dev.serai.lane;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the exchanges of a lane through its route, each synchronously on its key's virtual thread.
 *
 * <p>Shutting down: Camel stops the consumers that can be stopped, waits as long as this one holds anything, and then
 * stops it. If that took too long, or if the route is stopped while it holds something, what runs is interrupted, and
 * what has not begun is done as failed, with a {@link RejectedExecutionException}: none of its completions hears of a
 * success.
 *
 * <p>Thread safety: the scheduler decides for each exchange whether it runs or is handed back, never both, whoever stops
 * this consumer and however often.
 */
final class LaneConsumer extends DefaultConsumer implements ShutdownAware {

    private static final Logger LOG = LoggerFactory.getLogger(LaneConsumer.class);

    /** How long what was interrupted may take to unwind before the processors of its route are stopped. */
    private static final Duration UNWINDING = Duration.ofSeconds(2);

    private final LaneEndpoint endpoint;
    private final ReentrantLock handingBack = new ReentrantLock();
    private volatile boolean handedBack;
    private volatile @Nullable KeyedScheduler<HeldExchange> scheduler;

    LaneConsumer(LaneEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    /** @throws RejectedExecutionException if the lane is closed; the exchange is then still the caller's */
    void accept(@Nullable Object key, Standing standing, Exchange exchange) {
        KeyedScheduler<HeldExchange> current = scheduler;
        if (current == null) {
            throw new RejectedExecutionException(name() + " is not started and takes no exchanges");
        }
        exchange.getExchangeExtension().setFromEndpoint(endpoint);
        exchange.getExchangeExtension().setFromRouteId(getRouteId());
        current.submit(key, standing, new HeldExchange(exchange, this));
    }

    /** See {@link KeyedScheduler#reconsider}. */
    void reconsider(Object key) {
        KeyedScheduler<HeldExchange> current = scheduler;
        if (current != null) {
            current.reconsider(key);
        }
    }

    LaneLoad load() {
        KeyedScheduler<HeldExchange> current = scheduler;
        return current == null ? LaneLoad.CLOSED : current.load();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        handedBack = false;
        endpoint.stopped(false);
        scheduler = new KeyedScheduler<>(name(), endpoint.getCapacity(), HeldExchange::broke);
        endpoint.getComponent().opened(endpoint.getLane(), this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.getComponent().closed(endpoint.getLane(), this);
        handBack();
        super.doStop();
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask shutdownRunningTask) {
        return true;
    }

    /**
     * Everything that is held. Camel adds the exchanges that it knows to be in flight, so those that run count twice;
     * counting only the others would let one slip through on its way from one count to the other.
     */
    @Override
    public int getPendingExchangesSize() {
        return load().held();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (forced && !suspendOnly) {
            handBack();
        }
    }

    /**
     * A forced shutdown gets here on two threads: Camel's caller and the shutdown task that it has cancelled. Neither goes on
     * before all is handed back.
     */
    private void handBack() {
        KeyedScheduler<HeldExchange> current = scheduler;
        if (current == null) {
            return;
        }
        handingBack.lock();
        try {
            if (!handedBack) {
                handedBack = true;
                handBack(current);
            }
        } finally {
            handingBack.unlock();
        }
        try {
            if (!current.awaitIdle(UNWINDING)) {
                LOG.warn("{}: {} interrupted exchanges still run and are left to themselves", name(), current.held());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handBack(KeyedScheduler<HeldExchange> closing) {
        int interrupted = closing.load().running();
        // Before the interrupts: who is hit by one can see why.
        endpoint.stopped(true);
        List<HeldExchange> neverRan = closing.close(Duration.ZERO);
        if (interrupted > 0 || !neverRan.isEmpty()) {
            LOG.warn(
                    "{} was stopped while it held exchanges: {} were interrupted, {} had not begun and are done as failed",
                    name(),
                    interrupted,
                    neverRan.size());
        }
        neverRan.forEach(held ->
                held.fail(new RejectedExecutionException(name() + " was stopped before this exchange had begun")));
    }

    private String name() {
        return "lane:" + endpoint.getLane();
    }
}
