package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Provenance;

/**
 * Makes one piece of enrichment of what a source says. First {@link #read}, once for an answer, then {@link #addTo}, for
 * each event. Immutable and thread-safe.
 *
 * @param <V> what an answer is made into; immutable
 */
public sealed interface Shape<V> permits SceneShape, TextShape {

    Piece piece();

    /**
     * What a source's answer says.
     *
     * @throws SourceFailedException if the answer has not the shape that it should have, or half a character in it
     */
    V read(JsonNode answer) throws SourceFailedException;

    /**
     * Adds what was found to what the event says itself.
     *
     * @param from without notes; those on what was left out are added
     */
    Enrichment addTo(Enrichment enrichment, V found, Provenance from);
}
