package dev.serai.operate.doctor;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Something that several checks want to know and that is found out once, by the first that asks; the others wait for it.
 * Thread-safe.
 */
public final class Once<T> {
    private final FutureTask<T> task;

    public Once(Callable<T> look) {
        task = new FutureTask<>(look);
    }

    /**
     * What was found.
     *
     * @throws Exception what the look has thrown
     */
    public T get() throws Exception {
        task.run();
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
