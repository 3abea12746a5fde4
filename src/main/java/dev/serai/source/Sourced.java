package dev.serai.source;

import dev.serai.wire.Provenance;
import java.time.Duration;
import java.util.Optional;

/**
 * What a source has under a key, and how that is known.
 *
 * @param value empty if the source does not know the key
 * @param age since the source said it; zero if it was asked for this event
 * @param status {@code FRESH}, {@code CACHED} or {@code STALE}
 */
public record Sourced<V>(Optional<V> value, Duration age, Provenance.Status status) {

    /** How it is known only: what it says may be personal data. */
    @Override
    public String toString() {
        return "Sourced[" + (value.isPresent() ? "known" : "not known") + ", " + status + ", " + age + "]";
    }
}
