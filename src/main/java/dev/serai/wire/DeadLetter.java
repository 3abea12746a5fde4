package dev.serai.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * The original record of an event that got no room, and headers that say why. Its key, value and timestamp are untouched, and
 * so are its headers but for those that only this service sets: a dead letter that was published again has each once.
 */
public record DeadLetter(OriginalRecord original, Failure failure, int attempts, Instant failedAt) {
    /** The failure's category; failure replies have it, too, for clients that look at headers only. */
    public static final String CATEGORY_HEADER = "serai-error-category";

    /** The original's headers in their order, then those of {@code schema/dead-letter-headers.json}. */
    public List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>(original.headers());
        headers.removeIf(RecordHeader::isOfService);
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
