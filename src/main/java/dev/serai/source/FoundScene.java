package dev.serai.source;

import dev.serai.wire.SceneElement;
import java.util.List;

/**
 * What a source has for a scene, each element within the limits. Immutable.
 *
 * @param elements no two of one name, none without a name, and not more than a whole scene may have
 * @param leftOut how many more there were
 * @param notes on what else was left out, as in {@link Shaped}
 */
public record FoundScene(List<SceneElement> elements, int leftOut, List<String> notes) {

    public FoundScene {
        elements = List.copyOf(elements);
        notes = List.copyOf(notes);
    }
}
