package dev.serai.loop;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step again and again, on a virtual thread of its own, until it is closed. Whatever the step throws is said in
 * the log, and the step runs again after the interval: a loop cannot end without anybody noticing. Thread-safe.
 */
public final class BackgroundLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundLoop.class);

    private final String name;
    private final Duration interval;
    private final Step step;
    private final RepeatedWarning failing = new RepeatedWarning(LOG);
    private final Thread thread;
    private volatile boolean closed;

    /** One turn; may block, and ends soon when its thread is interrupted. */
    @FunctionalInterface
    public interface Step {
        void run() throws Exception;
    }

    private BackgroundLoop(String name, Duration interval, Step step) {
        this.name = name;
        this.interval = interval;
        this.step = step;
        thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /**
     * Begins with the first turn at once.
     *
     * @param name of the thread, and of what fails in the log
     * @param interval from the end of one turn to the beginning of the next
     */
    public static BackgroundLoop start(String name, Duration interval, Step step) {
        BackgroundLoop loop = new BackgroundLoop(name, interval, step);
        loop.thread.start();
        return loop;
    }

    private void run() {
        while (!closed) {
            turn();
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                LOG.debug("{} was woken", name);
            }
        }
    }

    private void turn() {
        try {
            step.run();
            failing.over(name + " works again");
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", name);
        } catch (Exception | Error e) {
            OutOfMemory.endProcessIf(e);
            if (!closed) {
                failing.met(
                        e.getClass().getName(), name + " failed and goes on in " + interval.toMillis() + " ms: " + e);
                LOG.debug("{} failed", name, e);
            }
        }
    }

    /** Ends the loop, and interrupts the turn that is under way; does not wait for it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
