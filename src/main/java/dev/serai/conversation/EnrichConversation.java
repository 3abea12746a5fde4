package dev.serai.conversation;

import dev.serai.observe.waiting.HeldEvent;
import dev.serai.observe.waiting.Wait;
import dev.serai.source.Enricher;
import dev.serai.source.Enrichment;
import dev.serai.source.EnrichmentFailedException;
import dev.serai.source.LookUpWatch;
import dev.serai.source.Source;
import dev.serai.source.SourceFailedException;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Failure;
import dev.serai.wire.StartConversation;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Adds scene and dynamic information to the event, from the sources of its tenant. Leaves for the reject route with
 * {@code enrichment_failed} when one that is required failed until the event's deadline. Thread-safe.
 */
public final class EnrichConversation implements Processor {
    private final Map<String, Enricher> enrichers;
    private final Clock clock;

    /** @param enrichers by tenant, one for each */
    public EnrichConversation(Map<String, Enricher> enrichers, Clock clock) {
        this.enrichers = Map.copyOf(enrichers);
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) throws InterruptedException {
        EventInFlight inFlight = EventInFlight.of(exchange);
        StartConversation event = inFlight.event();
        Enricher enricher = Objects.requireNonNull(enrichers.get(event.tenant()), event.tenant());
        Duration left = Duration.between(clock.instant(), event.expiresAt());
        long begun = System.nanoTime();
        Enrichment enriched = inFlight.delivery().awaitWanted(() -> {
            try {
                return enricher.enrich(event, left, watch(inFlight.held()));
            } catch (EnrichmentFailedException e) {
                throw new ConversationFailure(
                        Failure.of(ErrorCategory.ENRICHMENT_FAILED, String.valueOf(e.getMessage())));
            }
        });
        inFlight.held().goesOn();
        inFlight.enrich(enriched, Duration.ofNanos(System.nanoTime() - begun));
    }

    private LookUpWatch watch(HeldEvent held) {
        return new LookUpWatch() {
            @Override
            public void asks(Source<?> source) {
                held.waitsFor(new Wait.LookUp(source.name(), source.piece().label()));
            }

            @Override
            public void asksAgain(Source<?> source, SourceFailedException failure, Duration pause) {
                held.waitsFor(new Wait.LookUpAgain(
                        source.name(),
                        source.piece().label(),
                        failure.text(),
                        clock.instant().plus(pause)));
            }
        };
    }
}
