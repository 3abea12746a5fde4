package dev.serai.observe.waiting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.observe.waiting.EventState.Current;
import dev.serai.observe.waiting.HeldEvents.Ahead;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The oldest events that this process holds, as {@code /observe/waiting} answers; {@code src/docs/metrics.md} describes the
 * fields. Thread-safe.
 */
public final class WaitingReport {
    /** Of what one answer lists: some 60 KB. */
    public static final int MOST_EVENTS = 1_000;

    private final HeldEvents held;
    private final EventState state;
    private final GateLine gates;
    private final InstantSource clock;

    /**
     * @param ids of events that are not decoded; reads the record
     * @param kafka why no event can be committed, and none is called for; empty while they can
     * @param nextOver when the first of a tenant's open sessions counts as over, as far as this process knows
     */
    public WaitingReport(
            HeldEvents held,
            Function<OriginalRecord, String> ids,
            Supplier<Optional<String>> kafka,
            Function<String, Optional<Instant>> nextOver,
            InstantSource clock) {
        this.held = held;
        this.state = new EventState(ids, kafka);
        gates = new GateLine(held, state, nextOver);
        this.clock = clock;
    }

    /**
     * As JSON.
     *
     * @param limit how many events are listed, 1 to {@value #MOST_EVENTS}
     */
    public ObjectNode oldest(int limit) {
        return oldest(limit, event -> true);
    }

    /**
     * The same of one conversation alone, or of one record.
     *
     * @param key the conversation's, as {@link OriginalRecord#conversationKey} has it; null for whichever
     * @param position {@code topic-partition@offset}; null for whichever
     */
    public ObjectNode oldest(int limit, @Nullable String key, @Nullable String position) {
        return oldest(
                limit,
                event -> (key == null || key.equals(event.original().conversationKey()))
                        && (position == null || position.equals(event.record())));
    }

    private ObjectNode oldest(int limit, Predicate<HeldEvent> isAskedFor) {
        if (limit < 1 || limit > MOST_EVENTS) {
            throw new IllegalArgumentException("limit must be 1 to " + MOST_EVENTS + ", was " + limit);
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        List<HeldEvent> events =
                held.oldestFirst().filter(isAskedFor).limit(limit).toList();
        Map<HeldEvent, Ahead> ahead =
                held.ahead(events.stream().filter(HeldEvent::isQueued).toList());
        ObjectNode report = Json.MAPPER
                .createObjectNode()
                .put("as_of", now.toString())
                .put("total", Math.max(held.size(), events.size()))
                .put("oldest_age_ms", millis(held.oldestAge(now)));
        var rows = report.putArray("events");
        events.forEach(event -> rows.add(row(event, ahead.get(event), now)));
        return report;
    }

    private ObjectNode row(HeldEvent event, @Nullable Ahead ahead, Instant now) {
        Current current = state.of(event, ahead);
        Instant deadline = event.deadline();
        ObjectNode row = Json.MAPPER
                .createObjectNode()
                .put("event_id", state.id(event))
                .put("conversation_key", state.key(event))
                .put("tenant", event.tenant())
                .put("record", event.record())
                .put("published_at", event.original().timestamp().toString())
                .put("age_ms", millis(event.age(now)))
                .put("held_ms", event.held().toMillis())
                .put("deadline", deadline == null ? null : deadline.toString())
                .put("left_ms", deadline == null ? null : millis(Duration.between(now, deadline)));
        ObjectNode step = row.putObject("step")
                .put("kind", current.label())
                .put("text", current.text())
                .put("since", now.minusMillis(current.since().toMillis()).toString())
                .put("since_ms", current.since().toMillis());
        HeldEvent.Since<RouteStep> inRoute = event.step();
        step.put("route", inRoute == null ? null : inRoute.what().route())
                .put("id", inRoute == null ? null : inRoute.what().step());
        if (ahead != null) {
            step.putObject("behind")
                    .put("event_id", state.id(ahead.first()))
                    .put("record", ahead.first().record());
        }
        HeldEvent.Since<Wait> wait = event.currentWait();
        if (wait != null && wait.what() instanceof Wait.AtGate gate) {
            step.set("gate", gates.json(event, gate));
        }
        return row;
    }

    /** As many as a number holds: publishers choose times, and none of theirs may cost the others the report. */
    private static long millis(Duration time) {
        return TimeUnit.MILLISECONDS.convert(time);
    }
}
