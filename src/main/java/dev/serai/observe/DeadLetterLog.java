package dev.serai.observe;

import dev.serai.loop.BackgroundLoop;
import dev.serai.wire.Characters;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log why events failed: a line for each dead letter that was published, and where there are many, the first
 * {@link #LINES} of {@link #WINDOW} and then how many more there were, by category. Thread-safe; never blocks.
 */
public final class DeadLetterLog implements AutoCloseable {
    static final int LINES = LimitedLines.LINES;

    static final Duration WINDOW = LimitedLines.WINDOW;

    /** The rest stands in the dead letter's header. */
    private static final int DETAIL_CHARACTERS = 300;

    private final Logger log;
    private final BackgroundLoop windows;
    private final LimitedLines<ErrorCategory> lines = new LimitedLines<>();

    public DeadLetterLog() {
        this(LoggerFactory.getLogger(DeadLetterLog.class));
    }

    /** @param log where it is said */
    DeadLetterLog(Logger log) {
        this.log = log;
        windows = BackgroundLoop.start("serai-dead-letter-log", WINDOW, this::endWindow);
    }

    /**
     * A dead letter was published. Event and conversation are those of the thread's log fields, see {@link LogFields}.
     *
     * @param record where the event came from, such as {@code offset 12 of conversation.start-3}
     * @param tenant whose event it is; null if it could not be read that far
     */
    public void deadLetter(String record, @Nullable String tenant, Failure failure) {
        if (lines.mayBeSaid(failure.category())) {
            log.warn(
                    "Dead letter of {}{}: {}: {}",
                    record,
                    tenant == null ? "" : ", tenant " + tenant,
                    failure.category().wireName(),
                    Characters.atMost(DETAIL_CHARACTERS, failure.detailText()));
        }
    }

    /** Says what was left out, and begins anew. */
    void endWindow() {
        String more = lines.endWindow().entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().wireName())
                .collect(Collectors.joining(", "));
        if (!more.isEmpty()) {
            log.warn("And more dead letters in {} s: {}", WINDOW.toSeconds(), more);
        }
    }

    /** Says what was left out until now. */
    @Override
    public void close() {
        windows.close();
        endWindow();
    }
}
