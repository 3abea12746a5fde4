package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.source.SourceCache.Pending;
import dev.serai.wire.Priority;
import dev.serai.wire.Provenance;
import dev.serai.wire.Provenance.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of one piece of enrichment, with its cache and its breaker. Thread-safe.
 *
 * @param <V> what its answers are made into
 */
public final class Source<V> {
    private static final Logger LOG = LoggerFactory.getLogger(Source.class);

    private final LookUpRules rules;
    private final Shape<V> shape;
    private final SourceListener listener;
    private final GuardedLookUp<V> guard;
    private final SourceCache<Wanted, V> cache;
    private final Semaphore ofBatches;

    /** @param system what is asked; its answers are JSON */
    public Source(LookUpRules rules, Shape<V> shape, SourceLookUp<Wanted, JsonNode> system, SourceListener listener) {
        this.rules = rules;
        this.shape = shape;
        this.listener = listener;
        guard = new GuardedLookUp<>(rules, shape.piece(), wanted -> read(system.lookUp(wanted)), listener);
        cache = new SourceCache<>(
                rules.name(), rules.cacheTtl(), rules.staleTtl(), rules.cacheEntries(), guard, System::nanoTime);
        ofBatches = new Semaphore(Math.max(1, rules.maxConcurrent() / 2), true);
    }

    private Optional<V> read(Optional<JsonNode> answer) throws SourceFailedException {
        return answer.isEmpty() ? Optional.empty() : Optional.of(shape.read(answer.get()));
    }

    public String name() {
        return rules.name();
    }

    public Piece piece() {
        return shape.piece();
    }

    boolean isRequired() {
        return rules.required();
    }

    Duration timeout() {
        return rules.timeout();
    }

    /** Of batch events, not more than half as many ask at once as there may be look-ups. */
    BatchPermit permit(Priority priority) {
        return new BatchPermit(ofBatches, priority);
    }

    /** Sees to it that the source is asked, or has been; does not wait. */
    Pending<V> ask(Wanted wanted) {
        return cache.ask(wanted);
    }

    /** Adds what the source said to what the event says itself. */
    Enrichment addTo(Enrichment enrichment, Sourced<V> said) {
        Enrichment enriched;
        Optional<V> found = said.value();
        if (found.isPresent()) {
            enriched = shape.addTo(
                    enrichment, found.get(), new Provenance(said.status(), said.age(), rules.name(), List.of()));
        } else {
            Status status = piece().of(enrichment).status();
            enriched = piece().from(enrichment, new Provenance(status, null, rules.name(), List.of()));
        }
        listener.served(rules.name(), piece(), piece().of(enriched));
        return enriched;
    }

    /** Where a piece is from that the source failed to give, and why it did. */
    Provenance failed(SourceFailedException failure) {
        LOG.debug("An event gets no {}: {}", piece().label(), failure.getMessage());
        Provenance from = new Provenance(
                Status.FAILED, null, rules.name(), List.of(piece().label() + ": the source " + failure.text()));
        listener.served(rules.name(), piece(), from);
        return from;
    }

    /** Whether the source is left alone because it kept failing. */
    public boolean isResting() {
        return guard.isResting();
    }

    /** The answers in memory. */
    public long cached() {
        return cache.size();
    }

    /** The look-ups under way. */
    public int lookingUp() {
        return cache.lookingUp();
    }
}
