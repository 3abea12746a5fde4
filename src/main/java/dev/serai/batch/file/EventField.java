package dev.serai.batch.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.wire.Json;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A field of start events, with dots between its names: {@code character_id}, {@code dynamic_info.text}. Immutable.
 *
 * @param path at least one name
 */
record EventField(List<String> path) {
    EventField {
        path = List.copyOf(path);
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
        return name().equals(EventFields.CONVERSATION_KEY);
    }

    /** Of what stands in a cell: text stays text, {@code 007} too; for what is no text, JSON if it is JSON. */
    JsonNode value(String cell) {
        if (EventFields.isText(this)) {
            return TextNode.valueOf(cell);
        }
        try {
            JsonNode read = Json.MAPPER.readTree(cell);
            return read.isMissingNode() ? TextNode.valueOf(cell) : read;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(cell);
        }
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
