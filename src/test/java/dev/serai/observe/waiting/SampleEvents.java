package dev.serai.observe.waiting;

import dev.serai.wire.OriginalRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Events of one partition that are held, published a while before {@link #NOW}. */
final class SampleEvents {
    static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");

    final HeldEvents held = new HeldEvents();

    HeldEvent event(long offset, String key, int secondsAgo) {
        HeldEvent event = new HeldEvent(new OriginalRecord(
                "conversation.start",
                3,
                offset,
                NOW.minusSeconds(secondsAgo),
                key.getBytes(StandardCharsets.UTF_8),
                new byte[0],
                List.of()));
        held.add(event);
        return event;
    }
}
