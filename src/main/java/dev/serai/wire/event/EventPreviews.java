package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.wire.EndConversation;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.RegistryFrame;
import dev.serai.wire.StartConversation;
import dev.serai.wire.cloudevents.CloudEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event's tenant, character, action, priority and deadline from its first 64 KiB, without decoding it: cheap enough for
 * the consumer's thread, and for events that wait as the bytes that they are. Never fails: of what cannot be read it says
 * what holds for events that say nothing. Immutable and thread-safe.
 */
public final class EventPreviews {
    /** Of an event so many bytes are looked at: some 0.1 ms. What stands behind them has no say in when its turn is. */
    private static final int LOOKED_AT = 64 << 10;

    /** Who puts these first has an event of any length seen as it is. */
    public static final List<String> FIELDS = List.of(
            EventIdentity.EVENT_ID, "priority", "tenant", EventIdentity.CHARACTER_ID, "action", "expires_at", "ttl_ms");

    /** As in the schema. */
    private static final long MAX_TTL_MILLIS = 31_536_000_000L;

    /** No tenant and no character has this name. */
    private static final String NOT_A_NAME = "";

    private final Deadlines deadlines;
    private final Set<String> tenants;
    private final @Nullable String defaultCharacterId;

    /**
     * @param deadlines of events that name none
     * @param tenants whom events may name
     * @param defaultCharacterId of events that name no character; null if they must
     */
    public EventPreviews(Deadlines deadlines, Set<String> tenants, @Nullable String defaultCharacterId) {
        this.deadlines = deadlines;
        this.tenants = Set.copyOf(tenants);
        this.defaultCharacterId = defaultCharacterId;
    }

    /**
     * What can be seen of one record.
     *
     * @param taken when the process took it
     */
    public EventPreview of(OriginalRecord original, Instant taken) {
        return of(original, taken, LOOKED_AT);
    }

    /** The same of a record of any length, for who has the time that this takes. */
    public EventPreview ofWhole(OriginalRecord original, Instant taken) {
        return of(original, taken, Integer.MAX_VALUE);
    }

    private EventPreview of(OriginalRecord original, Instant taken, int maxBytes) {
        return CloudEvent.in(original, maxBytes)
                .map(envelope -> of(envelope.unwrapped(original), envelope.action(), taken, maxBytes))
                .orElseGet(() -> of(original, null, taken, maxBytes));
    }

    /** @param action what the envelope says that it does; null if only the event itself says so */
    private EventPreview of(OriginalRecord original, CloudEvent.@Nullable Action action, Instant taken, int maxBytes) {
        Fields fields = new Fields();
        byte[] value = original.value();
        if (value != null) {
            fields.readFrom(value, maxBytes);
        }
        boolean ends = action == null ? fields.ends : action == CloudEvent.Action.END;
        return new EventPreview(
                tenant(fields), deadline(original, fields, taken), characterId(fields), fields.priority, ends);
    }

    /** Whether all of the record's value is looked at. */
    public static boolean seesAllOf(OriginalRecord original) {
        byte[] value = original.value();
        return value == null || value.length <= LOOKED_AT;
    }

    /** What an event calls itself in what is looked at; else what its headers call it, or the position of its record. */
    public static String eventId(OriginalRecord original) {
        OriginalRecord event = CloudEvent.in(original, LOOKED_AT)
                .map(envelope -> envelope.unwrapped(original))
                .orElse(original);
        return EventIdentity.read(event.value(), LOOKED_AT).eventIdIn(event);
    }

    private @Nullable String characterId(Fields fields) {
        if (fields.characterId != null) {
            return fields.characterId.equals(NOT_A_NAME) ? null : fields.characterId;
        }
        return fields.areAllSeen ? defaultCharacterId : null;
    }

    private @Nullable String tenant(Fields fields) {
        if (!fields.areThere) {
            return null;
        }
        if (fields.tenant == null && !fields.areAllSeen) {
            return tenants.size() == 1 ? tenants.iterator().next() : null;
        }
        String tenant = fields.tenant == null ? StartConversation.DEFAULT_TENANT : fields.tenant;
        return tenants.contains(tenant) ? tenant : null;
    }

    private Instant deadline(OriginalRecord original, Fields fields, Instant taken) {
        if (fields.expiresAt != null) {
            return EventDefaults.instant(fields.expiresAt).orElseGet(() -> deadlines.unnamed(original, taken));
        }
        return fields.ttlMillis < 0
                ? deadlines.unnamed(original, taken)
                : deadlines.published(original, taken).plus(Duration.ofMillis(fields.ttlMillis));
    }

    /** The fields that were found so far. */
    private static final class Fields {
        private boolean areThere;
        private boolean areAllSeen;
        private boolean ends;
        private Priority priority = Priority.LIVE;
        private @Nullable String tenant;
        private @Nullable String expiresAt;
        private @Nullable String characterId;
        private long ttlMillis = -1;

        void readFrom(byte[] value, int maxBytes) {
            int begin = RegistryFrame.length(value);
            try (JsonParser parser = Json.MAPPER.createParser(value, begin, Math.min(value.length - begin, maxBytes))) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    areThere = true;
                    readFields(parser);
                }
            } catch (IOException e) {
                // Decoding says what is wrong with it, if anything is: an event can be longer than what is looked at.
            }
        }

        private void readFields(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "tenant" -> tenant = name(token, parser);
                    case "character_id" -> characterId = name(token, parser);
                    case "action" ->
                        ends = token == JsonToken.VALUE_STRING && EndConversation.END.equals(parser.getText());
                    case "priority" ->
                        priority = token == JsonToken.VALUE_STRING
                                        && Priority.BATCH.label().equals(parser.getText())
                                ? Priority.BATCH
                                : Priority.LIVE;
                    case "expires_at" -> expiresAt = token == JsonToken.VALUE_STRING ? parser.getText() : null;
                    case "ttl_ms" -> {
                        if (token.isNumeric()) {
                            readTtl(parser.getDoubleValue());
                        }
                    }
                    default -> {}
                }
                parser.skipChildren();
            }
            areAllSeen = true;
        }

        /** A whole number counts however it is written, such as {@code 10e3}. */
        private void readTtl(double millis) {
            if (millis == Math.rint(millis) && Math.abs(millis) < Long.MAX_VALUE) {
                ttlMillis = (long) Math.clamp(millis, 0, MAX_TTL_MILLIS);
            }
        }

        private static @Nullable String name(JsonToken token, JsonParser parser) throws IOException {
            return switch (token) {
                case VALUE_STRING -> parser.getText();
                case VALUE_NULL -> null;
                default -> NOT_A_NAME;
            };
        }
    }
}
