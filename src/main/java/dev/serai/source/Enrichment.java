package dev.serai.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Provenance;
import dev.serai.wire.SceneElement;
import dev.serai.wire.StartConversation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scene and dynamic information as they go to the provider, each with where it came from.
 *
 * @param dynamicInfo an object with {@code text}, or null
 */
public record Enrichment(
        List<SceneElement> scene,
        Provenance sceneFrom,
        @Nullable ObjectNode dynamicInfo,
        Provenance dynamicInfoFrom) {

    public Enrichment {
        scene = List.copyOf(scene);
    }

    /** What the event says itself, before anything is looked up. */
    public static Enrichment inline(StartConversation event) {
        return new Enrichment(
                event.sceneDescription(),
                Provenance.unasked(!event.sceneDescription().isEmpty()),
                event.dynamicInfo(),
                Provenance.unasked(event.dynamicInfo() != null));
    }

    /** The same with another scene. */
    public Enrichment withScene(List<SceneElement> newScene, Provenance from) {
        return new Enrichment(newScene, from, dynamicInfo, dynamicInfoFrom);
    }

    /** The same with other dynamic information. */
    public Enrichment withDynamicInfo(@Nullable ObjectNode newDynamicInfo, Provenance from) {
        return new Enrichment(scene, sceneFrom, newDynamicInfo, from);
    }

    /** Where the pieces come from, without what they say. */
    public Enrichment withoutContent() {
        return new Enrichment(List.of(), sceneFrom, null, dynamicInfoFrom);
    }

    /** Where the pieces come from only: what they say may be personal data. */
    @Override
    public String toString() {
        return "Enrichment[scene " + sceneFrom + ", dynamic info " + dynamicInfoFrom + "]";
    }
}
