package dev.serai.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The original record of an event that got no room, and headers that say why. Its key, value and timestamp are untouched, and
 * so are its headers but for those that only this service sets: a dead letter that was published again has each once. One of
 * these is kept, {@value #REPLAYS}: how often it was.
 */
public record DeadLetter(OriginalRecord original, Failure failure, int attempts, Instant failedAt) {
    /** The failure's category; failure replies have it, too, for clients that look at headers only. */
    public static final String CATEGORY_HEADER = "serai-error-category";

    /** How often the event was taken from the dead letters and published again; whoever does it counts. */
    public static final String REPLAYS = "serai-replays";

    private static final int MOST_DIGITS = 6;

    /** What the record's header says of that; 0 if there is none, or none that can be read. */
    public static int replays(OriginalRecord event) {
        return event.headerText(REPLAYS)
                .filter(count -> count.matches("\\d{1," + MOST_DIGITS + "}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    /** The original's headers in their order, then those of {@code schema/dead-letter-headers.json}. */
    public List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>(original.headers());
        headers.removeIf(RecordHeader::isOfService);
        int replays = replays(original);
        if (replays > 0) {
            headers.add(text(REPLAYS, Integer.toString(replays)));
        }
        headers.add(text(CATEGORY_HEADER, failure.category().wireName()));
        headers.add(text("serai-error-detail", failure.detailText()));
        if (failure.httpStatus() != null) {
            headers.add(text("serai-http-status", failure.httpStatus().toString()));
        }
        headers.add(text("serai-attempts", Integer.toString(attempts)));
        headers.add(text("serai-original-topic", original.topic()));
        headers.add(text("serai-original-partition", Integer.toString(original.partition())));
        headers.add(text("serai-original-offset", Long.toString(original.offset())));
        headers.add(
                text("serai-failed-at", failedAt.truncatedTo(ChronoUnit.MILLIS).toString()));
        return headers;
    }

    private static RecordHeader text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
