package dev.serai.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

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
 * <p>A signal that comes before {@link #await}, during a slow start, is not lost: {@code await} then returns at once.
 */
public final class StopSignal implements AutoCloseable {
    /** Longer than the closing of any command takes: what is still open then hangs. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("stop-signal").unstarted(this::stopAndAwaitClose);

    private StopSignal() {}

    public static StopSignal install() {
        var signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private void stopAndAwaitClose() {
        stopRequested.countDown();
        try {
            if (!closed.await(CLOSE_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("serai: not closed within " + CLOSE_LIMIT.toSeconds() + " s, ending anyway");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
