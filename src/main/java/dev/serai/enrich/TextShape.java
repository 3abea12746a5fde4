package dev.serai.enrich;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes dynamic texts of what a source says: of a field that has the text, or with a template. First {@link #read}, once
 * for an answer, then {@link #merge}, for each event; as with {@link SceneShape}. Immutable and thread-safe.
 */
public final class TextShape {
    private final EnrichmentLimits limits;
    private final Reading reading;

    private interface Reading {
        Shaped<String> of(JsonNode answer) throws SourceFailedException;
    }

    private TextShape(EnrichmentLimits limits, Reading reading) {
        this.limits = limits;
        this.reading = reading;
    }

    /** The text is in a field of the answer, which is an object. A number or a boolean is taken for its text. */
    public static TextShape ofField(EnrichmentLimits limits, String field) {
        return new TextShape(
                limits, answer -> new Shaped<>(Texts.field(answer, field, "the dynamic information"), List.of()));
    }

    /** The text is made of the answer's fields. */
    public static TextShape ofTemplate(EnrichmentLimits limits, TextTemplate template) {
        return new TextShape(limits, template::render);
    }

    /**
     * The text of a source's answer.
     *
     * @throws SourceFailedException if the answer has no such text, or half a character in it
     */
    public FoundText read(JsonNode answer) throws SourceFailedException {
        Shaped<String> said = reading.of(answer);
        Texts.requireEncodable(said.value(), "the dynamic information");
        String whole = Texts.withoutControls(said.value());
        if (whole.isBlank()) {
            return new FoundText("", 0, prefixed(said.notes()));
        }
        String text = Texts.cut(whole, limits.textCharacters());
        return new FoundText(text, whole.length() - text.length(), prefixed(said.notes()));
    }

    private static List<String> prefixed(List<String> notes) {
        return notes.stream().map(note -> "dynamic_info: " + note).toList();
    }

    /**
     * The event's own text as it is, and in a new line as much of the found one as the limit of the whole text allows.
     *
     * @param inline empty if the event says none
     */
    public Shaped<String> merge(String inline, FoundText found) {
        String before = inline.isEmpty() ? "" : inline + "\n";
        String added = Texts.cut(found.text(), Math.max(0, limits.textCharacters() - before.length()));
        int total = found.text().length() + found.leftOut();
        List<String> notes = new ArrayList<>(found.notes());
        if (added.length() < total) {
            notes.add("dynamic_info: %d of %d characters left out (at most %d in all)"
                    .formatted(total - added.length(), total, limits.textCharacters()));
        }
        return new Shaped<>(added.isEmpty() ? inline : before + added, notes);
    }
}
