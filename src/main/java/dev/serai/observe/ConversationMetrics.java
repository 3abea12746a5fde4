package dev.serai.observe;

import dev.serai.connect.gate.Gate;
import dev.serai.wire.ErrorCategory;
import dev.serai.wire.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the line. Their names are public API; {@code src/docs/metrics.md} says what they mean and what to alert
 * on. Thread-safe.
 */
public final class ConversationMetrics {
    /** Of events that name no tenant that there is: publishers must not be able to make series. */
    private static final String UNKNOWN_TENANT = "unknown";

    /** As {@code metrics.md} lists them. */
    private static final List<String> LOST_SESSIONS = List.of("too_many", "handed_over", "sealed");

    private final MeterRegistry registry;
    private final ProviderMetrics provider;
    private final Map<String, TenantCounters> tenants;
    private final Counter possibleDuplicates;
    private final Map<Duplicate, Counter> duplicateEvents = new EnumMap<>(Duplicate.class);
    private final Counter ignoredFields;
    private final AtomicInteger inFlight = new AtomicInteger();

    /** What an event comes to that was answered with a room before. */
    public enum Duplicate {
        /** It is answered with the same room. */
        ROOM,
        /** It is told that there is no room for it. */
        FAILED,
        /** It is passed over. */
        NONE
    }

    /** @param tenants all that there are: others' events count as those of {@value #UNKNOWN_TENANT} */
    public ConversationMetrics(MeterRegistry registry, Collection<String> tenants) {
        this.registry = registry;
        provider = new ProviderMetrics(registry);
        // Registered before they first count, so that rates and alerts work from the start.
        this.tenants = Stream.concat(tenants.stream(), Stream.of(UNKNOWN_TENANT))
                .distinct()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), tenant -> TenantCounters.of(registry, tenant)));
        possibleDuplicates =
                counter("serai.possible.duplicate.sessions", "Calls that may have left a session which nobody joins");
        for (Duplicate answer : Duplicate.values()) {
            String description = "Start events that were answered with a room before";
            String label = answer.name().toLowerCase(Locale.ROOT);
            duplicateEvents.put(answer, counter("serai.events.duplicate", description, "answer", label));
        }
        ignoredFields =
                counter("serai.events.ignored.fields", "Fields of start events that their format does not have");
        gauge("serai.events.in.flight", "Start events being worked on", inFlight::get);
        LOST_SESSIONS.forEach(this::lost);
    }

    private Counter counter(String name, String description, String... tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /** Of a number that is kept as long as the registry. */
    private void gauge(String name, String description, Supplier<Number> number, String... tags) {
        Gauge.builder(name, number).description(description).tags(tags).register(registry);
    }

    /** @param tenant null if it is not known whose event it is */
    private TenantCounters of(@Nullable String tenant) {
        TenantCounters known = tenant == null ? null : tenants.get(tenant);
        return known != null ? known : Objects.requireNonNull(tenants.get(UNKNOWN_TENANT));
    }

    /**
     * An event was taken; call {@link #eventEnded} when it ends, however it does.
     *
     * @param tenant null if it is not known whose event it is; likewise below
     */
    public void eventBegun(@Nullable String tenant) {
        of(tenant).events().increment();
        inFlight.incrementAndGet();
    }

    public void eventEnded() {
        inFlight.decrementAndGet();
    }

    /** A room's credentials were published. */
    public void startedReplyPublished(@Nullable String tenant) {
        of(tenant).started().increment();
    }

    /** The answer to an end event was published. */
    public void endedReplyPublished(@Nullable String tenant) {
        of(tenant).ended().increment();
    }

    /** A failure reply was published. */
    public void failedReplyPublished(@Nullable String tenant, ErrorCategory category) {
        of(tenant).failed(category).increment();
    }

    /** A dead letter was published. */
    public void deadLetterPublished(@Nullable String tenant, ErrorCategory category) {
        of(tenant).deadLetter(category).increment();
    }

    /** A call of the provider came back or failed. */
    public void called(String tenant, String outcome, Duration latency) {
        provider.called(tenant, outcome, latency);
    }

    /** An event has waited before the gate, whether its turn came or its deadline. */
    public void waited(String tenant, Priority priority, Duration time) {
        provider.waited(tenant, priority, time);
    }

    /** Watches a tenant's gate. */
    public void watch(String tenant, Gate gate) {
        provider.watch(tenant, gate);
    }

    /** A call may have left a session that nobody joins. */
    public void possibleDuplicateSession() {
        possibleDuplicates.increment();
    }

    /** An event was answered with a room before. */
    public void duplicateEvent(Duplicate answer) {
        Objects.requireNonNull(duplicateEvents.get(answer)).increment();
    }

    /** An event has so many fields that its format does not have. */
    public void fieldsIgnored(int fields) {
        ignoredFields.increment(fields);
    }

    /** Watches how many sessions of a tenant are open. */
    public void watchOpenSessions(String tenant, LongSupplier number) {
        String description = "Sessions that are known to be open at the provider";
        gauge("serai.sessions.open", description, number::getAsLong, "tenant", tenant);
    }

    /** Sessions that may be open can be ended no more. */
    public void sessionsLost(String why, int sessions) {
        lost(why).increment(sessions);
    }

    private Counter lost(String why) {
        String description = "Sessions that may be open at the provider, and that this service cannot end any more";
        return counter("serai.sessions.lost", description, "why", why);
    }

    /** Watches a duration that somebody else keeps, in seconds. */
    public void watchSeconds(String name, String description, Supplier<Duration> duration) {
        gauge(name, description, () -> duration.get().toMillis() / 1000.0);
    }

    /** Watches a number that somebody else keeps. */
    public void watch(String name, String description, LongSupplier number) {
        gauge(name, description, number::getAsLong);
    }
}
