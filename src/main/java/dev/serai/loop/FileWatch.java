package dev.serai.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a file again and again, and hands on what it holds when that is something else. While the file cannot be used, what
 * it held last is, and the log says so; what could not be taken is offered again at the next look. Its loop is its own: a
 * file that hangs or fails holds up no other. Thread-safe.
 *
 * @param <T> what the file holds; compared by {@code equals}
 */
public final class FileWatch<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final Names names;
    private final Reader<T> file;
    private final Consumer<T> taker;
    private final RepeatedWarning unusable = new RepeatedWarning(LOG);
    private final BackgroundLoop loop;
    private T taken;

    /**
     * What the log says.
     *
     * @param loop of the watch's thread
     * @param goesOn what follows from a file that cannot be used; why it cannot is put behind it
     * @param again that it can be used again
     */
    public record Names(String loop, String goesOn, String again) {}

    /** Reads the file as it is now; on the watch's thread. */
    @FunctionalInterface
    public interface Reader<T> {
        T read() throws UnusableFileException;
    }

    /**
     * Begins to look.
     *
     * @param interval from the end of one look to the next; at least 1 ms
     * @param first what is in use
     * @param taker gets what the file holds instead, on the watch's thread; again if it throws
     */
    public FileWatch(Names names, Duration interval, T first, Reader<T> file, Consumer<T> taker) {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException("the interval of looks must be at least 1 ms, was " + interval);
        }
        this.names = names;
        this.file = file;
        this.taker = taker;
        taken = first;
        loop = BackgroundLoop.start(names.loop(), interval, this::look);
    }

    private void look() {
        T content;
        try {
            content = file.read();
        } catch (UnusableFileException e) {
            // Or else the watch was closed in the middle of a look.
            if (!Thread.currentThread().isInterrupted()) {
                String why = String.valueOf(e.getMessage());
                unusable.met(why, names.goesOn() + ": " + why);
            }
            return;
        }
        unusable.over(names.again());
        if (!content.equals(taken)) {
            taker.accept(content);
            taken = content;
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
