package dev.serai.engine;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An event in this process that may be taken from it, and its waits, which end then. It is revoked when its partition is to go
 * to another owner, dropped when its record is gone from the log, and cancelled when nobody wants what it would come to.
 *
 * <p>Thread-safe: it waits on one thread, and others end that. What is so of it once stays so, and is read without the
 * monitor; what ends a wait, and its beginning and end, exclude each other by it.
 */
public abstract sealed class RevocableEvent permits Delivery {
    /** Something that blocks and ends when its thread is interrupted. */
    @FunctionalInterface
    public interface Wait<T> {
        T await() throws InterruptedException;
    }

    private final String name;
    private volatile boolean revoked;
    private volatile boolean dropped;
    private volatile @Nullable String cancelled;
    private @Nullable Thread waiter;
    private boolean waitsForItself;

    RevocableEvent(String name) {
        this.name = name;
    }

    /** Whether nothing more is to be begun for this event. */
    public boolean isRevoked() {
        return revoked;
    }

    /**
     * Goes on if this event is still this process's.
     *
     * @throws DeliveryRevokedException if nothing more is to be begun for it
     */
    public void requireKept() {
        if (isRevoked()) {
            throw new DeliveryRevokedException(name);
        }
    }

    /**
     * Waits for something, but no longer than until this event is revoked. On the event's own thread, one wait at a
     * time.
     *
     * @throws DeliveryRevokedException if it is revoked, before or meanwhile
     * @throws InterruptedException if the thread was interrupted for another reason
     */
    public <T> T await(Wait<T> wait) throws InterruptedException {
        return await(wait, false);
    }

    /**
     * As {@link #await}, for what serves the event itself and not its answer: no longer than until it is cancelled, either.
     * Whatever the wait makes of its interrupt, a cancelled event ends as one.
     *
     * @throws DeliveryCancelledException if it is cancelled, before or meanwhile
     */
    public <T> T awaitWanted(Wait<T> wait) throws InterruptedException {
        try {
            T result = await(wait, true);
            requireWanted();
            return result;
        } catch (DeliveryRevokedException | DeliveryCancelledException e) {
            throw e;
        } catch (InterruptedException | RuntimeException e) {
            requireWanted();
            throw e;
        }
    }

    private <T> T await(Wait<T> wait, boolean ofItself) throws InterruptedException {
        beginWait(ofItself);
        try {
            T result = wait.await();
            // It may have come at the same moment.
            requireKept();
            return result;
        } catch (InterruptedException e) {
            requireKept();
            throw e;
        } finally {
            endWait();
        }
    }

    private synchronized void beginWait(boolean ofItself) {
        requireKept();
        if (ofItself) {
            requireNotCancelled();
        }
        waiter = Thread.currentThread();
        waitsForItself = ofItself;
    }

    private synchronized void endWait() {
        waiter = null;
        if (revoked || (waitsForItself && cancelled != null)) {
            // The interrupt was for the wait; what comes after it must not trip over it.
            Thread.interrupted();
        }
    }

    /**
     * Nobody wants what this event would come to any more: what it waits for is over, and it has to be answered. Without
     * effect when it was cancelled before.
     *
     * @param why for whoever reads the answer; free of secrets
     */
    public synchronized void cancel(String why) {
        if (cancelled != null) {
            return;
        }
        cancelled = why;
        if (waiter != null && waitsForItself) {
            waiter.interrupt();
        }
    }

    /** Why {@link #cancel} was called; empty if it was not. */
    public Optional<String> cancelled() {
        return Optional.ofNullable(cancelled);
    }

    /** Whether it is revoked or cancelled: there is nothing left to do for it but to end. */
    public boolean isUnwanted() {
        return revoked || cancelled != null;
    }

    /**
     * Goes on if this event is still this process's, and somebody wants it.
     *
     * @throws DeliveryRevokedException if nothing more is to be begun for it
     * @throws DeliveryCancelledException if nobody wants it any more
     */
    public void requireWanted() {
        requireKept();
        requireNotCancelled();
    }

    /**
     * Goes on if somebody wants this event, also if it is to be another's: what was begun for it may still be committed.
     *
     * @throws DeliveryCancelledException if nobody wants it any more
     */
    public void requireNotCancelled() {
        String why = cancelled;
        if (why != null) {
            throw new DeliveryCancelledException(why);
        }
    }

    /** Its record is gone: it counts as revoked, and is never committed. */
    void drop() {
        dropped = true;
        revoke();
    }

    /** Whether its record is gone from the log, and not its partition from this process. */
    public boolean isDropped() {
        return dropped;
    }

    synchronized void revoke() {
        revoked = true;
        if (waiter != null) {
            waiter.interrupt();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
