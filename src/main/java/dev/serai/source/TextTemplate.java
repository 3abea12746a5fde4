package dev.serai.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.serai.wire.Characters;
import dev.serai.wire.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text with placeholders, which an operator writes: <code>{{field}}</code>, <code>{{nested.field}}</code>, or with a
 * default <code>{{field|none}}</code>.
 *
 * <p>A line with a placeholder that has no value, and no default, is left out as a whole. Absent, null, blank and an
 * empty array are no values. Numbers and booleans are written as in JSON, the texts, numbers and booleans of an array
 * with commas between them; an object, or an array with one or with another array in it, cannot be written, is no value
 * and is noted. Values are data: braces in them mean nothing.
 *
 * <p>Names have letters, digits, _ and - in them; a dot leads into an object. Blanks around a name and around a default
 * do not count, and a default, which may be empty, has no braces. A placeholder stands in one line. All else is text,
 * closing braces that nothing opened as well; there is no way to write two opening ones. Immutable and thread-safe.
 */
public final class TextTemplate {
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_-]+(?:\\.[\\p{L}\\p{N}_-]+)*");
    private static final int LONGEST_QUOTE = 40;

    private final List<Line> lines;

    /** @param number from 1 */
    private record Line(int number, List<Part> parts) {}

    private sealed interface Part {}

    private record Literal(String text) implements Part {}

    /** @param fallback null if there is no default */
    private record Placeholder(String name, @Nullable String fallback) implements Part {}

    private TextTemplate(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * The template that the text describes.
     *
     * @param text lines end with a line feed, a carriage return or both
     * @throws InvalidTemplateException with all mistakes there are
     */
    public static TextTemplate parse(String text) throws InvalidTemplateException {
        List<Line> lines = new ArrayList<>();
        List<InvalidTemplateException.Mistake> mistakes = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int number = lines.size() + 1;
            lines.add(new Line(number, parts(line, number, mistakes)));
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidTemplateException(mistakes);
        }
        return new TextTemplate(lines);
    }

    private static List<Part> parts(String line, int number, List<InvalidTemplateException.Mistake> mistakes) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int open = line.indexOf(OPEN); open >= 0; open = line.indexOf(OPEN, from)) {
            parts.add(new Literal(line.substring(from, open)));
            from = open + OPEN.length();
            int close = line.indexOf(CLOSE, from);
            int nextOpen = line.indexOf(OPEN, from);
            String problem;
            if (close < 0 || (nextOpen >= 0 && nextOpen < close)) {
                problem = "{{ is not closed with }} in its line";
            } else {
                Placeholder placeholder = placeholder(line.substring(from, close));
                parts.add(placeholder);
                problem = problem(placeholder);
                from = close + CLOSE.length();
            }
            if (problem != null) {
                mistakes.add(new InvalidTemplateException.Mistake(number, line.codePointCount(0, open) + 1, problem));
            }
        }
        parts.add(new Literal(line.substring(from)));
        return List.copyOf(parts);
    }

    private static Placeholder placeholder(String content) {
        int bar = content.indexOf('|');
        return bar < 0
                ? new Placeholder(content.strip(), null)
                : new Placeholder(
                        content.substring(0, bar).strip(),
                        content.substring(bar + 1).strip());
    }

    private static @Nullable String problem(Placeholder placeholder) {
        String name = placeholder.name();
        String fallback = placeholder.fallback();
        if (name.isEmpty()) {
            return "the name of a field is missing";
        }
        if (!NAME.matcher(name).matches()) {
            return "\"%s\" is not the name of a field: letters, digits, _ and -, and dots between names"
                    .formatted(Characters.atMost(LONGEST_QUOTE, name));
        }
        if (fallback != null && (fallback.indexOf('{') >= 0 || fallback.indexOf('}') >= 0)) {
            return "the default of \"%s\" has a brace in it".formatted(Characters.atMost(LONGEST_QUOTE, name));
        }
        return null;
    }

    /** The names of the placeholders that have no default: without their values their lines are left out. */
    Set<String> needed() {
        return lines.stream()
                .flatMap(line -> line.parts().stream())
                .flatMap(part -> part instanceof Placeholder placeholder && placeholder.fallback() == null
                        ? Stream.of(placeholder.name())
                        : Stream.empty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The template's text with the object's values in it; of a value that is no object, with the defaults only. Lines end
     * with a line feed, the last one with nothing.
     *
     * @return with a note for each placeholder whose value could not be written
     */
    public Shaped<String> render(JsonNode object) {
        Set<String> notes = new LinkedHashSet<>();
        StringJoiner text = new StringJoiner("\n");
        for (Line line : lines) {
            String rendered = rendered(line, object, notes);
            if (rendered != null) {
                text.add(rendered);
            }
        }
        return new Shaped<>(text.toString(), List.copyOf(notes));
    }

    private static @Nullable String rendered(Line line, JsonNode object, Set<String> notes) {
        StringBuilder text = new StringBuilder();
        for (Part part : line.parts()) {
            switch (part) {
                case Literal literal -> text.append(literal.text());
                case Placeholder placeholder -> {
                    JsonNode value = value(object, placeholder.name());
                    String written = written(value);
                    if (written == null) {
                        notes.add("{{%s}} in line %d of the template is %s"
                                .formatted(
                                        placeholder.name(),
                                        line.number(),
                                        value.isArray() ? "an array of more than texts" : "not a text"));
                    }
                    if (written == null || written.isBlank()) {
                        written = placeholder.fallback();
                    }
                    if (written == null) {
                        return null;
                    }
                    text.append(written);
                }
            }
        }
        return text.toString();
    }

    private static JsonNode value(JsonNode object, String name) {
        JsonNode value = object;
        for (String field : name.split("\\.", -1)) {
            value = value.path(field);
        }
        return value;
    }

    /** The value as text, empty if there is none; null if it cannot be written. */
    private static @Nullable String written(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return value instanceof ArrayNode array ? joined(array) : Texts.isScalar(value) ? Json.text(value) : null;
    }

    private static @Nullable String joined(ArrayNode array) {
        StringJoiner texts = new StringJoiner(", ");
        for (JsonNode element : array) {
            if (Texts.isScalar(element)) {
                String text = Json.text(element);
                if (!text.isBlank()) {
                    texts.add(text);
                }
            } else if (!element.isNull()) {
                return null;
            }
        }
        return texts.toString();
    }
}
