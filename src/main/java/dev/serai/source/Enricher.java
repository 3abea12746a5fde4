package dev.serai.source;

import dev.serai.source.SourceCache.Pending;
import dev.serai.wire.StartConversation;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Enriches a tenant's events. Both sources are asked at once, and then waited for. A source that is optional is waited
 * for as long as its time-out says, and then done without; one that is required is asked again and again until there is
 * no more time. Thread-safe.
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
     * @throws EnrichmentFailedException if a required source failed until then
     * @throws InterruptedException if the thread is interrupted while it waits; look-ups go on
     */
    public Enrichment enrich(StartConversation event, Duration left, LookUpWatch watch)
            throws EnrichmentFailedException, InterruptedException {
        long begun = System.nanoTime();
        long deadline = begun + (left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos();
        Asked<?> scene = Asked.of(scenes, event, begun);
        Asked<?> dynamicInfo = Asked.of(dynamicInfos, event, begun);
        Enrichment enrichment = Enrichment.inline(event);
        if (scene != null) {
            enrichment = scene.addTo(enrichment, deadline, watch);
        }
        if (dynamicInfo != null) {
            enrichment = dynamicInfo.addTo(enrichment, deadline, watch);
        }
        return enrichment;
    }

    /** A source that was asked for an event. */
    private record Asked<V>(Source<V> source, Wanted wanted, Pending<V> first, long begun) {

        static <V> @Nullable Asked<V> of(@Nullable Source<V> source, StartConversation event, long begun) {
            String reference = source == null ? null : source.piece().reference(event);
            if (source == null || reference == null) {
                return null;
            }
            Wanted wanted = new Wanted(event.tenant(), reference);
            return new Asked<>(source, wanted, source.ask(wanted), begun);
        }

        /** @param deadline by {@link System#nanoTime} */
        Enrichment addTo(Enrichment enrichment, long deadline, LookUpWatch watch)
                throws EnrichmentFailedException, InterruptedException {
            Pending<V> pending = first;
            long asked = begun;
            for (int lookUps = 1; ; lookUps++) {
                watch.asks(source);
                try {
                    long until = Math.min(asked + source.timeout().toNanos(), deadline);
                    return source.addTo(enrichment, pending.await(Duration.ofNanos(until - System.nanoTime())));
                } catch (SourceFailedException failure) {
                    if (!source.isRequired()) {
                        return source.piece().from(enrichment, source.failed(failure));
                    }
                    Duration pause = Duration.ofMillis(PAUSES.apply(lookUps));
                    if (System.nanoTime() + pause.toNanos() >= deadline) {
                        source.failed(failure);
                        throw new EnrichmentFailedException(source, lookUps, failure);
                    }
                    watch.asksAgain(source, failure, pause);
                    Thread.sleep(pause);
                    asked = System.nanoTime();
                    pending = source.ask(wanted);
                }
            }
        }
    }
}
