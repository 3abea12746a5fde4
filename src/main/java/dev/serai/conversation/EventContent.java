package dev.serai.conversation;

import dev.serai.connect.ConnectBody;
import dev.serai.connect.ConnectRequest;
import dev.serai.source.Enrichment;
import dev.serai.wire.Reply.Origins;
import dev.serai.wire.StartConversation;
import org.jspecify.annotations.Nullable;

/**
 * What a decoded start event says, with what was looked up for it, until the request is made of both; after that only what
 * the event's answer needs.
 *
 * <p>Not thread-safe: it belongs to its {@link EventInFlight}.
 */
final class EventContent {
    private final DecodingBudget.Part part;
    private StartConversation event;
    private Enrichment enrichment;
    private boolean enriched;

    /**
     * The event with what it says itself.
     *
     * @param part of the memory for decoded events, until {@link #drop}
     */
    EventContent(StartConversation event, DecodingBudget.Part part) {
        this.event = event;
        this.part = part;
        enrichment = Enrichment.inline(event);
    }

    StartConversation event() {
        return event;
    }

    Enrichment enrichment() {
        return enrichment;
    }

    void enrich(Enrichment found) {
        enrichment = found;
        enriched = true;
    }

    boolean isEnriched() {
        return enriched;
    }

    /** Where what the provider is told comes from: before the event is enriched, from itself. */
    Origins origins() {
        return new Origins(enrichment.sceneFrom(), enrichment.dynamicInfoFrom());
    }

    /**
     * What the provider is told. It is kept as bytes from here on: an event may wait long for its turn, and decoded it
     * weighs many times as much.
     *
     * @param resumed the session to go on with, or null
     */
    ConnectBody takeConnectBody(@Nullable String resumed) {
        ConnectBody body = new ConnectRequest(event, resumed, enrichment.scene(), enrichment.dynamicInfo()).toBody();
        drop();
        return body;
    }

    /** Keeps of the event and its enrichment only what its answer needs; again without effect. */
    void drop() {
        event = event.withoutContent();
        enrichment = enrichment.withoutContent();
        part.close();
    }
}
