package dev.serai.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.wire.Json;
import dev.serai.wire.SceneElement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class SceneShapeTest {
    private static final EnrichmentLimits WIDE = new EnrichmentLimits(100, 100, 1_000, 10_000, 10_000);
    private static final SceneElement DESK = new SceneElement("desk", "oak");
    private static final SceneElement LAMP = new SceneElement("lamp", "lit");
    private static final SceneElement DOOR = new SceneElement("door", "open");

    private static JsonNode json(String singleQuoted) throws Exception {
        return Json.MAPPER.readTree(singleQuoted.replace('\'', '"'));
    }

    private static SceneShape shape(EnrichmentLimits limits) {
        return new SceneShape(limits, SceneFields.DEFAULT);
    }

    private static FoundScene read(String singleQuoted) throws Exception {
        return shape(WIDE).read(json(singleQuoted));
    }

    private static FoundScene found(SceneElement... elements) {
        return new FoundScene(List.of(elements), 0, List.of());
    }

    private static String rows(int number) {
        return IntStream.rangeClosed(1, number)
                .mapToObj(i -> "{'name':'n%d','description':'d'}".formatted(i))
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Test
    void array_isAScene() throws Exception {
        assertThat(read("[{'name':'desk','description':'oak','id':7},{'name':'lamp','description':'lit'}]"))
                .isEqualTo(found(DESK, LAMP));
        assertThat(read("[]")).isEqualTo(found());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[{'title':'desk','about.it':'oak'}]", "{'rows':[{'title':'desk','about.it':'oak'}],'count':1}"})
    void fields_areConfigured(String answer) throws Exception {
        SceneShape shape = new SceneShape(WIDE, new SceneFields("rows", "title", "about.it"));

        assertThat(shape.read(json(answer))).isEqualTo(found(DESK));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "'desk'",
                "7",
                "{'rows':[]}",
                "[7]",
                "[null]",
                "[[]]",
                "[{}]",
                "[{'name':'lamp'}]",
                "[{'description':'lit'}]",
                "[{'name':{},'description':'lit'}]",
                "[{'name':'lamp','description':['lit']}]",
                "[{'name':'lamp'},{'name':'desk'}]",
                "[{'name':'lamp','description':'\\ud800'}]",
                "[{'name':'lamp\\udc00','description':'lit'}]"
            })
    void wrongShape_isAFailureOfTheSource(String answer) {
        assertThatThrownBy(() -> read(answer)).isInstanceOf(SourceFailedException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'rows':[]}                                               | the scene is no array, and no object with an array in field "items"
            [{'name':'a','description':''},{'name':'b','description':[]}] | scene element 2 has no text in field "description"
            [{'name':'a'},{'name':'b'}]                               | no scene element has the field "description"
            [{'name':'PRIVATE\\ud800','description':''}]               | scene element 1 has half a character (an unpaired surrogate)
            """)
    void failure_saysWhatIsWrong(String answer, String message) {
        assertThatThrownBy(
                        () -> new SceneShape(WIDE, new SceneFields("items", "name", "description")).read(json(answer)))
                .hasMessage(message);
    }

    @Test
    void scalars_areTexts() throws Exception {
        assertThat(
                        read("[{'name':12,'description':true},{'name':'b','description':1.50},{'name':'c','description':null}]")
                                .elements())
                .containsExactly(
                        new SceneElement("12", "true"), new SceneElement("b", "1.50"), new SceneElement("c", ""));
    }

    @Test
    void controlCharacters_areTakenOut() throws Exception {
        assertThat(
                        read("[{'name':' de\\u0000sk\\r\\nof\\toak\\u0085\\u007f ','description':'a\\r\\n\\tb\\u001b[0m\\u0000'}]")
                                .elements())
                .containsExactly(new SceneElement("desk of oak", "a\n\tb[0m"));
    }

    @Test
    void elementsWithoutAName_areLeftOut() throws Exception {
        assertThat(read("[{'name':' \\n','description':'x'},{'name':null,'description':'x'},"
                        + "{'name':'\\u0000','description':'x'},{'name':'desk','description':'oak'}]"))
                .isEqualTo(new FoundScene(List.of(DESK), 0, List.of("scene: 3 of 4 elements left out (no name)")));
    }

    /** As services have it that write no nulls. A field that no element has is rather one of another name. */
    @Test
    void fieldThatOnlySomeElementsHave_isEmptyInTheOthers() throws Exception {
        assertThat(read("[{'name':'desk','description':'oak'},{'name':'lamp'},{'description':'a smell of tar'},{}]"))
                .isEqualTo(new FoundScene(
                        List.of(DESK, new SceneElement("lamp", "")),
                        0,
                        List.of("scene: 2 of 4 elements left out (no name)")));
    }

    @Test
    void elementsOfOneName_countOnce() throws Exception {
        assertThat(read("[{'name':'desk','description':'oak'},{'name':'desk ','description':'pine'}]"))
                .isEqualTo(found(DESK));
    }

    @Test
    void longTexts_areCut_andNoCharacterInHalf() throws Exception {
        FoundScene scene = shape(new EnrichmentLimits(9, 4, 5, 100, 100))
                .read(json("[{'name':'abc\\ud83d\\ude00','description':'1234\\ud83d\\ude00'},"
                        + "{'name':'abd f','description':'12345'},{'name':'long name','description':'short'}]"));

        assertThat(scene)
                .isEqualTo(new FoundScene(
                        List.of(
                                new SceneElement("abc", "1234"),
                                new SceneElement("abd", "12345"),
                                new SceneElement("long", "short")),
                        0,
                        List.of(
                                "scene: 3 of 3 names cut (at most 4 characters)",
                                "scene: 1 of 3 descriptions cut (at most 5 characters)")));
    }

    @Test
    void elementsBeyondTheLimit_areCountedOnly() throws Exception {
        EnrichmentLimits limits = new EnrichmentLimits(20, 100, 100, 10_000, 100);

        FoundScene scene = shape(limits).read(json(rows(23)));

        assertThat(scene.elements()).hasSize(20);
        assertThat(scene.leftOut()).isEqualTo(3);
        assertThat(shape(limits).merge(List.of(), scene).notes())
                .containsExactly("scene: 3 of 23 elements left out (at most 20)");
        assertThat(shape(limits).merge(List.of(DESK, LAMP), scene))
                .satisfies(merged -> assertThat(merged.value()).hasSize(20).startsWith(DESK, LAMP))
                .satisfies(merged ->
                        assertThat(merged.notes()).containsExactly("scene: 5 of 25 elements left out (at most 20)"));
    }

    @Test
    void foundElements_comeAfterTheInlineOnes_butForTheirNames() {
        SceneElement spaced = new SceneElement(" desk\n", "mine");
        FoundScene scene = new FoundScene(List.of(DESK, LAMP), 0, List.of("a note"));

        assertThat(shape(WIDE).merge(List.of(spaced, spaced, DOOR), scene))
                .isEqualTo(new Shaped<>(List.of(spaced, spaced, DOOR, LAMP), List.of("a note")));
    }

    @Test
    void inlineElements_areNeverCut() {
        EnrichmentLimits least = new EnrichmentLimits(1, 1, 1, 1, 1);

        assertThat(shape(least).merge(List.of(DESK, LAMP), found(DOOR)))
                .isEqualTo(new Shaped<>(List.of(DESK, LAMP), List.of("scene: 1 of 3 elements left out (at most 1)")));
        assertThat(shape(least).merge(List.of(DESK, LAMP), found()))
                .isEqualTo(new Shaped<>(List.of(DESK, LAMP), List.of()));
    }

    @Test
    void wholeScene_isBounded() {
        EnrichmentLimits limits = new EnrichmentLimits(9, 100, 100, 15, 100);
        SceneElement small = new SceneElement("x", "");

        assertThat(shape(limits).merge(List.of(DESK), found(DOOR, small)))
                .isEqualTo(new Shaped<>(
                        List.of(DESK, DOOR),
                        List.of("scene: 1 of 3 elements left out (at most 15 characters together)")));
        assertThat(shape(limits).merge(List.of(DESK), found(new SceneElement("house", "blue"), small)))
                .isEqualTo(new Shaped<>(
                        List.of(DESK), List.of("scene: 2 of 3 elements left out (at most 15 characters together)")));
    }

    @Test
    void limits_areAtLeastOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EnrichmentLimits(0, 1, 1, 1, 1))
                .withMessage("the limit of scene elements must be at least 1, was 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new EnrichmentLimits(1, 0, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EnrichmentLimits(1, 1, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EnrichmentLimits(1, 1, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new EnrichmentLimits(1, 1, 1, 1, 0));
    }
}
