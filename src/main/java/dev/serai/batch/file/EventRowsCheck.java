package dev.serai.batch.file;

import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.StartEventDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the service would take the events of rows, and what it would ignore of them. For one thread. */
final class EventRowsCheck {
    private static final Pattern POINTER = Pattern.compile("(/[^\\s:]*): ");
    private static final int MOST_NOTES = 20;

    private final StartEventDecoder decoder;
    private final String startTopic;
    private final Instant now;
    private final Map<String, Long> ignored = new TreeMap<>();
    private Duration longest = Duration.ZERO;
    private Duration longestRoom = Duration.ZERO;

    EventRowsCheck(StartEventDecoder decoder, String startTopic, Instant now) {
        this.decoder = decoder;
        this.startTopic = startTopic;
        this.now = now;
    }

    /**
     * The event's bytes.
     *
     * @throws BadCell if the service would refuse it
     */
    byte[] bytes(RowEvent row, RowMapping mapping) throws BadCell {
        byte[] value = Json.bytes(row.event());
        Instant published = row.due() == null || row.due().isBefore(now) ? now : row.due();
        OriginalRecord event = new OriginalRecord(
                startTopic, 0, 0, published, row.key().getBytes(StandardCharsets.UTF_8), value, List.of());
        switch (decoder.decode(event, published)) {
            case Decoded.Refused refused -> throw bad(refused.reason(), mapping);
            case Decoded.End ended -> throw new BadCell(null, "ends a conversation: a job starts them");
            case Decoded.Accepted accepted -> {
                if (!accepted.event().expiresAt().isAfter(published)) {
                    throw bad(
                            "/expires_at: is over at " + accepted.event().expiresAt()
                                    + ", before the event is published",
                            mapping);
                }
                Duration left = Duration.between(published, accepted.event().expiresAt());
                longest = left.compareTo(longest) > 0 ? left : longest;
                Duration open = accepted.event().closeAfter();
                longestRoom = open != null && open.compareTo(longestRoom) > 0 ? open : longestRoom;
                accepted.ignored().notes().stream()
                        .filter(note -> !note.startsWith("priority"))
                        .filter(note -> ignored.size() < MOST_NOTES || ignored.containsKey(note))
                        .forEach(note -> ignored.merge(note, 1L, Long::sum));
            }
        }
        return value;
    }

    /** Whether each event has to say its character. */
    boolean needsCharacterId() {
        return decoder.needsCharacterId();
    }

    private static BadCell bad(String reason, RowMapping mapping) {
        Matcher pointer = POINTER.matcher(reason);
        return new BadCell(pointer.lookingAt() ? mapping.columns().column(pointer.group(1)) : null, reason);
    }

    /** From an event's publishing to its deadline, the longest that there was. */
    Duration longestDeadline() {
        return longest;
    }

    /** Until a room is closed because its event says so, the longest that there was. */
    Duration longestRoom() {
        return longestRoom;
    }

    /** What the service says of fields that have no effect, and of how many rows. */
    Map<String, Long> ignored() {
        return Map.copyOf(ignored);
    }
}
