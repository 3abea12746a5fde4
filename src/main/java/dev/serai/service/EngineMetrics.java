package dev.serai.service;

import dev.serai.engine.IntakeListener;
import dev.serai.engine.TransactionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;

/**
 * What the engine tells of its transactions and of the start topic's log, as metrics. Their names are public API; {@code
 * src/docs/metrics.md} says what they mean and what to alert on. Thread-safe.
 */
final class EngineMetrics implements TransactionListener, IntakeListener {
    /** As {@code metrics.md} lists them. */
    private static final List<String> ABORT_REASONS =
            List.of("rebalance", "record_refused", "producer_replaced", "kafka_away", "error", "defect");

    private final MeterRegistry registry;
    private final Timer transactions;
    private final DistributionSummary transactionEvents;
    private final Counter dropped;
    private final Counter publishedAgain;
    private final Counter offsetsDiffer;
    private final Counter logCuts;
    private final Counter deletedUnread;

    EngineMetrics(MeterRegistry registry) {
        this.registry = registry;
        transactions = Timer.builder("serai.transactions")
                .description("Committed Kafka transactions")
                .register(registry);
        transactionEvents = DistributionSummary.builder("serai.transaction.events")
                .description("Events that one transaction answers")
                .register(registry);
        // Registered before they first count, so that rates and alerts work from the start.
        ABORT_REASONS.forEach(this::abortedFor);
        dropped = counter(
                "serai.events.dropped",
                "Finished events whose partition had another owner by then: it runs them again");
        publishedAgain = counter(
                "serai.events.published.again",
                "Events published again because Kafka aborted what it had told was committed");
        offsetsDiffer = counter(
                "serai.offsets.differ",
                "Transactions tried again after which the group's offsets were not those committed");
        logCuts = counter(
                "serai.log.cuts", "Times that the log of a partition was cut, or was another one, and was read anew");
        deletedUnread = counter(
                "serai.offsets.deleted.unread", "Offsets of the start topic that were deleted before they were read");
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private Counter abortedFor(String reason) {
        return counter(
                "serai.transactions.aborted", "Kafka transactions that were aborted and tried again", "reason", reason);
    }

    @Override
    public void committed(int events, Duration took) {
        transactions.record(took);
        transactionEvents.record(events);
    }

    @Override
    public void aborted(String reason) {
        abortedFor(reason).increment();
    }

    @Override
    public void dropped(int events) {
        dropped.increment(events);
    }

    @Override
    public void publishedAgain(int events) {
        publishedAgain.increment(events);
    }

    @Override
    public void offsetsDiffer() {
        offsetsDiffer.increment();
    }

    @Override
    public void logCut() {
        logCuts.increment();
    }

    @Override
    public void deletedUnread(long offsets) {
        deletedUnread.increment((double) offsets);
    }
}
