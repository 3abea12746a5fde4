package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.SceneElement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Whatever a source says, and whatever an operator writes. */
class ShapingPropertyTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A piece of a template; {@code name} is null in plain text. */
    record Piece(
            String text, @Nullable String name, @Nullable String fallback) {
        String source() {
            return name == null ? text : "{{" + name + (fallback == null ? "" : "|" + fallback) + "}}";
        }
    }

    @Property(tries = 1_000)
    void template_of_any_text_is_refused_or_renders(
            @ForAll("templateTexts") String text, @ForAll("values") JsonNode value) {
        try {
            TextTemplate.parse(text).render(value);
        } catch (InvalidTemplateException e) {
            assertThat(e.mistakes()).isNotEmpty();
        }
    }

    /** A value takes at least as much room in JSON as in a text, but for the blanks between an array's elements. */
    @Property(tries = 1_000)
    void rendering_of_any_value_adds_the_values_at_most(
            @ForAll("templates") List<List<Piece>> lines, @ForAll("values") JsonNode value) throws Exception {
        int most = lines.stream()
                .flatMap(List::stream)
                .mapToInt(piece -> piece.name() == null
                        ? piece.text().length()
                        : Math.max(
                                room(at(value, piece.name())),
                                piece.fallback() == null ? 0 : piece.fallback().length()))
                .sum();

        String text = TextTemplate.parse(source(lines)).render(value).value();

        assertThat(text.length()).isLessThanOrEqualTo(most + Math.max(0, lines.size() - 1));
    }

    @Property(tries = 1_000)
    void rendering_of_texts_is_their_insertion(
            @ForAll("templates") List<List<Piece>> lines, @ForAll("texts") Map<String, String> texts) throws Exception {
        ObjectNode object = NODES.objectNode();
        texts.forEach(object::put);
        List<String> expected = new ArrayList<>();
        for (List<Piece> line : lines) {
            boolean complete = line.stream()
                    .allMatch(piece -> piece.name() == null || piece.fallback() != null || has(texts, piece.name()));
            if (complete) {
                expected.add(line.stream()
                        .map(piece -> piece.name() == null
                                ? piece.text()
                                : has(texts, piece.name()) ? texts.get(piece.name()) : String.valueOf(piece.fallback()))
                        .collect(Collectors.joining()));
            }
        }

        assertThat(TextTemplate.parse(source(lines)).render(object))
                .isEqualTo(new Shaped<>(String.join("\n", expected), List.of()));
    }

    @Property(tries = 500)
    void text_that_is_not_refused_is_clean_and_within_limits(
            @ForAll("wildTexts") String inline, @ForAll("wildTexts") String found) {
        EnrichmentLimits limits = new EnrichmentLimits(1, 1, 1, 1, 20);
        TextShape shape = TextShape.ofField(limits, "text");
        FoundText read;
        try {
            read = shape.read(NODES.objectNode().put("text", found));
        } catch (SourceFailedException e) {
            assertThat(isWellFormed(found)).isFalse();
            return;
        }
        assertClean(read.text(), 20);

        String merged = shape.merge(inline, read).value();

        assertThat(merged).startsWith(inline);
        assertThat(merged.length()).isLessThanOrEqualTo(Math.max(inline.length(), 20));
        Assume.that(isWellFormed(inline));
        assertThat(isWellFormed(merged)).isTrue();
    }

    @Property(tries = 500)
    void scene_that_is_not_refused_is_clean_and_within_limits(
            @ForAll("elements") List<SceneElement> inline, @ForAll("elements") List<SceneElement> found) {
        EnrichmentLimits limits = new EnrichmentLimits(4, 3, 6, 25, 1);
        SceneShape shape = new SceneShape(limits, SceneFields.DEFAULT);
        ArrayNode answer = NODES.arrayNode();
        found.forEach(
                element -> answer.addObject().put("name", element.name()).put("description", element.description()));
        FoundScene read;
        try {
            read = shape.read(answer);
        } catch (SourceFailedException e) {
            assertThat(isWellFormed(answer.toString())).isFalse();
            return;
        }
        assertThat(read.elements()).hasSizeLessThanOrEqualTo(4).allSatisfy(element -> {
            assertThat(element.name()).isNotBlank().doesNotContain("\n", "\t");
            assertClean(element.name(), 3);
            assertClean(element.description(), 6);
        });
        assertThat(read.elements().stream().map(SceneElement::name)).doesNotHaveDuplicates();

        Shaped<List<SceneElement>> merged = shape.merge(inline, read);

        List<SceneElement> added =
                merged.value().subList(inline.size(), merged.value().size());
        assertThat(merged.value().subList(0, inline.size())).isEqualTo(inline);
        assertThat(read.elements().stream().filter(added::contains)).containsExactlyElementsOf(added);
        if (!added.isEmpty()) {
            assertThat(merged.value()).hasSizeLessThanOrEqualTo(4);
            assertThat(merged.value().stream()
                            .mapToInt(element -> element.name().length()
                                    + element.description().length())
                            .sum())
                    .isLessThanOrEqualTo(25);
        }
    }

    @Property(tries = 500)
    void answer_of_any_shape_is_refused_or_read(@ForAll("values") JsonNode answer) {
        EnrichmentLimits limits = new EnrichmentLimits(4, 3, 6, 25, 9);
        try {
            new SceneShape(limits, new SceneFields("a", "b", "c")).read(answer);
        } catch (SourceFailedException e) {
            assertThat(e)
                    .hasMessageMatching(
                            "(?s)(the scene is no array|no scene element has the field|scene element \\d+ has ).*")
                    .hasNoCause();
        }
        try {
            TextShape.ofField(limits, "a").read(answer);
        } catch (SourceFailedException e) {
            assertThat(e).hasMessageStartingWith("the dynamic information has ").hasNoCause();
        }
    }

    private static int room(JsonNode value) {
        return value.toString().length() + value.size();
    }

    private static boolean has(Map<String, String> texts, String name) {
        return !texts.getOrDefault(name, "").isBlank();
    }

    private static JsonNode at(JsonNode value, String name) {
        return value.at("/" + name.replace('.', '/'));
    }

    private static String source(List<List<Piece>> lines) {
        return lines.stream()
                .map(line -> line.stream().map(Piece::source).collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }

    private static boolean isWellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(text);
    }

    private static void assertClean(String text, int characters) {
        assertThat(text).hasSizeLessThanOrEqualTo(characters);
        assertThat(isWellFormed(text)).isTrue();
        assertThat(text.chars().filter(c -> c != '\n' && c != '\t' && Character.isISOControl(c)))
                .isEmpty();
    }

    @Provide
    Arbitrary<String> templateTexts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("{}|. ab\n").ofMaxLength(40),
                Arbitraries.strings().all().ofMaxLength(40));
    }

    /** Each line begins with a text: {@link String#lines} knows no empty last one. */
    @Provide
    Arbitrary<List<List<Piece>>> templates() {
        Arbitrary<Piece> literals = Arbitraries.strings()
                .withChars("xyz |}.$\\-")
                .ofMinLength(1)
                .ofMaxLength(8)
                .map(text -> new Piece(text, null, null));
        Arbitrary<Piece> placeholders = Combinators.combine(
                        Arbitraries.of("a", "b", "c", "a.b", "b.a.c"),
                        Arbitraries.of("none", "no one", "").injectNull(0.5))
                .as((name, fallback) -> new Piece("", name, fallback));
        return Combinators.combine(
                        literals,
                        Arbitraries.oneOf(literals, placeholders).list().ofMaxSize(4))
                .as((first, others) -> {
                    List<Piece> line = new ArrayList<>(List.of(first));
                    line.addAll(others);
                    return line;
                })
                .list()
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Map<String, String>> texts() {
        return Arbitraries.maps(Arbitraries.of("a", "b", "c"), wildTexts());
    }

    @Provide
    Arbitrary<JsonNode> values() {
        Arbitrary<JsonNode> scalars = Arbitraries.oneOf(
                wildTexts().map(NODES::textNode),
                Arbitraries.longs().map(NODES::numberNode),
                Arbitraries.bigDecimals().map(NODES::numberNode),
                Arbitraries.doubles().map(NODES::numberNode),
                Arbitraries.of(true, false).map(NODES::booleanNode),
                Arbitraries.just(NODES.nullNode()));
        return Arbitraries.recursive(
                () -> scalars,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(4).map(elements -> NODES.arrayNode()
                                .addAll(elements)),
                        Arbitraries.maps(Arbitraries.of("a", "b", "c"), inner)
                                .map(fields -> NODES.objectNode().setAll(fields))),
                0,
                4);
    }

    @Provide
    Arbitrary<List<SceneElement>> elements() {
        return Combinators.combine(wildTexts(), wildTexts())
                .as(SceneElement::new)
                .list()
                .ofMaxSize(6);
    }

    /** With control characters, braces and halves of characters. */
    @Provide
    Arbitrary<String> wildTexts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withChars("ab \n\t\r\u0000\u0085{}x").ofMaxLength(12),
                Arbitraries.of(
                        "{{a}}", "{{b|c}}", "\ud83d\ude00", "\ud83d\ude00\ud83d\ude00", "abc\ud83d\ude00", "\ud800"),
                Arbitraries.strings().all().ofMaxLength(30));
    }
}
