package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.EndConversation;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import dev.serai.wire.cloudevents.CloudEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a record of the start topic into a start event or an end event with all of its defaults, or says what is wrong with
 * it. Total:
 * no bytes make it throw. Immutable and thread-safe.
 */
public final class StartEventDecoder {
    private final Rules rules;
    private final ReplyTopics replyTopics;
    private final EventDefaults defaults;
    private final Format start = new Format(EventSchema.start());
    private final Format end = new Format(EventSchema.end());

    /** What an event may say. */
    private record Format(EventSchema schema, EventFields fields) {
        Format(EventSchema schema) {
            this(schema, schema.fields());
        }
    }

    /**
     * What the operator decides.
     *
     * @param defaultCharacterId for events that name no character; null if they must
     * @param deadlines of events that name none
     * @param maxEventBytes the longest event
     * @param allowedOptions what {@code connect_options} may hold
     * @param tenants whom events may name
     */
    public record Rules(
            @Nullable String defaultCharacterId,
            Deadlines deadlines,
            int maxEventBytes,
            Set<String> allowedOptions,
            Set<String> tenants) {}

    public StartEventDecoder(Rules rules, ReplyTopics replyTopics) {
        this.rules = rules;
        this.replyTopics = replyTopics;
        defaults = new EventDefaults(rules);
    }

    /** Whether each event has to say its character, because there is no default. */
    public boolean needsCharacterId() {
        return defaults.needsCharacterId();
    }

    /**
     * Decodes one record.
     *
     * @param taken when the process took it, which may be long ago
     */
    public Decoded decode(OriginalRecord original, Instant taken) {
        try {
            EventJson.checkSize(original.value(), rules.maxEventBytes());
        } catch (Refusal refusal) {
            return refuse(original, refusal.reason());
        }
        Optional<CloudEvent> envelope = CloudEvent.in(original);
        return envelope.isEmpty() ? decode(original, null, taken) : decode(envelope.get(), original, taken);
    }

    private Decoded decode(CloudEvent envelope, OriginalRecord original, Instant taken) {
        OriginalRecord event = envelope.unwrapped(original);
        if (envelope.problem() != null) {
            return refused(envelope.problem(), EventIdentity.read(event.value()), event, IgnoredFields.NONE);
        }
        Decoded decoded = decode(event, envelope.action(), taken);
        return decoded instanceof Decoded.Refused refused
                        && !envelope.dataPlace().isEmpty()
                ? refused.in(envelope.dataPlace())
                : decoded;
    }

    /** @param action what the envelope says that the event does; null if only the event itself says so */
    private Decoded decode(OriginalRecord original, CloudEvent.@Nullable Action action, Instant taken) {
        ObjectNode event;
        try {
            event = EventJson.parse(original, rules.maxEventBytes());
        } catch (Refusal refusal) {
            return refused(refusal.reason(), EventIdentity.read(original.value()), original, IgnoredFields.NONE);
        }
        boolean ends =
                action == CloudEvent.Action.END || EndConversation.END.equals(text(event, EndConversation.ACTION));
        Format format = ends ? end : start;
        EventFields fields = format.fields();
        try {
            if (action == CloudEvent.Action.END && !event.hasNonNull(EndConversation.ACTION)) {
                event.put(EndConversation.ACTION, EndConversation.END);
            }
            fields.requireAny(event);
            checkAction(event, action);
            withoutNulls(event);
            format.schema().problems(event).ifPresent(problems -> {
                throw new Refusal(problems);
            });
            checkReplyAddress(original);
            IgnoredFields ignored = fields.ignored(event);
            if (ends) {
                return new Decoded.End(toEndConversation(event, original), ignored);
            }
            boolean namesDeadline = EventDefaults.namesDeadline(event);
            defaults.fillIn(event, original, taken);
            return new Decoded.Accepted(toStartConversation(event), ignored, namesDeadline);
        } catch (Refusal refusal) {
            return refused(
                    refusal.reason() + fields.hint(event), EventIdentity.of(event), original, fields.ignored(event));
        } catch (JsonProcessingException e) {
            // Not its message: it quotes the value.
            return refused(
                    "the event passes its schema but cannot be read",
                    EventIdentity.of(event),
                    original,
                    fields.ignored(event));
        }
    }

