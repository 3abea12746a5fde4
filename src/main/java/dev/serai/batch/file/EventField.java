package dev.serai.batch.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
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

/**
 * A field of start events, with dots between its names: {@code character_id}, {@code dynamic_info.text}. Immutable.
 *
 * @param path at least one name
 */
record EventField(List<String> path) {
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

    EventField {
        path = List.copyOf(path);
    }

    private static JsonNode schema() {
        try (InputStream in = EventField.class.getResourceAsStream("/schema/start-conversation.json")) {
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
                .filter(EventField::isObject)
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

    String name() {
        return String.join(".", path);
    }

    /** A JSON pointer, as the decoder names it. */
    String pointer() {
        return "/"
                + path.stream()
                        .map(name -> name.replace("~", "~0").replace("/", "~1"))
                        .collect(Collectors.joining("/"));
    }

    boolean isConversationKey() {
        return name().equals(CONVERSATION_KEY);
    }

    /** Of what stands in a cell: text stays text, {@code 007} too; for what is no text, JSON if it is JSON. */
    JsonNode value(String cell) {
        if (isText()) {
            return TextNode.valueOf(cell);
        }
        try {
            JsonNode read = Json.MAPPER.readTree(cell);
            return read.isMissingNode() ? TextNode.valueOf(cell) : read;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(cell);
        }
    }

    private boolean isText() {
        String first = path.getFirst();
        if (path.size() > 1) {
            return OBJECTS_OF_TEXTS.contains(first) || TEXTS_IN_OBJECTS.contains(name());
        }
        return isConversationKey()
                || SCHEMA.path(first).has("$ref")
                || SCHEMA.path(first).has("enum")
                || types(first).contains("string");
    }

    /** Whether another field is in this one. */
    boolean holds(EventField other) {
        return other.path.size() > path.size()
                && other.path.subList(0, path.size()).equals(path);
    }

    /**
     * Sets it in an event, whatever it was.
     *
     * @return false if something that is no object is in its way
     */
    boolean set(ObjectNode event, JsonNode value) {
        ObjectNode holder = holder(event);
        if (holder == null) {
            return false;
        }
        holder.set(path.getLast(), value);
        return true;
    }

    /**
     * Sets it in an event where it is not set yet; of an object, what is in it.
     *
     * @return false if it is there, or something that is no object is in its way
     */
    boolean put(ObjectNode event, JsonNode value) {
        ObjectNode holder = holder(event);
        if (holder == null) {
            return false;
        }
        JsonNode there = holder.putIfAbsent(path.getLast(), value);
        if (there == null) {
            return true;
        }
        return there instanceof ObjectNode before
                && value instanceof ObjectNode more
                && more.properties().stream()
                        .allMatch(field -> before.putIfAbsent(field.getKey(), field.getValue()) == null);
    }

    /** The object that it is in, which is made if it is not there; null if that is no object. */
    private @Nullable ObjectNode holder(ObjectNode event) {
        ObjectNode at = event;
        for (String name : path.subList(0, path.size() - 1)) {
            JsonNode inner = at.get(name);
            if (inner == null || inner.isNull()) {
                inner = JsonNodeFactory.instance.objectNode();
                at.set(name, inner);
            }
            if (!(inner instanceof ObjectNode object)) {
                return null;
            }
            at = object;
        }
        return at;
    }
}
