package dev.serai.event;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where one piece of enrichment came from, as the reply says it.
 *
 * @param age how old the data was when it was used; null when nothing was looked up
 */
public record Provenance(Status status, @Nullable Duration age) {

    /** The strongest statement that is true of the piece. */
    public enum Status {
        /** Looked up for this event. */
        @JsonProperty("fresh")
        FRESH,
        /** Looked up earlier, and still fresh. */
        @JsonProperty("cached")
        CACHED,
        /** Looked up earlier, served because its source fails now. */
        @JsonProperty("stale")
        STALE,
        /** Only what the event itself said. */
        @JsonProperty("inline")
        INLINE,
        /** Neither the event nor a source had any. */
        @JsonProperty("absent")
        ABSENT,
        /** The source failed, and the event went on without it. */
        @JsonProperty("failed")
        FAILED
    }
}
