package dev.serai.operate.explain;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * An event that a service holds, as {@code /observe/waiting} says it.
 *
 * @param kind what it is at, such as {@code gate}
 * @param text the rest of a sentence that begins with the event
 * @param since how long it has been so
 * @param age since it was published
 * @param held since that service has taken it
 * @param left until its deadline, negative if that has passed; null without one
 * @param behind what it waits behind, of its conversation; null if it does not
 * @param behindId what that calls itself
 * @param gate null unless it waits at one
 */
public record Held(
        Position at,
        String eventId,
        String kind,
        String text,
        Duration since,
        Duration age,
        Duration held,
        @Nullable Duration left,
        @Nullable Position behind,
        @Nullable String behindId,
        @Nullable GateSeen gate) {

    /**
     * The gate of a tenant.
     *
     * @param hold why no call may begin, such as {@code sessions}; null if one may
     * @param cause what the provider did; null where it is not the provider
     * @param slotsTaken of the plan, with {@code slots}; both null if sessions have no bound
     * @param nextSlotAt when the first session is over that this service knows of; null if it knows none
     * @param ahead how many wait there that are wanted sooner
     * @param next who is next, and where that is; null if nobody can be named
     */
    public record GateSeen(
            String name,
            @Nullable String hold,
            @Nullable String cause,
            int waiting,
            int underWay,
            int limit,
            @Nullable Long slotsTaken,
            @Nullable Integer slots,
            @Nullable Instant nextSlotAt,
            long ahead,
            @Nullable String next) {}

    /** One of the answer's events; null if it is none. */
    static @Nullable Held of(JsonNode row) {
        Position at = Position.parse(row.path("record").asText()).orElse(null);
        if (at == null) {
            return null;
        }
        JsonNode step = row.path("step");
        JsonNode behind = step.path("behind");
        return new Held(
                at,
                row.path("event_id").asText(),
                step.path("kind").asText(),
                step.path("text").asText(),
                Duration.ofMillis(step.path("since_ms").asLong()),
                Duration.ofMillis(row.path("age_ms").asLong()),
                Duration.ofMillis(row.path("held_ms").asLong()),
                row.path("left_ms").isNumber()
                        ? Duration.ofMillis(row.path("left_ms").asLong())
                        : null,
                Position.parse(behind.path("record").asText()).orElse(null),
                behind.path("event_id").textValue(),
                step.path("gate").isObject() ? gate(step.path("gate")) : null);
    }

    private static GateSeen gate(JsonNode gate) {
        JsonNode next = gate.path("next");
        JsonNode slots = gate.path("slots");
        return new GateSeen(
                gate.path("name").asText(),
                gate.path("hold").textValue(),
                gate.path("cause").textValue(),
                gate.path("waiting").asInt(),
                gate.path("under_way").asInt(),
                gate.path("limit").asInt(),
                slots.isNumber() ? gate.path("slots_taken").asLong() : null,
                slots.isNumber() ? slots.intValue() : null,
                instant(gate.path("next_slot_at").textValue()),
                gate.path("ahead").asLong(),
                next.isObject()
                        ? next.path("event_id").asText() + " ("
                                + next.path("record").asText() + ")"
                        : null);
    }

    private static @Nullable Instant instant(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
