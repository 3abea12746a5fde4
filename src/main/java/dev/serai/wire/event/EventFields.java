package dev.serai.wire.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.IgnoredFields;
import dev.serai.wire.NearestNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of an event's fields, and what is said of others. Immutable and thread-safe. */
final class EventFields {
    private static final int MAX_NOTES = 10;

    /** What a name looks like. Where a quotation mark was lost, any value can stand in its place: that is not repeated. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.:$@ -]{1,40}");

    private static final int MAX_HINTS = 3;

    /** An event can have a hundred thousand; to guess what each was meant for would take seconds. */
    private static final int MAX_NAMES_LOOKED_AT = 100;

    private static final int TYPING_ERRORS = 2;

    /** What is shorter ends or resembles too many names. */
    private static final int SHORTEST_LIKENESS = 4;

    private static final String SCENE = "scene_description";

    private final Names event;
    private final Names sceneElement;

    /** @param schema of start events, or of end events */
    EventFields(JsonNode schema) {
        JsonNode properties = schema.path("properties");
        event = new Names(keys(properties));
        sceneElement = new Names(keys(properties.path(SCENE).path("items").path("properties")));
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
        if (names(object).noneMatch(event.known::contains)) {
            throw new Refusal(
                    "no field of a start event is recognized: expected character_id and others, in snake_case");
        }
    }

    /** Fields that there are not, each with its path, and what was probably meant; of nulls nothing is said. */
    List<String> unknown(ObjectNode object) {
        Stream<String> ofEvent = object.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(Map.Entry::getKey)
                .filter(name -> !event.known.contains(name))
                .limit(MAX_HINTS)
                .map(name -> "/" + noField(event, name));
        Stream<String> ofScene = unknownInScene(object.path(SCENE)).stream()
                .limit(MAX_HINTS)
                .map(name -> "/" + SCENE + "/…/" + noField(sceneElement, name));
        return Stream.concat(ofEvent, ofScene).toList();
    }

    private static String noField(Names names, String name) {
        return shown(name)
                + ": is no field"
                + names.suggestion(name)
                        .map(meant -> ", did you mean " + meant + "?")
                        .orElse("");
    }

    boolean isKnown(String name) {
        return event.known.contains(name);
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
                .filter(name -> !event.known.contains(name))
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
     * What an event says in fields that there are not, or that have no effect. Nulls mean absent. Of an envelope, whose fields have names of their
     * own, nothing is taken for another name.
     */
    IgnoredFields ignored(ObjectNode object) {
        boolean isEnvelope = envelope(object).isPresent();
        List<String> notes = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isNull() && !event.known.contains(field.getKey())) {
                count++;
                if (notes.size() < MAX_NOTES) {
                    notes.add(isEnvelope ? shown(field.getKey()) : event.note(field.getKey()));
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
                if (unknown.size() < MAX_NAMES_LOOKED_AT && !sceneElement.known.contains(field.getKey())) {
                    unknown.add(field.getKey());
                }
            }
        }
        return unknown;
    }

    /** A name, if it looks like one. */
    static String shown(String name) {
        return NAME.matcher(name).matches()
                ? name
                : "a name of " + name.codePointCount(0, name.length())
                        + (name.length() == 1 ? " character" : " characters");
    }

    private static Stream<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey);
    }

    /** Names that there are, and which of them another one is meant for. */
    private static final class Names {
        private final Set<String> known;
        private final Map<String, String> bySpelling;

        Names(Set<String> known) {
            this.known = Set.copyOf(known);
            bySpelling = known.stream().collect(Collectors.toMap(Names::spelling, name -> name));
        }

        /** Whatever a language's convention makes of a name. */
        private static String spelling(String name) {
            return name.replaceAll("[_. -]", "").toLowerCase(Locale.ROOT);
        }

        String note(String unknown) {
            return shown(unknown)
                    + suggestion(unknown)
                            .map(meant -> ": did you mean " + meant + "?")
                            .orElse("");
        }

        /** The same in another spelling, or with a typing error, or the only one that ends like it. */
        Optional<String> suggestion(String unknown) {
            if (!NAME.matcher(unknown).matches()) {
                return Optional.empty();
            }
            String spelling = spelling(unknown);
            if (bySpelling.containsKey(spelling)) {
                return Optional.of(bySpelling.get(spelling));
            }
            if (spelling.length() < SHORTEST_LIKENESS) {
                return Optional.empty();
            }
            return only(NearestNames.within(TYPING_ERRORS, spelling, bySpelling.keySet()))
                    .or(() -> only(bySpelling.keySet().stream()
                            .filter(name -> name.endsWith(spelling))
                            .toList()))
                    .map(bySpelling::get);
        }

        private static Optional<String> only(Collection<String> names) {
            return names.size() == 1 ? names.stream().findFirst() : Optional.empty();
        }
    }
}
