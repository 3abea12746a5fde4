package dev.serai.batch.file;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which fields start events have that a row may say, by their schema. Stateless. */
final class EventFields {
    /** No field, but the key of the event's record. */
    static final String CONVERSATION_KEY = "conversation_key";

    /** Said by the job itself. */
    private static final Map<String, String> OF_THE_JOB = Map.of(
            "event_id", "ids of events are made of job and row; --row-id COLUMN adds a name of your own",
            "action", "a job starts conversations",
            "schema_version", "it is the job's",
            "priority", "a job's events always wait behind live ones");

    private static final JsonNode SCHEMA = schema();
    private static final Set<String> KNOWN =
            SCHEMA.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());

    /** Of objects: what is in them is JSON if it can be, but for these. */
    private static final Set<String> OBJECTS_OF_TEXTS = Set.of("end_user_metadata");

    private static final Set<String> TEXTS_IN_OBJECTS = Set.of("dynamic_info.text", "dynamic_info.static_text");

    private EventFields() {}

    private static JsonNode schema() {
        try (InputStream in = EventFields.class.getResourceAsStream("/schema/start-conversation.json")) {
            return Json.MAPPER.readTree(in).path("properties");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The field of that name, if events have one that a row may say.
     *
     * @return null if there is none
     */
    static @Nullable EventField find(String name) {
        List<String> path = List.of(name.split("\\.", -1));
        String first = path.getFirst();
        boolean isWhole = path.size() == 1;
        boolean isWithin = isObject(first) && path.stream().noneMatch(String::isBlank);
        boolean isOfEvent = KNOWN.contains(first) && !OF_THE_JOB.containsKey(first) && (isWhole || isWithin);
        boolean isThere = name.equals(CONVERSATION_KEY) || isOfEvent;
        return isThere ? new EventField(path) : null;
    }

    /**
     * The field of a name that an option gives.
     *
     * @throws IllegalArgumentException if there is none; the message ends the sentence that begins with the option
     */
    static EventField named(String name) {
        EventField field = find(name);
        if (field != null) {
            return field;
        }
        String reserved = OF_THE_JOB.get(name);
        if (reserved != null) {
            throw new IllegalArgumentException("cannot set " + name + ": " + reserved);
        }
        Set<String> names = new TreeSet<>(KNOWN);
        names.removeAll(OF_THE_JOB.keySet());
        names.add(CONVERSATION_KEY);
        throw new IllegalArgumentException("must name a field of start events, or one within " + objects() + ", was "
                + name + "; fields are " + String.join(", ", names));
    }

    private static String objects() {
        return KNOWN.stream()
                .filter(EventFields::isObject)
                .sorted()
                .map(name -> name + ".NAME")
                .collect(Collectors.joining(", "));
    }

    private static boolean isObject(String name) {
        return types(name).contains("object");
    }

    private static String types(String name) {
        return SCHEMA.path(name).path("type").toString();
    }

    /** Whether what it holds is a text, whatever that looks like. */
    static boolean isText(EventField field) {
        String first = field.path().getFirst();
        if (field.path().size() > 1) {
            return OBJECTS_OF_TEXTS.contains(first) || TEXTS_IN_OBJECTS.contains(field.name());
        }
        return field.isConversationKey()
                || SCHEMA.path(first).has("$ref")
                || SCHEMA.path(first).has("enum")
                || types(first).contains("string");
    }
}
