package dev.serai.conversation;

import dev.serai.wire.Reply.Timings;
import java.time.Duration;
import java.time.Instant;

/** What the time of an event was spent on. Not thread-safe: it belongs to its {@link EventInFlight}. */
final class EventTimes {
    private final Instant published;
    private Instant begunAt;
    private Duration enrich = Duration.ZERO;
    private Duration gate = Duration.ZERO;
    private Duration connect = Duration.ZERO;

    /**
     * @param published as its record says
     * @param takenAt when the process took the record
     */
    EventTimes(Instant published, Instant takenAt) {
        this.published = published;
        begunAt = takenAt;
    }

    /** The event's turn has come. */
    void begin(Instant now) {
        begunAt = now;
    }

    void enriched(Duration took) {
        enrich = enrich.plus(took);
    }

    /**
     * What all calls of the provider took so far.
     *
     * @param waited before the gate
     */
    void called(Duration waited, Duration took) {
        gate = waited;
        connect = took;
    }

    /** How long the event has taken so far. */
    Timings sum() {
        Duration queued = Duration.between(published, begunAt).plus(gate);
        return new Timings(queued.isNegative() ? Duration.ZERO : queued, enrich, connect);
    }
}
