package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.IgnoredFields;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of an event's fields, and what is said of others. Immutable and thread-safe. */
final class EventFields {
    private static final int MAX_NOTES = 10;

    private static final int MAX_HINTS = 3;

    /** An event can have a hundred thousand; to guess what each was meant for would take seconds. */
    private static final int MAX_NAMES_LOOKED_AT = 100;

    private static final String SCENE = "scene_description";

    private final FieldNames event;
    private final FieldNames sceneElement;

    /** @param schema of start events, or of end events */
    EventFields(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        event = new FieldNames(keys(properties));
        sceneElement = new FieldNames(keys(properties.path(SCENE).path("items").path("properties")));
    }

    private static Set<String> keys(JsonNode properties) {
        return properties.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    /**
     * Refuses what is no start event at all, but would pass for one that says nothing.
     *
     * @throws Refusal with what it is, or seems to be meant
     */
    void requireAny(ObjectNode object) {
        envelope(object).ifPresent(envelope -> {
            throw new Refusal(envelope.reason());
        });
        if (names(object).noneMatch(event::isKnown)) {
            throw new Refusal(
                    "no field of a start event is recognized: expected character_id and others, in snake_case");
        }
    }

    /** Fields that there are not, each with its path, and what was probably meant; of nulls nothing is said. */
    List<String> unknown(ObjectNode object) {
        Stream<String> ofEvent = object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getKey)
                .filter(name -> !event.isKnown(name))
                .limit(MAX_HINTS)
                .map(name -> "/" + event.noField(name));
        Stream<String> ofScene = unknownInScene(object.path(SCENE)).stream()
                .limit(MAX_HINTS)
                .map(name -> "/" + SCENE + "/…/" + sceneElement.noField(name));
        return Stream.concat(ofEvent, ofScene).toList();
    }

    boolean isKnown(String name) {
        return event.isKnown(name);
    }

    Optional<String> suggestion(String name) {
        return event.suggestion(name);
    }

    private static Optional<Envelope> envelope(ObjectNode object) {
        return object.has(EventIdentity.CHARACTER_ID) ? Optional.empty() : Envelope.of(object);
    }

    /** Which fields were probably misspelt, to be added to why an event is refused; empty if that is nothing to think of. */
    String hint(ObjectNode object) {
        if (envelope(object).isPresent()) {
            return "";
        }
        Stream<String> ofEvent = object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getKey)
                .filter(name -> !event.isKnown(name))
                .limit(MAX_NAMES_LOOKED_AT)
                .filter(name -> event.suggestion(name).isPresent())
                .map(event::note);
        Stream<String> ofScene = unknownInScene(object.path(SCENE)).stream()
                .filter(name -> sceneElement.suggestion(name).isPresent())
                .map(name -> SCENE + "[]." + sceneElement.note(name));
        return Stream.concat(ofEvent, ofScene)
                .limit(MAX_HINTS)
                .map(note -> "; " + note)
                .collect(Collectors.joining());
    }

    /**
     * What an event says in fields that there are not, or that have no effect. Nulls mean absent. Of an envelope, whose fields
     * have names of their own, nothing is taken for another name.
     */
    IgnoredFields ignored(ObjectNode object) {
        boolean isEnvelope = envelope(object).isPresent();
        List<String> notes = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isNull() && !event.isKnown(field.getKey())) {
                count++;
                if (notes.size() < MAX_NOTES) {
                    notes.add(isEnvelope ? FieldNames.shown(field.getKey()) : event.note(field.getKey()));
                }
            }
        }
        for (String name : unknownInScene(object.path(SCENE))) {
            count++;
            if (notes.size() < MAX_NOTES) {
                notes.add(SCENE + "[]." + sceneElement.note(name));
            }
        }
        if (isMetadataOfNobody(object)) {
            count++;
            if (notes.size() < MAX_NOTES) {
                notes.add("end_user_metadata: the provider takes it only together with end_user_id");
            }
        }
        if (count > notes.size()) {
            notes.add("and " + (count - notes.size()) + " more");
        }
        return new IgnoredFields(notes, count);
    }

    /** The provider drops it without a word (contract, section 2). */
    private static boolean isMetadataOfNobody(ObjectNode object) {
        return object.hasNonNull("end_user_metadata")
                && !object.hasNonNull("end_user_id")
                && !object.path("connect_options").hasNonNull("end_user_id");
    }

    /** Once each, as many as are looked at. */
    private Set<String> unknownInScene(JsonNode scene) {
        Set<String> unknown = new LinkedHashSet<>();
        if (!scene.isArray()) {
            return unknown;
        }
        for (JsonNode element : scene) {
            for (Map.Entry<String, JsonNode> field : element.properties()) {
                if (unknown.size() < MAX_NAMES_LOOKED_AT && !sceneElement.isKnown(field.getKey())) {
                    unknown.add(field.getKey());
                }
            }
        }
        return unknown;
    }

    private static Stream<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }
}
