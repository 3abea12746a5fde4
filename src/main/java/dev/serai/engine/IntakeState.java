package dev.serai.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How reading the start topic goes: the consumer's thread writes it down, health and metrics read it. It outlives the
 * consumers, which come and go with their connections. Thread-safe.
 */
public final class IntakeState {
    private static final Duration OVER = Duration.ofSeconds(5);

    private final LongSupplier nanos;
    private List<Arrivals.Pending> pending = List.of();
    private int owned;
    private long emptySince;
    private long polledAt;
    private boolean reading;
    private @Nullable String trouble;
    private long troubleSince;
    private long troubleMetAt;

    /** What keeps the consumer from reading, and for how long it has. */
    public record Trouble(String text, Duration since) {}

    public IntakeState() {
        this(System::nanoTime);
    }

    /** @param nanos a clock that never goes back, as {@link System#nanoTime} */
    IntakeState(LongSupplier nanos) {
        this.nanos = nanos;
        emptySince = nanos.getAsLong();
        polledAt = emptySince;
    }

    synchronized void polls(List<Arrivals.Pending> notReady) {
        reading = true;
        polledAt = nanos.getAsLong();
        pending = notReady;
    }

    /** The consumer's thread has a consumer to make, and is at it. */
    synchronized void heard() {
        polledAt = nanos.getAsLong();
    }

    synchronized void owns(int partitions) {
        if (owned > 0 && partitions == 0) {
            emptySince = nanos.getAsLong();
        }
        owned = partitions;
    }

    synchronized void met(String what) {
        if (trouble == null) {
            troubleSince = nanos.getAsLong();
        }
        trouble = what;
        troubleMetAt = nanos.getAsLong();
    }

    /**
     * A poll went well. Trouble with the topic's metadata is told once for each look at them, and the polls between go well:
     * it is over only when it was not met for a while.
     *
     * @return whether nothing is wrong any more
     */
    synchronized boolean polledWell() {
        if (trouble != null && since(troubleMetAt).compareTo(OVER) > 0) {
            trouble = null;
        }
        return trouble == null;
    }

    /** What keeps the consumer from reading at all; empty while nothing does. */
    public synchronized Optional<Trouble> trouble() {
        return Optional.ofNullable(trouble).map(text -> new Trouble(text, since(troubleSince)));
    }

    /** Partitions that are owned and not ready to be read yet. */
    synchronized List<Arrivals.Pending> pending() {
        return pending;
    }

    /** How many partitions are owned, ready or not. */
    public synchronized int owned() {
        return owned;
    }

    /** For how long no partition has been owned; zero while some is. */
    public synchronized Duration ownsNothingFor() {
        return owned > 0 ? Duration.ZERO : since(emptySince);
    }

    /** How long ago the consumer's thread was last heard of; zero before its first poll. */
    public synchronized Duration silentFor() {
        return reading ? since(polledAt) : Duration.ZERO;
    }

    private Duration since(long then) {
        return Duration.ofNanos(nanos.getAsLong() - then);
    }
}
