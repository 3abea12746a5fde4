package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Provenance;
import dev.serai.wire.SceneElement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes scenes of what a source says. */
public final class SceneShape implements Shape<FoundScene> {
    private final EnrichmentLimits limits;
    private final SceneFields fields;

    public SceneShape(EnrichmentLimits limits, SceneFields fields) {
        this.limits = limits;
        this.fields = fields;
    }

    @Override
    public Piece piece() {
        return Piece.SCENE;
    }

    /**
     * The scene in a source's answer. Of elements with one name the first counts; those without a name are left out. A
     * number or a boolean is taken for its text, null for an empty one, and so is a field that only other elements have.
     * Names are one line without blanks around it.
     *
     * @throws SourceFailedException if the answer has not the shape of a scene, or half a character in it
     */
    @Override
    public FoundScene read(JsonNode answer) throws SourceFailedException {
        List<SceneElement> elements = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int number = 0;
        int nameless = 0;
        int leftOut = 0;
        int cutNames = 0;
        int cutDescriptions = 0;
        ArrayNode rows = array(answer);
        requireInOne(rows, fields.name());
        requireInOne(rows, fields.description());
        for (JsonNode row : rows) {
            String what = "scene element " + ++number;
            String wholeName = Texts.line(text(row, fields.name(), what));
            String wholeDescription = Texts.withoutControls(text(row, fields.description(), what));
            String name = name(wholeName);
            if (name.isEmpty()) {
                nameless++;
            } else if (names.add(name)) {
                if (elements.size() == limits.sceneElements()) {
                    leftOut++;
                    continue;
                }
                String description = Characters.atMost(limits.descriptionCharacters(), wholeDescription);
                cutNames += name.length() < wholeName.length() ? 1 : 0;
                cutDescriptions += description.length() < wholeDescription.length() ? 1 : 0;
                elements.add(new SceneElement(name, description));
            }
        }
        List<String> notes = new ArrayList<>();
        if (nameless > 0) {
            notes.add("scene: %d of %d elements left out (no name)".formatted(nameless, number));
        }
        if (cutNames > 0) {
            notes.add("scene: %d of %d names cut (at most %d characters)"
                    .formatted(cutNames, elements.size(), limits.nameCharacters()));
        }
        if (cutDescriptions > 0) {
            notes.add("scene: %d of %d descriptions cut (at most %d characters)"
                    .formatted(cutDescriptions, elements.size(), limits.descriptionCharacters()));
        }
        return new FoundScene(elements, leftOut, notes);
    }

    private ArrayNode array(JsonNode answer) throws SourceFailedException {
        String field = fields.elements();
        if (answer instanceof ArrayNode array) {
            return array;
        }
        if (field != null && answer.path(field) instanceof ArrayNode array) {
            return array;
        }
        throw SourceFailedException.unusable("the scene is no array"
                + (field == null ? "" : ", and no object with an array in field \"" + field + "\""));
    }

    /** A field that all lack has another name than the settings say; one that some lack was left out for being null. */
    private static void requireInOne(ArrayNode rows, String field) throws SourceFailedException {
        for (JsonNode row : rows) {
            if (row.has(field)) {
                return;
            }
        }
        if (!rows.isEmpty()) {
            throw SourceFailedException.unusable("no scene element has the field \"%s\"".formatted(field));
        }
    }

    private static String text(JsonNode row, String field, String what) throws SourceFailedException {
        String text = row.isObject() && !row.has(field) ? "" : Texts.field(row, field, what);
        Texts.requireEncodable(text, what);
        return text;
    }

    private String name(String line) {
        return Characters.atMost(limits.nameCharacters(), line).stripTrailing();
    }

    @Override
    public Enrichment addTo(Enrichment enrichment, FoundScene found, Provenance from) {
        Shaped<List<SceneElement>> scene = merge(enrichment.scene(), found);
        return enrichment.withScene(scene.value(), from.noting(scene.notes()));
    }

    /**
     * The event's own elements, all of them as they are, and then those found elements whose names the event does not
     * have, as far as the limits of the whole scene allow. Once an element does not fit, none of those after it is taken.
     */
    Shaped<List<SceneElement>> merge(List<SceneElement> inline, FoundScene found) {
        Set<String> names = new HashSet<>();
        inline.forEach(element -> names.add(name(Texts.line(element.name()))));
        List<SceneElement> others = found.elements().stream()
                .filter(element -> !names.contains(element.name()))
                .toList();
        List<String> notes = new ArrayList<>(found.notes());
        int total = inline.size() + others.size() + found.leftOut();
        int places = Math.clamp((long) limits.sceneElements() - inline.size(), 0, others.size());
        int wanted = inline.size() + places;
        if (wanted < total) {
            notes.add("scene: %d of %d elements left out (at most %d)"
                    .formatted(total - wanted, total, limits.sceneElements()));
        }
        List<SceneElement> all = new ArrayList<>(inline);
        long characters = inline.stream().mapToLong(SceneShape::characters).sum();
        for (SceneElement element : others.subList(0, places)) {
            characters += characters(element);
            if (characters > limits.sceneCharacters()) {
                break;
            }
            all.add(element);
        }
        if (all.size() < wanted) {
            notes.add("scene: %d of %d elements left out (at most %d characters together)"
                    .formatted(wanted - all.size(), wanted, limits.sceneCharacters()));
        }
        return new Shaped<>(List.copyOf(all), notes);
    }

    private static long characters(SceneElement element) {
        return (long) element.name().length() + element.description().length();
    }
}
