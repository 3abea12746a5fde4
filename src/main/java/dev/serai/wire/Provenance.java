package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one piece of enrichment came from, as the reply says it.
 *
 * @param age how old the data was when it was used; null when nothing was found
 * @param source the name of the source that was asked; null if none was
 * @param notes one short line for each kind of thing that was left out, without what was left out; and why a source failed
 */
public record Provenance(
        Status status, @Nullable Duration age, @Nullable String source, List<String> notes) {

    public Provenance {
        notes = List.copyOf(notes);
    }

    /** Of a piece that no source was asked for. */
    public static Provenance unasked(boolean saidByEvent) {
        return new Provenance(saidByEvent ? Status.INLINE : Status.ABSENT, null, null, List.of());
    }

    /** The same with further notes. */
    public Provenance noting(List<String> more) {
        return more.isEmpty()
                ? this
                : new Provenance(
                        status,
                        age,
                        source,
                        Stream.concat(notes.stream(), more.stream()).toList());
    }

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
