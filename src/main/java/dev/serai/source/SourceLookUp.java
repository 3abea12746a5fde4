package dev.serai.source;

import java.util.Optional;

/**
 * Asks a source of scene or dynamic information for what it has under a key. Called by several threads at once, each of
 * them a virtual one that does nothing else: it may wait, but must end by itself, or at the latest when it is interrupted.
 *
 * @param <K> what the source is asked for
 * @param <V> what the source's answers are made into; immutable, as an answer can be shared by many events
 */
@FunctionalInterface
public interface SourceLookUp<K, V> {

    /**
     * What the source has under the key.
     *
     * @return empty if the source does not know the key
     * @throws SourceFailedException if it cannot be told what the source has
     */
    Optional<V> lookUp(K key) throws SourceFailedException;
}
