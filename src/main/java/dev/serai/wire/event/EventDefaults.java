package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.Priority;
import dev.serai.wire.StartConversation;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What holds for an event that passes its schema and does not say it, and what the operator's rules say of what it does say.
 * Immutable and thread-safe.
 */
final class EventDefaults {
    private static final String EXPIRES_AT = "expires_at";
    private static final String TTL = "ttl_ms";
    private static final int MAX_NAME_LENGTH = 100;

    /** RFC 3339 writes years with four digits. */
    private static final Instant YEAR_0 = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final StartEventDecoder.Rules rules;

    EventDefaults(StartEventDecoder.Rules rules) {
        this.rules = rules;
    }

    /** Whether there is no character for events that name none. */
    boolean needsCharacterId() {
        return rules.defaultCharacterId() == null;
    }

    /** Whether the event says itself until when it is wanted; before it is filled in. */
    static boolean namesDeadline(ObjectNode event) {
        return event.has(EXPIRES_AT) || event.has(TTL);
    }

    /**
     * Fills in what the event does not say.
     *
     * @param event as its schema allows it, without nulls
     * @param taken when the process took its record
     * @throws Refusal if what it says does not go with the rules
     */
    void fillIn(ObjectNode event, OriginalRecord original, Instant taken) {
        event.put("event_id", EventIdentity.of(event).eventIdIn(original));
        if (!event.has("character_id")) {
            if (needsCharacterId()) {
                throw new Refusal("/character_id: is required (or set serai.conversation.default-character-id)");
            }
            event.put("character_id", rules.defaultCharacterId());
        }
        putIfAbsent(event, "connection_type", "audio");
        putIfAbsent(event, "continuity", "resume");
        putIfAbsent(event, "priority", Priority.LIVE.label());
        tenant(event);
        if (!event.has("scene_description")) {
            event.putArray("scene_description");
        }
        if (!event.has("connect_options")) {
            event.putObject("connect_options");
        }
        checkOptions(event.get("connect_options"));
        event.put("context_ref", contextRef(event, original));
        event.put(EXPIRES_AT, deadline(event, original, taken).toString());
        JsonNode closeAfter = event.get("close_after_ms");
        event.put(
                "close_after",
                closeAfter == null
                        ? null
                        : Duration.ofMillis(closeAfter.asLong()).toString());
    }

    /**
     * Whose the event is, which it says from now on if it did not.
     *
     * @throws Refusal if there is no such tenant
     */
    String tenant(ObjectNode event) {
        putIfAbsent(event, "tenant", StartConversation.DEFAULT_TENANT);
        String tenant = String.valueOf(text(event, "tenant"));
        if (!rules.tenants().contains(tenant)) {
            // Not the names of those that there are: publishers of one need not know the others.
            throw new Refusal("/tenant: " + FieldNames.shown(tenant)
                    + " is unknown; tenants are those of serai.tenants.NAME.*"
                    + (rules.tenants().contains(StartConversation.DEFAULT_TENANT)
                            ? ", and \"" + StartConversation.DEFAULT_TENANT + "\""
                            : "; \"" + StartConversation.DEFAULT_TENANT
                                    + "\" is none while serai.connect.api-key is not set"));
        }
        return tenant;
    }

    private static void putIfAbsent(ObjectNode event, String field, String value) {
        if (!event.has(field)) {
            event.put(field, value);
        }
    }

    private void checkOptions(JsonNode options) {
        options.fieldNames().forEachRemaining(name -> {
            if (!rules.allowedOptions().contains(name)) {
                throw new Refusal("/connect_options/"
                        + EventJson.brief(name, MAX_NAME_LENGTH)
                                .replace("~", "~0")
                                .replace("/", "~1")
                        + ": not allowed, expected one of " + new TreeSet<>(rules.allowedOptions())
                        + " (serai.connect.allowed-options)");
            }
        });
    }

    private static @Nullable String contextRef(ObjectNode event, OriginalRecord original) {
        return Optional.ofNullable(text(event, "context_ref"))
                .or(() -> Optional.ofNullable(text(event, "end_user_id")))
                .or(() -> Optional.ofNullable(text(event, "speaker_id")))
                .orElseGet(original::conversationKey);
    }

    private Instant deadline(ObjectNode event, OriginalRecord original, Instant taken) {
        String expiresAt = text(event, EXPIRES_AT);
        JsonNode ttl = event.get(TTL);
        if (expiresAt != null && ttl != null) {
            throw new Refusal("/ttl_ms: expected at most one of expires_at and ttl_ms");
        }
        if (expiresAt == null) {
            return ttl == null
                    ? rules.deadlines().unnamed(original, taken)
                    : rules.deadlines().published(original, taken).plus(Duration.ofMillis(ttl.asLong()));
        }
        return instant(expiresAt)
                .orElseThrow(
                        () -> new Refusal("/expires_at: expected an RFC 3339 date and time such as 2026-01-31T10:00:00Z"
                                + EpochTime.hint(expiresAt)));
    }

    /** Empty for what RFC 3339 has no form for, such as the years that Java has before 0 and after 9999. */
    static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant())
                    .filter(instant -> !instant.isBefore(YEAR_0) && instant.isBefore(YEAR_10000));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(ObjectNode event, String field) {
        JsonNode value = event.get(field);
        return value != null && value.isTextual() ? value.textValue() : null;
    }
}
