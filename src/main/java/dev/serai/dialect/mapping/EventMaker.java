package dev.serai.dialect.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.EndConversation;
import dev.serai.wire.event.EventForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes events of what a mapping's expression has made, complete with the intake's defaults. Immutable and thread-safe. */
final class EventMaker {
    static final String CONVERSATION = "conversation";
    private static final String OCCURRED_AT = "occurred_at";
    private static final String ROW = "row";

    /** What a mapping says of an event besides the event's own fields. */
    static final Set<String> OWN_FIELDS = Set.of(CONVERSATION, OCCURRED_AT, ROW);

    /** Of the row that an event names, unless the event says it itself; the last only in start events. */
    private static final List<String> OF_ROW = List.of("character_id", "tenant", "scene_ref");

    private static final String CHARACTER_ID = "character_id";
    private static final String TENANT = "tenant";
    private static final String IGNORE = "ignore";
    private static final String EXPIRES_AT = "expires_at";
    static final String EVENT_ID = "event_id";

    private static final String NOTHING = "nothing";
    private static final String OF_TABLE = "table";
    private static final int MAX_EVENTS = 1_000;
    private static final int MAX_KEY_LENGTH = 512;

    private final EventForm form;
    private final MappingDefaults defaults;

    EventMaker(EventForm form, MappingDefaults defaults) {
        this.form = form;
        this.defaults = defaults;
    }

    /**
     * @param result of the expression
     * @param timestamp of the record: what the mapping has no time of happened then, and so did what it says happened later,
     *     for no clock that is fast may keep a call alive
     * @throws RejectedRecord if one of what should be events is none
     */
    MappingResult.Mapped events(@Nullable Object result, Instant timestamp) {
        List<MappedEvent> events = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        switch (result) {
            case null -> {}
            case List<?> list -> {
                if (list.size() > MAX_EVENTS) {
                    throw new RejectedRecord("/: the mapping makes " + list.size() + " events, at most " + MAX_EVENTS
                            + " may come from one record");
                }
                for (int i = 0; i < list.size(); i++) {
                    take(list.get(i), "/" + i, timestamp, events, ignored);
                }
            }
            default -> take(result, "", timestamp, events, ignored);
        }
        if (events.isEmpty() && ignored.isEmpty()) {
            ignored.add(NOTHING);
        }
        return new MappingResult.Mapped(events, ignored);
    }

    private void take(
            @Nullable Object made, String path, Instant timestamp, List<MappedEvent> events, List<String> ignored) {
        if (made == null) {
            return;
        }
        if (!(made instanceof Map<?, ?> object)) {
            throw new RejectedRecord(
                    (path.isEmpty() ? "/" : path) + ": the mapping must make objects, of events or by $ignore");
        }
        if (object.get(MappingFunctions.IGNORED) instanceof String label) {
            // The mapping may have made it without the function, or taken it out of the record.
            ignored.add(MappingFunctions.label(label));
            return;
        }
        ObjectNode event = (ObjectNode) Values.toJson(object, path);
        if (isIgnoredByRow(event.get(ROW))) {
            ignored.add(OF_TABLE);
            return;
        }
        String key = key(event.remove(CONVERSATION), path);
        Instant occurred = occurred(event.remove(OCCURRED_AT), path)
                .filter(said -> said.isBefore(timestamp))
                .orElse(timestamp);
        complete(event, event.remove(ROW), occurred);
        require(event, EVENT_ID, path);
        form.problems(event).ifPresent(problems -> {
            // Each has its own path, behind that of the event.
            throw new RejectedRecord(path.isEmpty() ? problems : path + problems.replace("; /", "; " + path + "/"));
        });
        events.add(new MappedEvent(key, event));
    }

    private static boolean isIgnoredByRow(@Nullable JsonNode row) {
        return row != null && row.path(IGNORE).asBoolean();
    }

    private static String key(@Nullable JsonNode conversation, String path) {
        if (conversation == null || conversation.isNull()) {
            throw new RejectedRecord(path + "/" + CONVERSATION + ": is missing");
        }
        if (!conversation.isTextual()) {
            throw new RejectedRecord(path + "/" + CONVERSATION + ": must be a string, such as $string makes");
        }
        String key = conversation.textValue();
        if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw new RejectedRecord(path + "/" + CONVERSATION + ": must have 1 to " + MAX_KEY_LENGTH
                    + " characters, has " + key.strip().length());
        }
        return key;
    }

    private static Optional<Instant> occurred(@Nullable JsonNode time, String path) {
        if (time == null || time.isNull()) {
            return Optional.empty();
        }
        Optional<Instant> occurred = Times.instant(time.textValue());
        if (occurred.isEmpty()) {
            throw new RejectedRecord(path + "/" + OCCURRED_AT + ": must be a time as $time makes it");
        }
        return occurred;
    }

    private void complete(ObjectNode event, @Nullable JsonNode row, Instant occurred) {
        boolean isStart =
                !EndConversation.END.equals(event.path(EndConversation.ACTION).textValue());
        if (row != null) {
            for (String field : OF_ROW) {
                if ((isStart || field.equals(TENANT)) && row.hasNonNull(field)) {
                    putIfAbsent(event, field, row.get(field).asText());
                }
            }
        }
        putIfAbsent(event, TENANT, defaults.tenant());
        if (isStart) {
            putIfAbsent(event, CHARACTER_ID, defaults.characterId());
            if (!event.hasNonNull(EXPIRES_AT) && !event.hasNonNull("ttl_ms")) {
                event.put(EXPIRES_AT, Times.text(occurred.plus(defaults.ttl())));
            }
        }
    }

    private static void putIfAbsent(ObjectNode event, String field, @Nullable String value) {
        if (value != null && !event.hasNonNull(field)) {
            event.put(field, value);
        }
    }

    private static void require(ObjectNode event, String field, String path) {
        if (!event.hasNonNull(field)) {
            throw new RejectedRecord(path + "/" + field + ": is missing");
        }
    }
}
