package dev.serai.intake;

import dev.serai.engine.IntakeListener;
import dev.serai.engine.TransactionListener;
import dev.serai.wire.ErrorCategory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

/**
 * The metrics of one intake. Their names are public API; {@code src/docs/metrics.md} says what they mean and what to alert on.
 * Thread-safe.
 */
public final class IntakeMetrics implements TransactionListener, IntakeListener {
    /** As {@code metrics.md} says. A mapping must not be able to make series without end. */
    static final int MOST_REASONS = 50;

    private static final List<String> INCIDENTS = List.of("dropped", "published_again", "offsets_differ", "log_cut");

    private static final String OTHER_REASON = "other";

    private final MeterRegistry registry;
    private final String intake;
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();
    private final Counter mapped;
    private final Counter ignored;
    private final Counter rejected;
    private final Counter starts;
    private final Counter ends;
    private final Counter deletedUnread;
    private final Counter tableRefusals;
    private final AtomicInteger tableRows = new AtomicInteger();

    public IntakeMetrics(MeterRegistry registry, String intake) {
        this.registry = registry;
        this.intake = intake;
        // Registered before they first count, so that rates and alerts work from the start.
        mapped = records("mapped");
        ignored = records("ignored");
        rejected = records("rejected");
        starts = events("start");
        ends = events("end");
        aborts("error");
        INCIDENTS.forEach(this::incidents);
        ignored(OTHER_REASON);
        deadLetters(ErrorCategory.INVALID_EVENT);
        deadLetters(ErrorCategory.INTERNAL_ERROR);
        deletedUnread = counter(
                "serai.intake.deleted.unread", "Offsets of an intake's topic that were deleted before they were read");
        watch("serai.intake.table.rows", "Rows of an intake's look-up table", tableRows::get);
        tableRefusals =
                counter("serai.intake.table.refused", "Versions of an intake's look-up table that could not be used");
    }

    private Counter records(String result) {
        return counter("serai.intake.records", "Raw records by what they came to", "result", result);
    }

    private Counter events(String action) {
        return counter("serai.intake.events", "Events that were made of raw records", "action", action);
    }

    private Counter ignored(String reason) {
        return counter("serai.intake.ignored", "What mappings have ignored, by their reasons", "reason", reason);
    }

    private Counter deadLetters(ErrorCategory category) {
        return counter("serai.intake.dead.letters", "Dead letters of raw records", "category", category.wireName());
    }

    private Counter aborts(String reason) {
        return counter(
                "serai.intake.transactions.aborted",
                "Kafka transactions of an intake that were aborted and tried again",
                "reason",
                reason);
    }

    private Counter incidents(String kind) {
        return counter(
                "serai.intake.incidents", "What went otherwise than it should with an intake's records", "kind", kind);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name)
                .description(description)
                .tags(tags)
                .tag("intake", intake)
                .register(registry);
    }

    /** A gauge of this intake. */
    public void watch(String name, String description, DoubleSupplier number) {
        Gauge.builder(name, number::getAsDouble)
                .description(description)
                .tag("intake", intake)
                .register(registry);
    }

    /** A raw record was committed with these events. */
    void mapped(List<EventRecord> events, List<String> labels) {
        (events.isEmpty() ? ignored : mapped).increment();
        events.forEach(event -> (event.ends() ? ends : starts).increment());
        labels.forEach(label -> ignored(known(label)).increment());
    }

    /** The first reasons have a series each. */
    private String known(String label) {
        if (reasons.contains(label)) {
            return label;
        }
        return reasons.size() < MOST_REASONS && reasons.add(label) ? label : OTHER_REASON;
    }

    /** A raw record was committed with its dead letter. */
    void rejected(ErrorCategory category) {
        rejected.increment();
        deadLetters(category).increment();
    }

    /** A version of the look-up table is in use. */
    public void tableLoaded(int rows) {
        tableRows.set(rows);
    }

    /** A version of the look-up table cannot be used. */
    public void tableRefused() {
        tableRefusals.increment();
    }

    @Override
    public void committed(int events, Duration took) {}

    @Override
    public void aborted(String reason) {
        aborts(reason).increment();
    }

    @Override
    public void dropped(int events) {
        incidents("dropped").increment(events);
    }

    @Override
    public void publishedAgain(int events) {
        incidents("published_again").increment(events);
    }

    @Override
    public void offsetsDiffer() {
        incidents("offsets_differ").increment();
    }

    @Override
    public void logCut() {
        incidents("log_cut").increment();
    }

    @Override
    public void deletedUnread(long offsets) {
        deletedUnread.increment((double) offsets);
    }
}
