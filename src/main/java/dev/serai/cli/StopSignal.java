package dev.serai.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command run until SIGTERM or SIGINT, and then close what it opened on its own thread while the JVM waits. Meant
 * as the first resource of a try statement, so that everything else is closed before the JVM may go:
 *
 * <pre>{@code
 * try (var stop = StopSignal.install();
 *         var broker = EmbeddedBroker.start(directory, port)) {
 *     stop.await();
 * }
 * }</pre>
 *
 * <p>A signal that comes before {@link #await}, during a slow start, is not lost: {@code await} then returns at once. One that
 * comes during a start that {@link #interruptible} runs ends that.
 */
public final class StopSignal implements AutoCloseable {
    /** Longer than the closing of any command takes: what is still open then hangs. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread starting;
    private final Thread hook = Thread.ofPlatform().name("stop-signal").unstarted(this::stopAndAwaitClose);

    /** The process was asked to stop during a start, which came to this. */
    static final class StoppedException extends Exception {
        private static final long serialVersionUID = 1L;

        private StoppedException(Exception cause) {
            super("stopped during the start", cause);
        }
    }

    private StopSignal() {}

    public static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private void stopAndAwaitClose() {
        stopRequested.countDown();
        interruptStart();
        try {
            if (!closed.await(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("serai: not closed within " + CLOSE_LIMIT.toSeconds() + " s, ending anyway");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void interruptStart() {
        if (starting != null) {
            starting.interrupt();
        }
    }

    /**
     * Runs a start on this thread, which is interrupted if the process is asked to stop meanwhile, or was before. It is not
     * interrupted any more when this returns. Not for what writes files: an interrupt closes their channels.
     *
     * @param start closes what it has opened if it is interrupted, which it may also pay no attention to
     * @throws StoppedException if it failed after the process was asked to stop
     */
    <T> T interruptible(Callable<T> start) throws Exception {
        synchronized (this) {
            starting = Thread.currentThread();
        }
        if (isRequested()) {
            interruptStart();
        }
        try {
            return start.call();
        } catch (Exception e) {
            throw isRequested() ? new StoppedException(e) : e;
        } finally {
            synchronized (this) {
                starting = null;
            }
            if (isRequested()) {
                var unused = Thread.interrupted();
            }
        }
    }

    /** Blocks until the process is asked to stop, or the calling thread is interrupted; it then stays interrupted. */
    public void await() {
        try {
            stopRequested.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the process was asked to stop. */
    public boolean isRequested() {
        return stopRequested.getCount() == 0;
    }

    /** Lets the JVM end. */
    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down, and the hook with it.
        }
    }
}
