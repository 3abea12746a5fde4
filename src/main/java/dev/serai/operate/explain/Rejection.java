package dev.serai.operate.explain;

import dev.serai.operate.letters.Letter;
import dev.serai.wire.Secrets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter of an event.
 *
 * @param of the event's record; null if the letter does not say
 * @param category or what another's framework has written in its place
 * @param replay which replay has published it again; null if none has
 */
public record Rejection(
        Position at,
        @Nullable Position of,
        String eventId,
        @Nullable String key,
        String category,
        String detail,
        Instant failedAt,
        int replays,
        @Nullable ReplaySeen replay) {

    /**
     * Who has published letters again.
     *
     * @param by a person's or a program's own name
     */
    public record ReplaySeen(String id, String by, String begunAt, String state) {}

    static Rejection of(Letter letter, @Nullable ReplaySeen replay) {
        Position of = letter.originalTopic().isPresent()
                        && letter.originalPartition().isPresent()
                        && letter.originalOffset().isPresent()
                ? new Position(
                        letter.originalTopic().get(),
                        (int) letter.originalPartition().getAsLong(),
                        letter.originalOffset().getAsLong())
                : null;
        return new Rejection(
                new Position(
                        letter.asRecord().topic(),
                        letter.asRecord().partition(),
                        letter.asRecord().offset()),
                of,
                letter.eventId(),
                letter.asRecord().conversationKey(),
                letter.reason(),
                Secrets.inLog(letter.detail()),
                letter.failedAt(),
                letter.replays(),
                replay);
    }

    Rejection replayedBy(ReplaySeen by) {
        return new Rejection(at, of, eventId, key, category, detail, failedAt, replays, by);
    }
}
