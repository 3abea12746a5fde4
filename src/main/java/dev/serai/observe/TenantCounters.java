package dev.serai.observe;

import dev.serai.wire.ErrorCategory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What is counted of one tenant's events. Thread-safe. */
record TenantCounters(
        Counter events,
        Counter started,
        Counter ended,
        Map<ErrorCategory, Counter> failed,
        Map<ErrorCategory, Counter> deadLetters) {
    private static final String NO_CATEGORY = "none";

    /** All of them, at 0, so that rates and alerts work from the start. */
    static TenantCounters of(MeterRegistry registry, String tenant) {
        Map<ErrorCategory, Counter> failed = new EnumMap<>(ErrorCategory.class);
        Map<ErrorCategory, Counter> deadLetters = new EnumMap<>(ErrorCategory.class);
        for (ErrorCategory category : ErrorCategory.values()) {
            failed.put(category, replies(registry, tenant, "failed", category.wireName()));
            deadLetters.put(category, deadLetters(registry, tenant, category));
        }
        Counter events =
                counter(registry, "serai.events", "Start and end events taken from the start topic", "tenant", tenant);
        return new TenantCounters(
                events,
                replies(registry, tenant, "started", NO_CATEGORY),
                replies(registry, tenant, "ended", NO_CATEGORY),
                failed,
                deadLetters);
    }

    /** Failure replies. */
    Counter failed(ErrorCategory category) {
        return Objects.requireNonNull(failed.get(category));
    }

    Counter deadLetter(ErrorCategory category) {
        return Objects.requireNonNull(deadLetters.get(category));
    }

    private static Counter replies(MeterRegistry registry, String tenant, String status, String category) {
        return counter(
                registry,
                "serai.replies",
                "Replies published by status and error category",
                "tenant",
                tenant,
                "status",
                status,
                "category",
                category);
    }

    private static Counter deadLetters(MeterRegistry registry, String tenant, ErrorCategory category) {
        return counter(
                registry,
                "serai.dead.letters",
                "Dead letters published by error category",
                "tenant",
                tenant,
                "category",
                category.wireName());
    }

    private static Counter counter(MeterRegistry registry, String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
