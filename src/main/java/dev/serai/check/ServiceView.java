package dev.serai.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.check.Checked.Part;
import dev.serai.connect.ConnectRequest;
import dev.serai.settings.ConnectSettings.OneRoomPerEvent;
import dev.serai.settings.SeraiSettings;
import dev.serai.settings.TenantSettings;
import dev.serai.wire.Continuity;
import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Secrets;
import dev.serai.wire.StartConversation;
import dev.serai.wire.event.Decoded;
import dev.serai.wire.event.ReplyTopics;
import dev.serai.wire.event.StartEventDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a service with some settings makes of a record of the start topic: what it answers, and what it sends to the provider.
 * Immutable and thread-safe.
 *
 * @param decoder of that service
 */
public record ServiceView(
        SeraiSettings settings, StartEventDecoder decoder, ReplyTopics replyTopics, InstantSource clock) {

    /**
     * What becomes of one record.
     *
     * @param refusal why the service refuses it; null if it does not
     */
    record Seen(
            List<Part> parts, List<String> notes, @Nullable String refusal) {}

    /** @param isNow whether it is published now, so that a deadline that has passed is worth a word */
    Seen of(OriginalRecord event, boolean isNow) {
        List<Part> parts = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        parts.add(published(event));
        return switch (decoder.decode(event, clock.instant())) {
            case Decoded.Refused refused -> {
                parts.add(answer("failed, with invalid_event, on " + replyTopics.topicFor(event)
                        + "; and a dead letter on " + settings.kafka().deadLetterTopic()));
                ignored(refused.ignored(), notes);
                yield new Seen(parts, notes, refused.reason());
            }
            case Decoded.End ended -> {
                parts.add(answer("ended, on " + replyTopics.topicFor(event)));
                notes.add(ends(ended.event()));
                ignored(ended.ignored(), notes);
                yield new Seen(parts, notes, null);
            }
            case Decoded.Accepted accepted -> {
                StartConversation start = accepted.event();
                boolean late = isNow && !clock.instant().isBefore(start.expiresAt());
                parts.add(answer((late ? "failed, with expired" : "started, when the provider gives a room") + ", on "
                        + replyTopics.topicFor(event)));
                parts.add(connect(start));
                notes.add("until " + start.expiresAt()
                        + (late ? ", which has passed: nothing is sent to the provider" : "") + "; tenant "
                        + start.tenant());
                additions(start, event, notes);
                ignored(accepted.ignored(), notes);
                yield new Seen(parts, notes, null);
            }
        };
    }

    private static Part published(OriginalRecord event) {
        String key = event.conversationKey();
        return new Part(
                "event",
                "published on " + event.topic() + (key == null ? " without a key" : " with the key " + key),
                shown(event.value()));
    }

    /** Masked; what is no JSON is not quoted, for where a secret begins and ends in it nobody knows. */
    private static JsonNode shown(byte @Nullable [] value) {
        try {
            return value == null ? Json.MAPPER.nullNode() : Secrets.masked(Json.MAPPER.readTree(value));
        } catch (IOException e) {
            return TextNode.valueOf("(" + (value == null ? 0 : value.length) + " bytes that are no JSON)");
        }
    }

    private static Part answer(String text) {
        return new Part("answer", "answered", TextNode.valueOf(text));
    }

    private static Part connect(StartConversation event) {
        byte[] body = new ConnectRequest(
                        event, event.characterSessionId(), event.sceneDescription(), event.dynamicInfo())
                .toBody()
                .toBytes(null);
        try {
            return new Part(
                    "connect", "sent to the provider, POST /connect", Secrets.masked(Json.MAPPER.readTree(body)));
        } catch (IOException e) {
            throw new UncheckedIOException("a request is no JSON", e);
        }
    }

    private void additions(StartConversation event, OriginalRecord original, List<String> notes) {
        TenantSettings tenant = settings.tenant(event.tenant());
        lookedUp("scene_ref", event.sceneRef(), tenant.sceneSource(), "scene_description", notes);
        lookedUp("context_ref", event.contextRef(), tenant.dynamicInfoSource(), "dynamic_info", notes);
        if (event.sceneRef() != null && tenant.sceneSource() == null) {
            notes.add("scene_ref is looked up nowhere: serai.enrich.scene-source names no source");
        }
        if (settings.connect().oneRoomPerEvent() != OneRoomPerEvent.OFF) {
            notes.add("serai.connect.one-room-per-event adds shared_session_key and mode");
        }
        String key = original.conversationKey();
        if (key != null && event.continuity() == Continuity.RESUME && event.characterSessionId() == null) {
            notes.add("if conversation " + key + " is remembered, its character_session_id is added");
        }
    }

    private static void lookedUp(
            String field, @Nullable String reference, @Nullable String source, String added, List<String> notes) {
        if (reference != null && source != null) {
            notes.add(field + " " + reference + " is looked up in source " + source + ", whose answer is added to "
                    + added);
        }
    }

    private static String ends(EndConversation event) {
        return "ends what is open of the conversation"
                + (event.characterId() == null ? "" : " with " + event.characterId())
                + ", and cancels its start events that"
                + " wait; tenant " + event.tenant();
    }

    private static void ignored(IgnoredFields fields, List<String> notes) {
        fields.notes().forEach(note -> notes.add("has no effect: " + note));
    }
}