    private static void checkAction(ObjectNode event, CloudEvent.@Nullable Action ofType) {
        JsonNode action = event.path(EndConversation.ACTION);
        if (action.isMissingNode() || action.isNull()) {
            return;
        }
        boolean ends = EndConversation.END.equals(action.textValue());
        if (!ends && !EndConversation.START.equals(action.textValue())) {
            throw new Refusal("/action: must be \"start\", which is the default, or \"end\"");
        }
        if (ofType != null && ends != (ofType == CloudEvent.Action.END)) {
            throw new Refusal(
                    "/action: \"" + action.textValue() + "\" contradicts the CloudEvent's type, " + ofType.type());
        }
    }

    private EndConversation toEndConversation(ObjectNode event, OriginalRecord original) {
        if (original.conversationKey() == null) {
            throw new Refusal(
                    "the event ends a conversation, and has no key that says which: publish it with the key of"
                            + " the start events that it is about");
        }
        boolean forGood = event.path(EndConversation.FINAL).asBoolean();
        String characterId = text(event, EventIdentity.CHARACTER_ID);
        if (forGood && characterId != null) {
            throw new Refusal(
                    "/character_id: expected none in an event of \"final\": true, which ends the conversation for"
                            + " all characters; leave it out, or \"final\"");
        }
        return new EndConversation(
                EventIdentity.of(event).eventIdIn(original),
                characterId,
                text(event, "reason"),
                defaults.tenant(event),
                forGood);
    }

    /** Objects that the provider is to read and nobody else are taken over as they are: Jackson would copy their trees. */
    private static StartConversation toStartConversation(ObjectNode event) throws JsonProcessingException {
        ObjectNode metadata = (ObjectNode) event.remove("end_user_metadata");
        ObjectNode dynamicInfo = (ObjectNode) event.remove("dynamic_info");
        ObjectNode options = (ObjectNode) event.replace("connect_options", Json.MAPPER.createObjectNode());
        StartConversation read = Json.MAPPER.treeToValue(event, StartConversation.class);
        return read.withContent(metadata, read.sceneDescription(), dynamicInfo, options);
    }

    /** Whether a record is longer than an event may be: {@link #decode} refuses it without a look into it. */
    public boolean isTooLong(OriginalRecord original) {
        byte[] value = original.value();
        return value != null && value.length > rules.maxEventBytes();
    }

    /** Refuses a record that is not parsed, for a reason that the publisher reads. */
    public Decoded.Refused refuse(OriginalRecord original, String reason) {
        OriginalRecord event = CloudEvent.unwrap(original);
        return refused(reason, EventIdentity.read(event.value()), event, IgnoredFields.NONE);
    }

    /** The bytes that are decoded of a record: the event itself, without what it is wrapped in. */
    public static byte @Nullable [] content(OriginalRecord original) {
        return CloudEvent.unwrap(original).value();
    }

    /** What an event calls itself, for who cannot wait until it is decoded: its id, or else the position of its record. */
    public static String eventId(OriginalRecord original) {
        OriginalRecord event = CloudEvent.unwrap(original);
        return EventIdentity.read(event.value()).eventIdIn(event);
    }

    private static Decoded.Refused refused(
            String reason, EventIdentity event, OriginalRecord original, IgnoredFields ignored) {
        return new Decoded.Refused(
                reason, event.eventIdIn(original), event.characterId(), event.connectionType(), ignored);
    }

    /** Null means absent: publishers' serializers write nulls for what is not set. */
    static void withoutNulls(ObjectNode event) {
        removeNulls(event);
        removeNulls(event.get("connect_options"));
        JsonNode dynamicInfo = event.get("dynamic_info");
        removeNulls(dynamicInfo);
        if (dynamicInfo instanceof ObjectNode information && information.isEmpty()) {
            event.remove("dynamic_info");
        }
    }

    private static void removeNulls(@Nullable JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
    }

    private void checkReplyAddress(OriginalRecord original) {
        replyTopics.forbidden(original).ifPresent(topic -> {
            throw new Refusal("header " + topic.header()
                    + ": the topic is not among those that requests may name (serai.reply.allowed-topics)");
        });
        replyTopics
                .partition(original)
                .filter(partition -> !partition.isReadable())
                .ifPresent(partition -> {
                    throw new Refusal("header " + partition.header()
                            + ": expected the partition's number in 4 bytes, the highest first");
                });
    }

    private static @Nullable String text(ObjectNode event, String field) {
        JsonNode value = event.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }
}
