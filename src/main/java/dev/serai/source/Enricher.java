package dev.serai.source;

import dev.serai.source.SourceCache.Pending;
import dev.serai.source.SourceFailedException.Reason;
import dev.serai.wire.StartConversation;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Enriches a tenant's events. Both sources are asked at once, and then waited for. A source that is optional is waited
 * for as long as its time-out says, and then done without; one that is required is asked again and again until there is
 * no more time, or it refuses what it is asked for. Batch events leave half of a source's look-ups to live callers. Thread-safe.
 *
 * <p>Batch events do not wait for each other's permits in a circle. The scene's permit is taken first, and whoever waits for
 * one of a scene holds no other: before a scene is asked for again, the permit of dynamic information is given back. Whoever
 * holds one of dynamic information waits for nothing but answers, each for as long as its source's time-out says, and so gives
 * it back.
 */
public final class Enricher {
    /** Pauses before a required source is asked again, in milliseconds: 100, 200, 400, … 2,000, each give or take half. */
    private static final IntervalFunction PAUSES = IntervalFunction.ofExponentialRandomBackoff(100L, 2.0, 0.5, 2_000L);

    /** Events may be good for ever, and the count of nanoseconds ends after centuries. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private final @Nullable Source<FoundScene> scenes;
    private final @Nullable Source<FoundText> dynamicInfos;

    /** @param scenes null to look up no scenes; likewise {@code dynamicInfos} */
    public Enricher(@Nullable Source<FoundScene> scenes, @Nullable Source<FoundText> dynamicInfos) {
        this.scenes = scenes;
        this.dynamicInfos = dynamicInfos;
    }

    /**
     * What the event says, and what the sources say about what it refers to.
     *
     * @param left until the event's deadline
     * @param watch is told what is waited for
     * @throws EnrichmentFailedException if a required source failed until then, or refused what it was asked for
     * @throws InterruptedException if the thread is interrupted while it waits; look-ups go on
     */
    public Enrichment enrich(StartConversation event, Duration left, LookUpWatch watch)
            throws EnrichmentFailedException, InterruptedException {
        long begun = System.nanoTime();
        long deadline = begun + (left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos();
        try (Asked<?> scene = Asked.of(scenes, event);
                Asked<?> dynamicInfo = Asked.of(dynamicInfos, event)) {
            if (scene != null) {
                scene.ask(deadline, watch);
            }
            if (dynamicInfo != null) {
                dynamicInfo.ask(deadline, watch);
            }
            Enrichment enrichment = Enrichment.inline(event);
            if (scene != null) {
                enrichment = scene.addTo(enrichment, deadline, watch, dynamicInfo);
            }
            return dynamicInfo == null ? enrichment : dynamicInfo.addTo(enrichment, deadline, watch, null);
        }
    }

    /** A source that is asked for an event. */
    private static final class Asked<V> implements AutoCloseable {
        private final Source<V> source;
        private final Wanted wanted;
        private final BatchPermit permit;
        private @Nullable Pending<V> pending;
        private long askedAt;

        private Asked(Source<V> source, Wanted wanted, BatchPermit permit) {
            this.source = source;
            this.wanted = wanted;
            this.permit = permit;
        }

        static <V> @Nullable Asked<V> of(@Nullable Source<V> source, StartConversation event) {
            String reference = source == null ? null : source.piece().reference(event);
            return source == null || reference == null
                    ? null
                    : new Asked<>(source, new Wanted(event.tenant(), reference), source.permit(event.priority()));
        }

        /** @param deadline by {@link System#nanoTime}, as below */
        void ask(long deadline, LookUpWatch watch) throws InterruptedException {
            watch.asks(source);
            permit.take(deadline);
            askedAt = System.nanoTime();
            pending = source.ask(wanted);
        }

        private Sourced<V> await(long deadline) throws SourceFailedException, InterruptedException {
            long until = Math.min(askedAt + source.timeout().toNanos(), deadline);
            try {
                return Objects.requireNonNull(pending, "it was asked")
                        .await(Duration.ofNanos(until - System.nanoTime()));
            } finally {
                permit.close();
            }
        }

        /** Waits for the answer as long as an event does, so that not more look-ups are under way than there are permits. */
        void givePermitBack(long deadline, LookUpWatch watch) throws InterruptedException {
            if (permit.isTaken()) {
                watch.asks(source);
                try {
                    await(deadline);
                } catch (SourceFailedException e) {
                    // Whoever wants the answer will find the same.
                }
            }
        }

        /** @param beside the event's other source, if it is asked, too */
        Enrichment addTo(Enrichment enrichment, long deadline, LookUpWatch watch, @Nullable Asked<?> beside)
                throws EnrichmentFailedException, InterruptedException {
            for (int lookUps = 1; ; lookUps++) {
                watch.asks(source);
                try {
                    return source.addTo(enrichment, await(deadline));
                } catch (SourceFailedException failure) {
                    if (!source.isRequired()) {
                        return source.piece().from(enrichment, source.failed(failure));
                    }
                    if (failure.reason() == Reason.REFUSED) {
                        source.failed(failure);
                        throw EnrichmentFailedException.refused(source, lookUps, failure);
                    }
                    if (beside != null) {
                        beside.givePermitBack(deadline, watch);
                    }
                    Duration pause = Duration.ofMillis(PAUSES.apply(lookUps));
                    if (System.nanoTime() + pause.toNanos() >= deadline) {
                        source.failed(failure);
                        throw EnrichmentFailedException.tooLate(source, lookUps, failure);
                    }
                    watch.asksAgain(source, failure, pause);
                    Thread.sleep(pause);
                    ask(deadline, watch);
                }
            }
        }

        @Override
        public void close() {
            permit.close();
        }
    }
}
