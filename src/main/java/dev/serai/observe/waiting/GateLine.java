package dev.serai.observe.waiting;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.connect.gate.Gate;
import dev.serai.connect.gate.GateStatus;
import dev.serai.connect.gate.HoldReason;
import dev.serai.connect.gate.Ticket;
import dev.serai.wire.Json;
import dev.serai.wire.Priority;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an event is told that waits at a gate: how that is, whose turn is next, and how many of those who wait here come before
 * it: live callers before batch events, and each by their deadlines. Every eighth turn is for who has waited longest, so that
 * this is no promise. Thread-safe.
 *
 * @param nextOver when the first of a tenant's open sessions counts as over, as far as this process knows
 */
record GateLine(HeldEvents held, EventState state, Function<String, Optional<Instant>> nextOver) {

    /** Looks at all events once. */
    ObjectNode json(HeldEvent event, Wait.AtGate waits) {
        Gate gate = waits.gate();
        GateStatus status = gate.status();
        GateStatus.Sessions sessions = status.sessions();
        String tenant = event.tenant();
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("name", gate.name())
                .put("hold", hold(status, waits))
                .put("cause", status.cause())
                .put("waiting", status.waiting())
                .put("under_way", status.underWay())
                .put("limit", status.limit())
                .put("slots_taken", sessions == null ? null : sessions.taken())
                .put("slots", sessions == null ? null : sessions.most())
                .put("next_slot_at", tenant == null ? null : text(nextOver.apply(tenant)))
                .put("ahead", ahead(waits));
        ObjectNode next =
                gate.next().flatMap(ticket -> at(gate, ticket)).map(this::named).orElse(null);
        json.set("next", next);
        return json;
    }

    private static @Nullable String hold(GateStatus status, Wait.AtGate waits) {
        HoldReason hold = status.hold();
        if (hold == null && status.reserved() && waits.caller().priority() == Priority.BATCH) {
            return HoldReason.RESERVE.label();
        }
        return hold == null ? null : hold.label();
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(at -> at.truncatedTo(ChronoUnit.MILLIS).toString()).orElse(null);
    }

    private ObjectNode named(HeldEvent event) {
        return Json.MAPPER.createObjectNode().put("event_id", state.id(event)).put("record", event.record());
    }

    private long ahead(Wait.AtGate waits) {
        return held.oldestFirst()
                .flatMap(other -> atGate(other).stream())
                .filter(other -> other.gate() == waits.gate() && goesBefore(other, waits))
                .count();
    }

    private static boolean goesBefore(Wait.AtGate other, Wait.AtGate waits) {
        boolean live = other.caller().priority() == Priority.LIVE;
        return live == (waits.caller().priority() == Priority.LIVE)
                ? other.ticket().compareTo(waits.ticket()) < 0
                : live;
    }

    private Optional<HeldEvent> at(Gate gate, Ticket ticket) {
        return held.oldestFirst()
                .filter(other -> atGate(other)
                        .filter(waits -> waits.gate() == gate && waits.ticket().equals(ticket))
                        .isPresent())
                .findFirst();
    }

    private static Optional<Wait.AtGate> atGate(HeldEvent event) {
        HeldEvent.Since<Wait> wait = event.currentWait();
        return wait != null && wait.what() instanceof Wait.AtGate gate ? Optional.of(gate) : Optional.empty();
    }
}
