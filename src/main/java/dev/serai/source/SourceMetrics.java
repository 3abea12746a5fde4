package dev.serai.source;

import dev.serai.wire.Provenance;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of the sources of scene and dynamic information. Their names are public API; {@code src/docs/metrics.md} says
 * what they mean. Thread-safe.
 */
public final class SourceMetrics implements SourceListener {
    private final MeterRegistry registry;
    // Each event is served twice: found here, meters need not be built to be found in the registry.
    private final ConcurrentMap<LookUps, Timer> lookUps = new ConcurrentHashMap<>();
    private final ConcurrentMap<Served, Counter> served = new ConcurrentHashMap<>();
    private final ConcurrentMap<Served, DistributionSummary> ages = new ConcurrentHashMap<>();

    private record LookUps(String source, Piece piece, String outcome) {}

    private record Served(String source, Piece piece, Provenance.Status status) {
        Tags tags() {
            return SourceMetrics.tags(source, piece).and("status", status.name().toLowerCase(Locale.ROOT));
        }
    }

    public SourceMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    private static Tags tags(String source, Piece piece) {
        return Tags.of("source", source, "piece", piece.label());
    }

    @Override
    public void lookedUp(String source, Piece piece, String outcome, Duration took) {
        lookUps(source, piece, outcome).record(took);
    }

    private Timer lookUps(String source, Piece piece, String outcome) {
        return lookUps.computeIfAbsent(
                new LookUps(source, piece, outcome), key -> Timer.builder("serai.source.look.ups")
                        .description("Look-ups at sources by outcome")
                        .tags(tags(source, piece).and("outcome", outcome))
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofMinutes(1))
                        .register(registry));
    }

    @Override
    public void served(String source, Piece piece, Provenance from) {
        Served key = new Served(source, piece, from.status());
        served(key).increment();
        Duration age = from.age();
        if (age != null) {
            ages.computeIfAbsent(key, same -> DistributionSummary.builder("serai.source.age")
                            .description("How long ago sources had said what events got")
                            .baseUnit("seconds")
                            .tags(same.tags())
                            .register(registry))
                    .record(age.toMillis() / 1000.0);
        }
    }

    private Counter served(Served key) {
        return served.computeIfAbsent(key, same -> Counter.builder("serai.source.served")
                .description("Events by what they got of a source")
                .tags(same.tags())
                .register(registry));
    }

    /** Watches a source. What it comes to is there from now on, so that rates and alerts work from the start. */
    public void watch(Source<?> source) {
        lookUps(source.name(), source.piece(), "found");
        lookUps(source.name(), source.piece(), "unknown");
        for (SourceFailedException.Reason reason : SourceFailedException.Reason.values()) {
            lookUps(source.name(), source.piece(), reason.label());
        }
        for (Provenance.Status status : Provenance.Status.values()) {
            served(new Served(source.name(), source.piece(), status));
        }
        gauge("serai.source.cached", "Answers in memory", source, Source::cached);
        gauge("serai.source.looking.up", "Look-ups under way", source, Source::lookingUp);
        gauge(
                "serai.source.resting",
                "Whether the source is left alone because it kept failing",
                source,
                watched -> watched.isResting() ? 1 : 0);
    }

    private <V> void gauge(String name, String description, Source<V> source, ToDoubleFunction<Source<V>> number) {
        Gauge.builder(name, source, number)
                .description(description)
                .tags(tags(source.name(), source.piece()))
                .strongReference(true)
                .register(registry);
    }
}
