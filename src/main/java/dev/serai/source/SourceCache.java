package dev.serai.source;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.serai.loop.OutOfMemory;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.Provenance.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the events and one source, so that what many events want at once is asked for once, what was asked for
 * lately is not asked for again, and an outage of the source is bridged with what it said before.
 *
 * <p>With <i>t</i> the time since the source gave its answer: while <i>t</i> &lt; {@code cacheTtl} the answer is used
 * ({@code CACHED}); after that the source is asked ({@code FRESH}); if this fails, or takes longer than the caller is
 * willing to wait, the answer is used after all while <i>t</i> &lt; {@code cacheTtl + staleTtl} ({@code STALE}). That a
 * source does not know a key is an answer, too: it replaces an earlier one, is good for {@link #LONGEST_UNKNOWN} or
 * {@code cacheTtl}, whichever is shorter, and never stale. Failures are not remembered: the next event asks again.
 *
 * <p>At most {@code maxEntries} answers are kept, however long they are: readers of a source's answers bound those. Of
 * look-ups there are at most as many at a time as keys that are wanted, for as long as a look-up takes.
 *
 * <p>Thread-safe. A look-up runs on a thread of its own, so that nobody's deadline or interrupt ends the look-up that
 * others wait for. It does not inherit its callers' thread locals: the key must hold all that the answer depends on.
 *
 * @param <K> a value: equal keys get one answer
 * @param <V> what the answers are made into; immutable
 */
public final class SourceCache<K, V> {
    /** The longest time that a source's not knowing a key is believed. */
    public static final Duration LONGEST_UNKNOWN = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(SourceCache.class);

    private final String name;
    private final Duration cacheTtl;
    private final Duration unknownTtl;
    private final Duration staleTtl;
    private final SourceLookUp<K, V> source;
    private final LongSupplier nanos;
    private final ThreadFactory threads;
    private final Cache<K, Answer<V>> answers;
    private final ConcurrentMap<K, LookUp<V>> lookUps = new ConcurrentHashMap<>();

    /** @param at when the source gave the answer, on the cache's clock */
    private record Answer<V>(Optional<V> value, long at) {}

    /**
     * @param name of the source, for logs and failures
     * @param cacheTtl zero or more; with zero every event's key is looked up, unless a look-up of it is under way
     * @param staleTtl zero or more, after {@code cacheTtl}; with zero nothing stale is used
     * @param maxEntries at least 1
     * @param nanos a clock that never goes back, as {@link System#nanoTime}
     */
    public SourceCache(
            String name,
            Duration cacheTtl,
            Duration staleTtl,
            int maxEntries,
            SourceLookUp<K, V> source,
            LongSupplier nanos) {
        this(name, cacheTtl, staleTtl, maxEntries, source, nanos, threads(name));
    }

    private static ThreadFactory threads(String name) {
        return Thread.ofVirtual().name("look-up-" + name + "-", 0).factory();
    }

    /** @param threads of the look-ups */
    SourceCache(
            String name,
            Duration cacheTtl,
            Duration staleTtl,
            int maxEntries,
            SourceLookUp<K, V> source,
            LongSupplier nanos,
            ThreadFactory threads) {
        requireNotNegative(name, "cache ttl", cacheTtl);
        requireNotNegative(name, "stale ttl", staleTtl);
        if (maxEntries < 1) {
            throw new IllegalArgumentException(
                    "the entries of source " + name + " must be at least 1, were " + maxEntries);
        }
        this.name = name;
        this.cacheTtl = cacheTtl;
        this.staleTtl = staleTtl;
        this.source = source;
        this.nanos = nanos;
        unknownTtl = cacheTtl.compareTo(LONGEST_UNKNOWN) < 0 ? cacheTtl : LONGEST_UNKNOWN;
        this.threads = threads;
        answers = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfter(Expiry.writing((K key, Answer<V> answer) -> keptFor(answer)))
                .ticker(nanos::getAsLong)
                // Its upkeep is short work in memory: on the thread that caused it, in place of a pool's.
                .executor(Runnable::run)
                .build();
    }

    private static void requireNotNegative(String name, String what, Duration ttl) {
        if (ttl.isNegative()) {
            throw new IllegalArgumentException(
                    "the " + what + " of source " + name + " must not be negative, was " + ttl);
        }
    }

    /** An answer that is on its way, or there already. */
    @FunctionalInterface
    public interface Pending<V> {
        /**
         * What the source has under the key. Waits for the source if need be.
         *
         * @param patience how long to wait at most; at zero or less the source was asked, but is not waited for
         * @throws SourceFailedException if the source failed or did not answer in time, and there is nothing to use
         *     instead
         * @throws InterruptedException if the calling thread is interrupted while it waits; the look-up goes on
         */
        Sourced<V> await(Duration patience) throws SourceFailedException, InterruptedException;
    }

    /** Sees to it that there is an answer, or that the source is being asked for one; does not wait. */
    public Pending<V> ask(K key) {
        while (true) {
            Answer<V> fresh = fresh(key);
            if (fresh != null) {
                Sourced<V> known = new Sourced<>(fresh.value(), age(fresh), Status.CACHED);
                return patience -> known;
            }
            LookUp<V> mine = new LookUp<>(() -> lookUp(key));
            // Looked at again under the map's lock: a look-up that ended in between has left its answer by now.
            LookUp<V> lookUp =
                    lookUps.compute(key, (same, running) -> running == null && fresh(same) == null ? mine : running);
            if (lookUp == mine) {
                begin(key, mine);
            }
            if (lookUp != null) {
                return patience -> await(key, lookUp, patience);
            }
        }
    }

    private void begin(K key, LookUp<V> lookUp) {
        try {
            threads.newThread(lookUp).start();
        } catch (RuntimeException | Error e) {
            // There is no memory for a thread, say. Who waits hears of it, and who asks next gets a look-up of its own.
            lookUps.remove(key, lookUp);
            lookUp.setException(e);
        }
    }

    /** A look-up that may fail before it has begun. */
    private static final class LookUp<V> extends FutureTask<Answer<V>> {
        LookUp(Callable<Answer<V>> lookUp) {
            super(lookUp);
        }

        @Override
        protected void setException(Throwable failure) {
            OutOfMemory.endProcessIf(failure);
            super.setException(failure);
        }
    }

    /** On the look-up's thread. */
    private Answer<V> lookUp(K key) throws SourceFailedException {
        try {
            Answer<V> answer = new Answer<>(source.lookUp(key), nanos.getAsLong());
            answers.put(key, answer);
            return answer;
        } finally {
            // Before the waiting ones learn the result: who asks after a failure gets a look-up of its own.
            lookUps.remove(key);
        }
    }

    private Sourced<V> await(K key, FutureTask<Answer<V>> lookUp, Duration patience)
            throws SourceFailedException, InterruptedException {
        try {
            Answer<V> answer = lookUp.get(TimeUnit.NANOSECONDS.convert(patience), TimeUnit.NANOSECONDS);
            return new Sourced<>(answer.value(), Duration.ZERO, Status.FRESH);
        } catch (TimeoutException e) {
            return earlier(
                    key,
                    new SourceFailedException(
                            Reason.TIMED_OUT,
                            "source %s did not answer within %d ms"
                                    .formatted(name, Math.max(0, TimeUnit.MILLISECONDS.convert(patience))),
                            e));
        } catch (ExecutionException e) {
            return earlier(key, failure(Objects.requireNonNullElse(e.getCause(), e)));
        }
    }

    /** An exception of the caller's own: its stack trace is that of the caller. */
    private SourceFailedException failure(Throwable cause) {
        if (cause instanceof SourceFailedException failed) {
            return new SourceFailedException(
                    failed.reason(), String.valueOf(failed.getMessage()), failed.evidence(), cause);
        }
        // What others' exceptions say may be private.
        return new SourceFailedException(
                Reason.FAILED,
                "source %s failed: %s".formatted(name, cause.getClass().getName()),
                cause);
    }

    private Sourced<V> earlier(K key, SourceFailedException failure) throws SourceFailedException {
        Answer<V> answer = answers.getIfPresent(key);
        if (answer == null || age(answer).compareTo(keptFor(answer)) >= 0) {
            throw failure;
        }
        Duration age = age(answer);
        LOG.debug(
                "Looking up {} failed, what was found {} s ago is used: {}",
                name,
                age.toSeconds(),
                failure.getMessage());
        return new Sourced<>(answer.value(), age, isFresh(answer) ? Status.CACHED : Status.STALE);
    }

    private @Nullable Answer<V> fresh(K key) {
        Answer<V> answer = answers.getIfPresent(key);
        return answer != null && isFresh(answer) ? answer : null;
    }

    private boolean isFresh(Answer<V> answer) {
        return age(answer).compareTo(answer.value().isPresent() ? cacheTtl : unknownTtl) < 0;
    }

    private Duration keptFor(Answer<V> answer) {
        return answer.value().isPresent() ? cacheTtl.plus(staleTtl) : unknownTtl;
    }

    private Duration age(Answer<V> answer) {
        return Duration.ofNanos(nanos.getAsLong() - answer.at());
    }

    /** The answers in memory; those that are too old count until they are swept out. */
    public long size() {
        return answers.estimatedSize();
    }

    /** The look-ups under way. */
    public int lookingUp() {
        return lookUps.size();
    }
}
