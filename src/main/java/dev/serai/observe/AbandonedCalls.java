package dev.serai.observe;

import dev.serai.loop.BackgroundLoop;
import dev.serai.loop.Counted;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which calls of the provider were for nothing because the service stopped, or their partition went to
 * another owner, before their rooms were published: their events run again and open other rooms. An orderly stop has none,
 * unless its time is over first. Of many at once the first {@link LimitedLines#LINES} are said, and how many more there
 * were. Thread-safe; never blocks.
 */
public final class AbandonedCalls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedCalls.class);

    /** What became of a call. */
    private enum Kind {
        ROOM("its room was not published, as far as is known"),
        ANSWER("its answer was not awaited");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    private final LimitedLines<Kind> lines = new LimitedLines<>();
    private final AtomicInteger whileStopping = new AtomicInteger();
    private final BackgroundLoop windows;
    private volatile boolean stopping;

    public AbandonedCalls() {
        windows = BackgroundLoop.start("serai-abandoned-calls", LimitedLines.WINDOW, this::endWindow);
    }

    /**
     * A room was opened, and what was to say so will not be committed.
     *
     * @param record where the event came from, such as {@code offset 12 of conversation.start-3}
     */
    public void roomNotPublished(String record) {
        abandoned(Kind.ROOM, record);
    }

    /** A request was sent, and was interrupted before its answer came; {@code record} as above. */
    public void answerNotAwaited(String record) {
        abandoned(Kind.ANSWER, record);
    }

    private void abandoned(Kind kind, String record) {
        if (stopping) {
            whileStopping.incrementAndGet();
        }
        if (lines.mayBeSaid(kind)) {
            LOG.warn(
                    "A call for {} was for nothing, {}: {}. The event runs again, and opens another room",
                    record,
                    kind.text,
                    stopping ? "the stop did not wait longer" : "its partition has another owner, or its log was cut");
        }
    }

    private void endWindow() {
        lines.endWindow()
                .forEach((kind, count) -> LOG.warn("And {} more calls, each for nothing: {}", count, kind.text));
    }

    /** From now on it is the stop that ends events. */
    public void stopping() {
        stopping = true;
    }

    /** The stop is over: says what it cost, if {@link #stopping} was called. */
    @Override
    public void close() {
        windows.close();
        endWindow();
        if (!stopping) {
            return;
        }
        int calls = whileStopping.get();
        if (calls == 0) {
            LOG.info("Stopped in order: what was called for is answered and committed");
        } else {
            LOG.warn(
                    "Stopped before what was called for could be committed: {} for nothing, and their events run again"
                            + " after the next start",
                    Counted.text(calls, "call"));
        }
    }
}
