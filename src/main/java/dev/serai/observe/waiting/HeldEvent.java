package dev.serai.observe.waiting;

import dev.serai.wire.OriginalRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An event that this process holds, and what it is at. Its own threads write it, one at a time; anybody reads it. To note
 * something costs an allocation and a volatile write, some ten nanoseconds: what is noted is put into words when somebody
 * asks.
 *
 * <p>Thread-safe.
 */
public final class HeldEvent {
    private static final AtomicLong NUMBERS = new AtomicLong();

    /** What it is at, and since when, by {@link System#nanoTime}. */
    record Since<T>(T what, long nanos) {
        static <T> Since<T> now(T what) {
            return new Since<>(what, System.nanoTime());
        }

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - nanos);
        }
    }

    private final long number = NUMBERS.getAndIncrement();
    private final OriginalRecord original;
    private final long takenNanos = System.nanoTime();
    private volatile @Nullable String eventId;
    private volatile @Nullable String tenant;
    private volatile @Nullable Instant deadline;
    private volatile @Nullable Since<RouteStep> step;
    private volatile @Nullable Since<Wait> wait;
    private volatile boolean told;

    public HeldEvent(OriginalRecord original) {
        this.original = original;
    }

    /** Its route has come to a step. */
    public void at(RouteStep reached) {
        step = Since.now(reached);
    }

    /** It waits for something, until {@link #goesOn}; what it waited for before is over, unless it is the same still. */
    public void waitsFor(Wait something) {
        Since<Wait> before = wait;
        wait = before != null && something.isStill(before.what())
                ? new Since<>(something, before.nanos())
                : Since.now(something);
    }

    /** It waits for nothing but its step. */
    public void goesOn() {
        wait = null;
    }

    /**
     * Whose event it is and until when it is wanted, as far as can be seen before it is decoded.
     *
     * @param named null where it names none that there is
     * @param until null if it is wanted whenever its turn comes
     */
    public void seen(@Nullable String named, @Nullable Instant until) {
        tenant = named;
        deadline = until;
    }

    /** What it calls itself, once that is known. */
    public void named(String id) {
        eventId = id;
    }

    /** Whose event it is; null where it names none that there is, or cannot be read. */
    public @Nullable String tenant() {
        return tenant;
    }

    /** In the order in which they were taken, which is that of their lanes. */
    long number() {
        return number;
    }

    OriginalRecord original() {
        return original;
    }

    /** What it calls itself, or null before that is known. */
    @Nullable
    String eventId() {
        return eventId;
    }

    /** Until when it is wanted; null before that is known, and if there is no such time. */
    @Nullable
    Instant deadline() {
        return deadline;
    }

    /** How long this process has held it. */
    Duration held() {
        return Duration.ofNanos(System.nanoTime() - takenNanos);
    }

    /** Since it was published; not negative. */
    Duration age(Instant now) {
        Duration age = Duration.between(original.timestamp(), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    @Nullable
    Since<RouteStep> step() {
        return step;
    }

    /** What it waits for within its step; empty if it waits for nothing else. */
    public Optional<Wait> waits() {
        Since<Wait> current = wait;
        return current == null ? Optional.empty() : Optional.of(current.what());
    }

    @Nullable
    Since<Wait> currentWait() {
        return wait;
    }

    /** Whether it waits for those before it in its lane, or for a place. */
    boolean isQueued() {
        Since<Wait> current = wait;
        return current != null && current.what() instanceof Wait.Lane;
    }

    /** Whether this is the first time that somebody asks this. */
    boolean isNews() {
        boolean first = !told;
        told = true;
        return first;
    }

    /** How the record is called: {@code topic-partition@offset}. */
    String record() {
        return original.topic() + "-" + original.partition() + "@" + original.offset();
    }

    @Override
    public String toString() {
        return "HeldEvent[" + record() + ", " + Objects.requireNonNullElse(eventId, "not decoded") + "]";
    }
}
