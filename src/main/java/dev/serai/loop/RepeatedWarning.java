package dev.serai.loop;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A warning about trouble that lasts: said when it begins, said again every {@link #PAUSE} with how often it was met
 * meanwhile, and over with one line. Trouble of another kind counts as new. It is nobody's own: its lines carry no log fields of
 * the event at which it was met. Thread-safe.
 */
public final class RepeatedWarning {
    /** Short enough that the end of a log shows what lasts, long enough that it shows anything else. */
    public static final Duration PAUSE = Duration.ofSeconds(30);

    private final Logger log;
    private final LongSupplier nanos;
    private @Nullable String kind;
    private @Nullable String latest;
    private long saidAt;
    private long untold;

    public RepeatedWarning(Logger log) {
        this(log, System::nanoTime);
    }

    /** @param nanos a clock that never goes back, as {@link System#nanoTime} */
    RepeatedWarning(Logger log, LongSupplier nanos) {
        this.log = log;
        this.nanos = nanos;
    }

    /**
     * The trouble was met.
     *
     * @param kind what stays the same while it is the same trouble
     * @param text what is said: what is wrong, what follows from it, what to do
     */
    public synchronized void met(String kind, String text) {
        long now = nanos.getAsLong();
        latest = text;
        if (!kind.equals(this.kind)) {
            this.kind = kind;
            say(now, text);
        } else if (now - saidAt >= PAUSE.toNanos()) {
            say(
                    now,
                    text + " (" + Counted.text(untold + 1, "time") + " in "
                            + Duration.ofNanos(now - saidAt).toSeconds() + " s)");
        } else {
            untold++;
        }
    }

    private void say(long now, String text) {
        saidAt = now;
        untold = 0;
        WithoutLogFields.log(() -> log.warn("{}", text));
    }

    /** What was said last, or would have been; empty while all is well. */
    public synchronized Optional<String> text() {
        return Optional.ofNullable(latest);
    }

    /** All is well: says so if it was not before. */
    public synchronized void over(String text) {
        latest = null;
        if (kind != null) {
            kind = null;
            WithoutLogFields.log(() -> log.info("{}", text));
        }
    }
}
