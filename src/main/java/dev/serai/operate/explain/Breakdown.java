package dev.serai.operate.explain;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Where an event's time went, by the names of what it was at. Stateless. */
final class Breakdown {
    private Breakdown() {}

    /** Empty if nothing tells. The last part is what is left to the reply's own time: what the commit took, and the clocks. */
    static SequencedMap<String, Duration> of(Arrival arrival, Standing standing) {
        SequencedMap<String, Duration> parts = new LinkedHashMap<>();
        if (standing instanceof Standing.Waiting waiting) {
            Held held = waiting.held();
            parts.put("until_read", notNegative(held.age().minus(held.held())));
            parts.put("held", held.held());
            parts.put("at_this", held.since());
            return parts;
        }
        FoundReply answer = answer(standing);
        if (answer == null) {
            return parts;
        }
        Duration total = notNegative(Duration.between(arrival.publishedAt(), answer.publishedAt()));
        FoundReply.Timings timings = answer.timings();
        // A room that is given again has the times of its first reply.
        if (timings != null && !answer.repeated()) {
            parts.put("queued", timings.queued());
            parts.put("enrich", timings.enrich());
            parts.put("connect", timings.connect());
            parts.put(
                    "publish",
                    notNegative(total.minus(timings.queued())
                            .minus(timings.enrich())
                            .minus(timings.connect())));
        }
        parts.put("total", total);
        return parts;
    }

    static @Nullable FoundReply answer(Standing standing) {
        return switch (standing) {
            case Standing.Started started -> started.answer();
            case Standing.Ended ended -> ended.answer();
            case Standing.Failed failed -> failed.answer();
            case Standing.Expired expired -> expired.answer();
            case Standing.Cancelled cancelled -> cancelled.answer();
            default -> null;
        };
    }

    static @Nullable Rejection letter(Standing standing) {
        return switch (standing) {
            case Standing.Failed failed -> failed.letter();
            case Standing.Expired expired -> expired.letter();
            case Standing.Replayed replayed -> replayed.letter();
            default -> null;
        };
    }

    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }
}
