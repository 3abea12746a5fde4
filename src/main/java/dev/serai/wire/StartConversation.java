package dev.serai.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A start event with every default filled in: {@code schema/start-conversation.json} says what publishers may send.
 *
 * @param eventId identifies the event in replies, dead letters and logs
 * @param characterSessionId the session that the event itself names, which wins over a remembered one
 * @param sceneDescription inline scene, possibly empty
 * @param dynamicInfo inline dynamic information: an object with {@code text}, or null
 * @param sceneRef what scene enrichment looks up, or null
 * @param contextRef what dynamic-information enrichment looks up: the event's, else {@code end_user_id}, else
 *     {@code speaker_id}, else the conversation key; null without any
 * @param connectOptions further fields for {@code POST /connect}, possibly empty; all on the allow-list
 * @param expiresAt the deadline: no room is opened from then on
 * @param tenant whose credentials are used
 * @param closeAfter how long after its opening this service ends the session, in whole milliseconds; null if the event does
 *     not say
 * @param priority whether it goes before others or waits behind them
 */
public record StartConversation(
        String eventId,
        String characterId,
        ConnectionType connectionType,
        @Nullable String characterSessionId,
        Continuity continuity,
        @Nullable String speakerId,
        @Nullable String endUserId,
        @Nullable ObjectNode endUserMetadata,
        List<SceneElement> sceneDescription,
        @Nullable ObjectNode dynamicInfo,
        @Nullable String sceneRef,
        @Nullable String contextRef,
        ObjectNode connectOptions,
        Instant expiresAt,
        String tenant,
        @Nullable Duration closeAfter,
        Priority priority) {

    /** The tenant of events that name none. */
    public static final String DEFAULT_TENANT = "default";

    /** Never changed. */
    private static final ObjectNode NO_OPTIONS = Json.MAPPER.createObjectNode();

    public StartConversation {
        sceneDescription = List.copyOf(sceneDescription);
    }

    /** The same event without what only the provider is told, which may be large. */
    public StartConversation withoutContent() {
        return withContent(null, List.of(), null, NO_OPTIONS);
    }

    /** The same event with other words for the provider. */
    public StartConversation withContent(
            @Nullable ObjectNode metadata,
            List<SceneElement> scene,
            @Nullable ObjectNode information,
            ObjectNode options) {
        return new StartConversation(
                eventId,
                characterId,
                connectionType,
                characterSessionId,
                continuity,
                speakerId,
                endUserId,
                metadata,
                scene,
                information,
                sceneRef,
                contextRef,
                options,
                expiresAt,
                tenant,
                closeAfter,
                priority);
    }

    /** The ids only: the rest may hold personal data. */
    @Override
    public String toString() {
        return "StartConversation[" + eventId + ", character " + characterId + "]";
    }
}
