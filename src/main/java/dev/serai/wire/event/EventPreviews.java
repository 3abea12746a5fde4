package dev.serai.wire.event;

import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import dev.serai.wire.cloudevents.CloudEvent;
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
        PreviewedFields fields = new PreviewedFields();
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

    private @Nullable String characterId(PreviewedFields fields) {
        if (fields.characterId != null) {
            return fields.characterId.equals(PreviewedFields.NOT_A_NAME) ? null : fields.characterId;
        }
        return fields.areAllSeen ? defaultCharacterId : null;
    }

    private @Nullable String tenant(PreviewedFields fields) {
        if (!fields.areThere) {
            return null;
        }
        if (fields.tenant == null && !fields.areAllSeen) {
            return tenants.size() == 1 ? tenants.iterator().next() : null;
        }
        String tenant = fields.tenant == null ? StartConversation.DEFAULT_TENANT : fields.tenant;
        return tenants.contains(tenant) ? tenant : null;
    }

    private Instant deadline(OriginalRecord original, PreviewedFields fields, Instant taken) {
        if (fields.expiresAt != null) {
            return EventDefaults.instant(fields.expiresAt).orElseGet(() -> deadlines.unnamed(original, taken));
        }
        return fields.ttlMillis < 0
                ? deadlines.unnamed(original, taken)
                : deadlines.published(original, taken).plus(Duration.ofMillis(fields.ttlMillis));
    }
}
