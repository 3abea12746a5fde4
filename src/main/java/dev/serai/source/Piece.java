package dev.serai.source;

import dev.serai.wire.Provenance;
import dev.serai.wire.StartConversation;
import org.jspecify.annotations.Nullable;

/** The two things that enrichment adds to an event. */
public enum Piece {
    SCENE("scene") {
        @Override
        public @Nullable String reference(StartConversation event) {
            return event.sceneRef();
        }

        @Override
        Provenance of(Enrichment enrichment) {
            return enrichment.sceneFrom();
        }

        @Override
        Enrichment from(Enrichment enrichment, Provenance from) {
            return enrichment.withScene(enrichment.scene(), from);
        }
    },
    DYNAMIC_INFO("dynamic_info") {
        @Override
        public @Nullable String reference(StartConversation event) {
            return event.contextRef();
        }

        @Override
        Provenance of(Enrichment enrichment) {
            return enrichment.dynamicInfoFrom();
        }

        @Override
        Enrichment from(Enrichment enrichment, Provenance from) {
            return enrichment.withDynamicInfo(enrichment.dynamicInfo(), from);
        }
    };

    private final String label;

    Piece(String label) {
        this.label = label;
    }

    /** As replies, metrics and logs name it. */
    public String label() {
        return label;
    }

    /** What the event wants to have looked up, or null. */
    public abstract @Nullable String reference(StartConversation event);

    /** Where the piece is from. */
    abstract Provenance of(Enrichment enrichment);

    /** The same piece, with something else to say about where it is from. */
    abstract Enrichment from(Enrichment enrichment, Provenance from);
}
