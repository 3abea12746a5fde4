package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import dev.serai.wire.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes dynamic texts of what a source says: of a field that has the text, or with a template. The answer is an object, or
 * an array of rows, of which the first counts.
 */
public final class TextShape implements Shape<FoundText> {
    private final EnrichmentLimits limits;
    private final Set<String> fields;
    private final Reading reading;

    private interface Reading {
        Shaped<String> of(JsonNode answer) throws SourceFailedException;
    }

    private TextShape(EnrichmentLimits limits, Set<String> fields, Reading reading) {
        this.limits = limits;
        this.fields = fields;
        this.reading = reading;
    }

    /** The text is in a field. A number or a boolean is taken for its text. */
    public static TextShape ofField(EnrichmentLimits limits, String field) {
        return new TextShape(
                limits,
                Set.of(field),
                answer -> new Shaped<>(Texts.field(answer, field, "the dynamic information"), List.of()));
    }

    /** The text is made of the fields. */
    public static TextShape ofTemplate(EnrichmentLimits limits, TextTemplate template) {
        return new TextShape(limits, template.needed(), template::render);
    }

    /** What an answer must have, or else nothing is made of it, or less than the template says. */
    public Set<String> fields() {
        return fields;
    }

    @Override
    public Piece piece() {
        return Piece.DYNAMIC_INFO;
    }

    /**
     * The text of a source's answer.
     *
     * @throws SourceFailedException if the answer has no such text, or half a character in it
     */
    @Override
    public FoundText read(JsonNode answer) throws SourceFailedException {
        Shaped<String> said = first(answer);
        Texts.requireEncodable(said.value(), "the dynamic information");
        String whole = Texts.withoutControls(said.value());
        if (whole.isBlank()) {
            return new FoundText("", 0, prefixed(said.notes()));
        }
        String text = Characters.atMost(limits.textCharacters(), whole);
        return new FoundText(text, whole.length() - text.length(), prefixed(said.notes()));
    }

    private Shaped<String> first(JsonNode answer) throws SourceFailedException {
        if (!(answer instanceof ArrayNode rows)) {
            return reading.of(answer);
        }
        if (rows.isEmpty()) {
            return new Shaped<>("", List.of());
        }
        Shaped<String> said = reading.of(rows.get(0));
        if (rows.size() == 1) {
            return said;
        }
        List<String> notes = new ArrayList<>(said.notes());
        notes.add("%d of %d rows left out (the first one counts)".formatted(rows.size() - 1, rows.size()));
        return new Shaped<>(said.value(), notes);
    }

    private static List<String> prefixed(List<String> notes) {
        return notes.stream().map(note -> "dynamic_info: " + note).toList();
    }

    @Override
    public Enrichment addTo(Enrichment enrichment, FoundText found, Provenance from) {
        ObjectNode inline = enrichment.dynamicInfo();
        Shaped<String> text = merge(inline == null ? "" : inline.path("text").asText(), found);
        return enrichment.withDynamicInfo(
                text.value().isEmpty() ? inline : withText(inline, text.value()), from.noting(text.notes()));
    }

    /** What else the event says stays beside the text. */
    private static ObjectNode withText(@Nullable ObjectNode inline, String text) {
        ObjectNode all = inline == null ? Json.MAPPER.createObjectNode() : inline.deepCopy();
        return all.put("text", text);
    }

    /**
     * The event's own text as it is, and in a new line as much of the found one as the limit of the whole text allows.
     *
     * @param inline empty if the event says none
     */
    Shaped<String> merge(String inline, FoundText found) {
        String before = inline.isEmpty() ? "" : inline + "\n";
        String added = Characters.atMost(Math.max(0, limits.textCharacters() - before.length()), found.text());
        int total = found.text().length() + found.leftOut();
        List<String> notes = new ArrayList<>(found.notes());
        if (added.length() < total) {
            notes.add("dynamic_info: %d of %d characters left out (at most %d in all)"
                    .formatted(total - added.length(), total, limits.textCharacters()));
        }
        return new Shaped<>(added.isEmpty() ? inline : before + added, notes);
    }
}
