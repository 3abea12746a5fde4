package dev.serai.observe;

import dev.serai.loop.BackgroundLoop;
import dev.serai.wire.Characters;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log why events failed: a line for each dead letter that was published, and where there are many, the first
 * {@link #LINES} of {@link #WINDOW} and then how many more there were, by category. Thread-safe; never blocks.
 */
public final class DeadLetterLog implements AutoCloseable {
    /** In each window: enough to see what fails, and few enough to see what else happens. */
    static final int LINES = 10;

    static final Duration WINDOW = Duration.ofSeconds(10);

    /** The rest stands in the dead letter's header. */
    private static final int DETAIL_CHARACTERS = 300;

    private final Logger log;
    private final BackgroundLoop windows;

    // Guarded by this.
    private int said;
    private final Map<ErrorCategory, Integer> unsaid = new EnumMap<>(ErrorCategory.class);

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
        if (mayBeSaid(failure.category())) {
            log.warn(
                    "Dead letter of {}{}: {}: {}",
                    record,
                    tenant == null ? "" : ", tenant " + tenant,
                    failure.category().wireName(),
                    Characters.atMost(DETAIL_CHARACTERS, failure.detailText()));
        }
    }

    private synchronized boolean mayBeSaid(ErrorCategory category) {
        if (said < LINES) {
            said++;
            return true;
        }
        unsaid.merge(category, 1, Integer::sum);
        return false;
    }

    /** Says what was left out, and begins anew. */
    void endWindow() {
        String more = takeUnsaid();
        if (!more.isEmpty()) {
            log.warn("And more dead letters in {} s: {}", WINDOW.toSeconds(), more);
        }
    }

    private synchronized String takeUnsaid() {
        String more = unsaid.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().wireName())
                .collect(Collectors.joining(", "));
        unsaid.clear();
        said = 0;
        return more;
    }

    /** Says what was left out until now. */
    @Override
    public void close() {
        windows.close();
        endWindow();
    }
}
